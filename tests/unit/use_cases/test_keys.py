"""Accounts are opened, keys made and recognised, webhooks accepted."""

from datetime import timedelta

import pytest

from support.builders import PLACED
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.domain.accounts import KeyEvent, Scope, require_scope
from vtr.domain.errors import (
    AccountNotFoundError,
    InvalidRequestError,
    KeyEndedError,
    KeyNotFoundError,
    ScopeMissingError,
    UnauthenticatedError,
    UnauthenticWebhookError,
)
from vtr.use_cases.accept_delivery import accept_delivery
from vtr.use_cases.authenticate import account_of, caller_of
from vtr.use_cases.manage_keys import create_key, list_keys, open_account, revoke_key, rotate_key

SECOND = timedelta(seconds=1)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def key_id_of(token: str) -> str:
    return token.split("_")[1]


def test_a_new_key_speaks_for_its_account_within_its_scopes() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ, Scope.SUBMIT], PLACED)
    caller = caller_of(world.ports, bearer(token), PLACED)
    assert caller.account == world.account
    assert caller.key.scopes == {Scope.READ, Scope.SUBMIT}
    require_scope(caller.key, Scope.SUBMIT)
    with pytest.raises(ScopeMissingError):
        require_scope(caller.key, Scope.OPERATE)


def test_a_key_expires() -> None:
    world = World()
    ends = PLACED + timedelta(days=1)
    token = create_key(world.ports, world.account, [Scope.READ], PLACED, expires_at=ends)
    assert caller_of(world.ports, bearer(token), PLACED).account == world.account
    with pytest.raises(UnauthenticatedError):
        caller_of(world.ports, bearer(token), ends)


def test_no_two_keys_are_alike_and_none_is_kept_in_the_clear() -> None:
    world = World()
    one, other = (create_key(world.ports, world.account, [Scope.READ], PLACED) for _ in range(2))
    assert one != other
    key_id, secret = one.split("_", 2)[1:]
    kept = world.ports.keys.get(key_id)
    assert kept is not None
    assert secret not in repr(kept)


@pytest.mark.parametrize("authorization", [None, "Bearer vtr_0000_nothing", "Basic abc"])
def test_who_has_no_key_is_nobody(authorization: str | None) -> None:
    with pytest.raises(UnauthenticatedError):
        caller_of(World().ports, authorization, PLACED)


def test_a_rotated_key_goes_on_until_the_overlap_is_over_and_its_successor_lasts_as_long() -> None:
    world = World()
    lasts, overlap = timedelta(days=90), timedelta(hours=24)
    old = create_key(world.ports, world.account, [Scope.READ], PLACED, PLACED + lasts)
    rotated_at = PLACED + timedelta(days=80)
    new = rotate_key(world.ports, key_id_of(old), rotated_at, overlap)
    ends = rotated_at + overlap
    assert caller_of(world.ports, bearer(old), ends - SECOND).account == world.account
    with pytest.raises(UnauthenticatedError, match="expired"):
        caller_of(world.ports, bearer(old), ends)
    successor = caller_of(world.ports, bearer(new), ends).key
    assert successor.scopes == {Scope.READ}
    assert successor.expires_at == rotated_at + lasts


def test_an_overlap_never_lets_a_key_live_longer_than_it_would_have() -> None:
    world = World()
    ends = PLACED + timedelta(hours=1)
    old = create_key(world.ports, world.account, [Scope.READ], PLACED, ends)
    rotate_key(world.ports, key_id_of(old), PLACED, timedelta(days=7))
    with pytest.raises(UnauthenticatedError):
        caller_of(world.ports, bearer(old), ends)


def test_a_key_without_an_end_is_replaced_by_one_without_an_end() -> None:
    world = World()
    old = create_key(world.ports, world.account, [Scope.READ], PLACED)
    new = rotate_key(world.ports, key_id_of(old), PLACED, timedelta(0))
    later = PLACED + timedelta(days=4000)
    assert caller_of(world.ports, bearer(new), later).account == world.account
    with pytest.raises(UnauthenticatedError):
        caller_of(world.ports, bearer(old), PLACED)


def test_a_revoked_key_ends_at_once_and_cannot_be_rotated_back_to_life() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ], PLACED)
    revoke_key(world.ports, key_id_of(token), PLACED)
    with pytest.raises(UnauthenticatedError, match="revoked"):
        caller_of(world.ports, bearer(token), PLACED)
    with pytest.raises(KeyEndedError):
        rotate_key(world.ports, key_id_of(token), PLACED, timedelta(days=1))
    with pytest.raises(KeyEndedError):
        revoke_key(world.ports, key_id_of(token), PLACED)


def test_a_key_that_is_none_can_be_neither_rotated_nor_revoked() -> None:
    ports = World().ports
    with pytest.raises(KeyNotFoundError):
        revoke_key(ports, "0123", PLACED)
    with pytest.raises(KeyNotFoundError):
        rotate_key(ports, "0123", PLACED, timedelta(0))


def test_keys_are_listed_by_account_with_the_last_day_of_their_use() -> None:
    world = World()
    used = create_key(world.ports, world.account, [Scope.READ], PLACED)
    create_key(world.ports, world.account, [Scope.READ], PLACED + SECOND)
    create_key(world.ports, world.another_account("other").account, [Scope.READ], PLACED)
    caller_of(world.ports, bearer(used), PLACED + timedelta(days=3))
    listed = list_keys(world.ports, "acme")
    assert next(key.id for key, _ in listed) == key_id_of(used)
    assert [day for _, day in listed] == [(PLACED + timedelta(days=3)).date(), None]


def test_a_key_that_is_refused_is_not_noted_as_used() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ], PLACED, PLACED + SECOND)
    for wrong in (bearer(token), bearer(f"vtr_{key_id_of(token)}_guessed")):
        with pytest.raises(UnauthenticatedError):
            caller_of(world.ports, wrong, PLACED + SECOND)
    assert [day for _, day in list_keys(world.ports, "acme")] == [None]


def test_what_was_done_to_keys_is_kept_with_who_did_it() -> None:
    world = World()
    old = create_key(world.ports, world.account, [Scope.READ], PLACED, by="alice")
    new = rotate_key(world.ports, key_id_of(old), PLACED + SECOND, timedelta(hours=1), by="bob")
    revoke_key(world.ports, key_id_of(new), PLACED + 2 * SECOND, by="carol")
    until = f"until {PLACED + SECOND + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    done = {(c.event, c.key_id, c.by, c.at, c.note) for c in world.ports.keys.changes("acme")}
    assert done == {
        (KeyEvent.CREATED, key_id_of(old), "alice", PLACED, ""),
        (KeyEvent.CREATED, key_id_of(new), "bob", PLACED + SECOND, f"for {key_id_of(old)}"),
        (KeyEvent.REPLACED, key_id_of(old), "bob", PLACED + SECOND, until),
        (KeyEvent.REVOKED, key_id_of(new), "carol", PLACED + 2 * SECOND, ""),
    }


def test_a_key_of_an_account_that_is_closed_opens_nothing() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ], PLACED)
    elsewhere = MemoryPorts(keys=world.ports.keys)
    with pytest.raises(UnauthenticatedError, match="account is closed"):
        caller_of(elsewhere, bearer(token), PLACED)


def test_opening_an_account_again_changes_neither_its_policy_nor_its_secret() -> None:
    world = World()
    assert open_account(world.ports, "acme", "another-policy") == world.account


@pytest.mark.parametrize("account", ["", "acme#114", "a/b", "açme", "a" * 65])
def test_an_account_has_a_name_that_reaches_into_no_other(account: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        open_account(World().ports, account, "amazon-us")
    assert [problem.field for problem in refused.value.problems] == ["account"]


def test_an_account_that_a_message_names_and_nobody_opened_is_an_error() -> None:
    assert account_of(World().ports, "acme").id == "acme"
    with pytest.raises(AccountNotFoundError):
        account_of(World().ports, "nobody")


def test_an_authentic_body_is_kept_whatever_it_says() -> None:
    ports = MemoryPorts()
    accept_delivery(ports, "standard", lambda _: None, b"\xff not json", PLACED)
    accept_delivery(ports, "standard", lambda _: None, b"\xff not json", PLACED)
    first, second = (sent.delivery for sent in ports.deliveries.sent)
    assert (first.source, first.body, first.received_at) == ("standard", b"\xff not json", PLACED)
    assert first.delivery_id == second.delivery_id


def test_a_body_that_is_not_authentic_is_never_kept() -> None:
    ports = MemoryPorts()

    def objects(_: object) -> None:
        raise UnauthenticWebhookError("no")

    with pytest.raises(UnauthenticWebhookError):
        accept_delivery(ports, "standard", objects, b"{}", PLACED)
    assert ports.deliveries.sent == []


def test_a_body_is_verified_by_the_sources_own_live_secrets() -> None:
    ports = MemoryPorts()
    ports.source_secrets.secrets["standard"] = ("new", "old")
    asked: list[str] = []
    accept_delivery(ports, "standard", asked.extend, b"{}", PLACED)
    assert asked == ["new", "old"]
