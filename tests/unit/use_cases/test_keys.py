"""Accounts are opened, keys made and recognised, webhooks accepted."""

from datetime import timedelta

import pytest

from support.builders import PLACED
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.domain.accounts import Scope
from vtr.domain.errors import (
    AccountUnknownError,
    ScopeMissingError,
    UnauthenticatedError,
    UnauthenticWebhookError,
)
from vtr.use_cases.accept_delivery import accept_delivery
from vtr.use_cases.keys import account_of, caller_of, create_key, open_account


def bearer(token: str) -> str:
    return f"Bearer {token}"


def test_a_new_key_speaks_for_its_account_within_its_scopes() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ, Scope.SUBMIT], PLACED)
    caller = caller_of(world.ports, bearer(token), Scope.READ, PLACED)
    assert caller.account == world.account
    assert caller.key.scopes == {Scope.READ, Scope.SUBMIT}
    with pytest.raises(ScopeMissingError):
        caller_of(world.ports, bearer(token), Scope.OPERATE, PLACED)


def test_a_key_expires() -> None:
    world = World()
    ends = PLACED + timedelta(days=1)
    token = create_key(world.ports, world.account, [Scope.READ], PLACED, expires_at=ends)
    assert caller_of(world.ports, bearer(token), Scope.READ, PLACED).account == world.account
    with pytest.raises(UnauthenticatedError):
        caller_of(world.ports, bearer(token), Scope.READ, ends)


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
        caller_of(World().ports, authorization, Scope.READ, PLACED)


def test_a_key_of_an_account_that_is_closed_opens_nothing() -> None:
    world = World()
    token = create_key(world.ports, world.account, [Scope.READ], PLACED)
    elsewhere = MemoryPorts(keys=world.ports.keys)
    with pytest.raises(UnauthenticatedError, match="account is closed"):
        caller_of(elsewhere, bearer(token), Scope.READ, PLACED)


def test_opening_an_account_again_changes_neither_its_policy_nor_its_secret() -> None:
    world = World()
    assert open_account(world.ports, "acme", "another-policy") == world.account


def test_an_account_that_a_message_names_and_nobody_opened_is_an_error() -> None:
    assert account_of(World().ports, "acme").id == "acme"
    with pytest.raises(AccountUnknownError):
        account_of(World().ports, "nobody")


def test_an_authentic_body_is_kept_whatever_it_says() -> None:
    ports = MemoryPorts()
    accept_delivery(ports, "standard", lambda _: None, b"\xff not json", PLACED)
    accept_delivery(ports, "standard", lambda _: None, b"\xff not json", PLACED)
    first, second = ports.deliveries.sent
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
