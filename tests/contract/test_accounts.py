"""Accounts, keys and waivers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract.builders import DAY, NOW
from contract.worlds import AwsWorld, World
from support.capacity import metered
from vtr.adapters import ttl_cache
from vtr.adapters.dynamodb.tables import AccountItem, TransientItem
from vtr.domain.accounts import Account, ApiKey, KeyChange, KeyEvent, Scope
from vtr.domain.errors import TooManyCategoriesError
from vtr.domain.limits import ALLOTMENTS, MINUTE, Limits, Metered, allotment_of, minute_of
from vtr.domain.policies import Waiver
from vtr.ports import Ports
from vtr.use_cases.manage_keys import open_account

ACME = Account(id="acme", policy="amazon-us", cursor_secret=b"\x00\xff secret", shards=4)
KEY = ApiKey(
    id="9f86d081",
    secret_hash="e3b0c442",
    account="acme",
    scopes=frozenset({Scope.READ, Scope.SUBMIT}),
    created_at=NOW,
    expires_at=NOW + timedelta(days=90),
)
CREATED = KeyChange(
    at=NOW, account="acme", key_id="9f86d081", event=KeyEvent.CREATED, by="alice", note="é"
)
STORM = Waiver(name="storm-2026", first_day=DAY, last_day=DAY, carriers=frozenset({"ups", "fedex"}))
SECOND = timedelta(seconds=1)
STRIKE = Waiver(name="strike", first_day=DAY, last_day=DAY + timedelta(days=3))


def same_as(account: Account, **changes: object) -> Account:
    fields = {name: getattr(account, name) for name in Account.__slots__}
    return Account(**{**fields, **changes})


def test_an_account_nobody_opened_is_none(ports: Ports) -> None:
    assert ports.accounts.get("acme") is None


def test_an_account_comes_back_whole_as_soon_as_it_is_opened(ports: Ports) -> None:
    assert ports.accounts.get("acme") is None
    assert ports.accounts.add(ACME)
    assert ports.accounts.get("acme") == ACME


def test_an_account_that_was_opened_elsewhere_a_moment_ago_is_read_for_certain(
    aws_world: AwsWorld,
) -> None:
    consistent: list[object] = []
    client: Any = AccountItem._get_connection().connection.client  # noqa: SLF001 - PynamoDB has no other way to it
    client.meta.events.register(
        "before-parameter-build.dynamodb.GetItem",
        lambda **call: consistent.append(call["params"].get("ConsistentRead")),
    )
    opened = open_account(aws_world.ports, "acme", "amazon-us")
    assert consistent == [True]
    assert aws_world.ports.accounts.get("acme", consistent=True) == opened


def test_an_account_that_exists_is_not_changed(ports: Ports) -> None:
    ports.accounts.add(ACME)
    assert not ports.accounts.add(same_as(ACME, cursor_secret=b"another", shards=1))
    assert ports.accounts.get("acme") == ACME


def test_an_account_that_exists_is_not_added_again(ports: Ports) -> None:
    ports.accounts.add(ACME)
    assert not ports.accounts.add(ACME)


def test_an_account_grows_and_never_shrinks(ports: Ports) -> None:
    ports.accounts.add(ACME)
    ports.accounts.grow("acme", 8)
    assert ports.accounts.get("acme") == same_as(ACME, shards=8)
    ports.accounts.grow("acme", 2)
    assert ports.accounts.get("acme") == same_as(ACME, shards=8)


def test_an_accounts_categories_are_added_one_by_one_up_to_its_limit(world: World) -> None:
    world.ports.accounts.add(same_as(ACME, limits=Limits(categories=2)))
    assert world.ports.accounts.get("acme") is not None
    world.another_environment().accounts.add_category("acme", "books")
    for category in ("toys", "books", "toys"):
        world.ports.accounts.add_category("acme", category)
    with pytest.raises(TooManyCategoriesError, match=r"'Title of a book' is none of them\."):
        world.ports.accounts.add_category("acme", "Title of a book")
    found = world.ports.accounts.get("acme")
    assert found is not None
    assert found.categories == {"books", "toys"}


def test_every_account_is_listed_once(ports: Ports) -> None:
    opened = [same_as(ACME, id=f"account-{number}") for number in range(40)]
    for account in opened:
        ports.accounts.add(account)
    ports.keys.save(KEY, CREATED)
    ports.waivers.add("amazon-us", STORM)
    listed = sorted(ports.accounts.all(), key=lambda account: account.id)
    assert listed == sorted(opened, key=lambda account: account.id)


def test_a_key_nobody_made_is_none(ports: Ports) -> None:
    assert ports.keys.get("9f86d081") is None


@pytest.mark.parametrize("expires_at", [None, NOW])
def test_a_key_comes_back_whole_as_soon_as_it_is_made(ports: Ports, expires_at: object) -> None:
    assert ports.keys.get("9f86d081") is None
    fields = {name: getattr(KEY, name) for name in ApiKey.__slots__}
    made = ApiKey(**{**fields, "expires_at": expires_at})
    ports.keys.save(made, CREATED)
    assert ports.keys.get("9f86d081") == made


def test_an_accounts_limits_are_set_for_all_to_see_and_nothing_else_of_it(world: World) -> None:
    world.ports.accounts.add(ACME)
    assert world.ports.accounts.get("acme") == ACME
    world.another_environment().accounts.grow("acme", ACME.shards + 1)
    limits = Limits(requests=1, lines=500)
    world.ports.accounts.set_limits("acme", limits)
    changed = replace(ACME, limits=limits, shards=ACME.shards + 1)
    assert world.ports.accounts.get("acme") == changed
    assert world.another_environment().accounts.get("acme") == changed


def test_a_key_that_ended_has_ended_in_every_environment(world: World) -> None:
    ports = world.ports
    ports.keys.save(KEY, CREATED)
    assert ports.keys.get(KEY.id) == KEY
    revoked = KEY.revoked(NOW)
    ports.keys.save(revoked, replace(CREATED, at=NOW + SECOND, event=KeyEvent.REVOKED))
    assert ports.keys.get(KEY.id) == revoked
    assert world.another_environment().keys.get(KEY.id) == revoked


def test_a_key_that_was_read_before_it_ended_is_taken_for_half_a_minute_and_no_longer(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: clock[0])
    elsewhere = aws_world.another_environment()
    aws_world.ports.keys.save(KEY, CREATED)
    assert elsewhere.keys.get(KEY.id) == KEY
    revoked = KEY.revoked(NOW)
    aws_world.ports.keys.save(revoked, CREATED)
    clock[0] += 30
    assert elsewhere.keys.get(KEY.id) == revoked


def test_what_was_done_to_keys_is_listed_by_account_in_order_of_time(ports: Ports) -> None:
    revoked = replace(CREATED, at=NOW + timedelta(days=400), event=KeyEvent.REVOKED)
    other = replace(CREATED, key_id="aa", at=NOW + SECOND)
    elsewhere = replace(CREATED, account="other")
    for change in (revoked, elsewhere, other, CREATED):
        ports.keys.save(KEY, change)
    assert list(ports.keys.changes("acme")) == [CREATED, other, revoked]
    assert list(ports.keys.changes("other")) == [elsewhere]
    assert list(ports.keys.changes("nobody")) == []


def test_the_last_day_of_use_is_the_one_that_was_noted_last(ports: Ports) -> None:
    assert ports.keys.last_used(["a", "b"]) == {}
    ports.keys.note_use("a", DAY)
    ports.keys.note_use("a", DAY + timedelta(days=1))
    ports.keys.note_use("c", DAY)
    assert ports.keys.last_used(["a", "b"]) == {"a": DAY + timedelta(days=1)}


def test_a_days_use_is_written_once_whatever_number_of_environments_sees_it(
    aws_world: AwsWorld,
) -> None:
    environments = [aws_world.another_environment() for _ in range(5)]
    with metered() as meter:
        for ports in environments:
            for _ in range(20):
                ports.keys.note_use("a", DAY)
    assert meter.writes == 1
    assert meter.reads == 5 * 0.5


def test_the_day_of_a_use_is_known_for_more_than_a_year(aws_world: AwsWorld) -> None:
    aws_world.ports.keys.note_use("a", DAY)
    (noted,) = TransientItem.scan()
    kept = datetime.fromtimestamp(noted.expiration, UTC).date() - DAY
    assert timedelta(days=366) < kept <= timedelta(days=400)


def test_a_counter_is_kept_for_its_minute_and_forgotten_soon_after(aws_world: AwsWorld) -> None:
    """DynamoDB may take days to forget it, which only costs its storage."""
    account = replace(ACME, limits=Limits(lines=500))
    assert aws_world.ports.allowances.spend(account, Metered.LINES, 100, NOW)
    (counter,) = TransientItem.scan()
    end = (minute_of(NOW) + 1) * MINUTE
    assert end <= counter.expiration <= end + 3600


def test_a_limit_can_be_spent_to_the_last(ports: Ports) -> None:
    account = replace(ACME, limits=Limits(lines=500))
    free = allotment_of(500)
    assert ports.allowances.spend(account, Metered.LINES, free + 200, NOW)
    assert not ports.allowances.spend(account, Metered.LINES, 301, NOW)
    assert ports.allowances.spend(account, Metered.LINES, 300, NOW)


def test_a_use_that_cannot_be_noted_stops_nobody(aws_world: AwsWorld) -> None:
    keys = aws_world.ports.keys
    aws_world.aws.drop_tables()
    keys.note_use("a", DAY)


def test_the_minutes_allowance_is_spent_and_comes_back(ports: Ports) -> None:
    account = replace(ACME, limits=Limits(requests=10))
    spent = [ports.allowances.spend(account, Metered.REQUESTS, 1, NOW) for _ in range(30)]
    assert spent == [True] * sum(spent) + [False] * (30 - sum(spent))
    assert 10 <= sum(spent) <= 10 + allotment_of(10)
    later = NOW + timedelta(minutes=1)
    assert ports.allowances.spend(account, Metered.REQUESTS, 1, later)


def test_one_accounts_allowance_is_none_of_anothers_nor_one_kind_of_the_others(
    ports: Ports,
) -> None:
    account = replace(ACME, limits=Limits(requests=1, lines=500))
    while ports.allowances.spend(account, Metered.REQUESTS, 1, NOW):
        pass
    assert ports.allowances.spend(account, Metered.LINES, 400, NOW)
    assert ports.allowances.spend(replace(account, id="other"), Metered.REQUESTS, 1, NOW)


def test_more_than_is_ever_allowed_is_never_spent(ports: Ports) -> None:
    account = replace(ACME, limits=Limits(lines=500))
    assert not ports.allowances.spend(account, Metered.LINES, 600, NOW)
    assert ports.allowances.spend(account, Metered.LINES, 10, NOW)


def test_what_does_not_fit_leaves_what_is_left_for_what_does(ports: Ports) -> None:
    account = replace(ACME, limits=Limits(lines=500))
    assert ports.allowances.spend(account, Metered.LINES, 25, NOW)
    assert not ports.allowances.spend(account, Metered.LINES, 500, NOW)
    assert ports.allowances.spend(account, Metered.LINES, 100, NOW)
    assert ports.allowances.spend(account, Metered.LINES, 300, NOW)
    assert not ports.allowances.spend(account, Metered.LINES, 300, NOW)


def test_what_did_not_fit_is_not_asked_for_again(world: World) -> None:
    account = replace(ACME, limits=Limits(lines=500))
    assert world.ports.allowances.spend(account, Metered.LINES, 25, NOW)
    with world.counting_writes() as writes:
        for _ in range(50):
            assert not world.ports.allowances.spend(account, Metered.LINES, 500, NOW)
    assert writes() <= 1


def test_all_environments_together_keep_to_the_limit_and_write_little(world: World) -> None:
    environments = [world.another_environment() for _ in range(6)]
    account = replace(ACME, limits=Limits(requests=1_000))
    spent = 0
    with world.counting_writes() as writes:
        for n in range(3_000):
            ports = environments[n * n % 6]
            spent += ports.allowances.spend(account, Metered.REQUESTS, 1, NOW)
    share = allotment_of(1_000)
    assert 1_000 - 6 * share <= spent <= 1_000 + 6 * share
    assert writes() <= ALLOTMENTS + 6


def test_quiet_accounts_write_nothing(world: World) -> None:
    with world.counting_writes() as writes:
        for n in range(200):
            account = replace(ACME, id=f"account-{n}")
            assert world.ports.allowances.spend(account, Metered.REQUESTS, 1, NOW)
    assert writes() == 0


def test_a_policy_without_waivers_has_none(ports: Ports) -> None:
    assert ports.waivers.of("amazon-us") == ()


def test_waivers_come_back_by_name_and_by_policy(ports: Ports) -> None:
    ports.waivers.add("amazon-us", STRIKE)
    ports.waivers.add("amazon-us", STORM)
    assert ports.waivers.of("amazon-us") == (STORM, STRIKE)
    assert ports.waivers.of("amazon-de") == ()


def test_a_waiver_of_the_same_name_replaces_the_one_before(ports: Ports) -> None:
    ports.waivers.add("amazon-us", STORM)
    longer = Waiver(name="storm-2026", first_day=DAY, last_day=DAY + timedelta(days=1))
    ports.waivers.add("amazon-us", longer)
    assert ports.waivers.of("amazon-us") == (longer,)


def test_a_waiver_that_is_removed_is_gone_and_no_other_is(ports: Ports) -> None:
    ports.waivers.add("amazon-us", STRIKE)
    ports.waivers.add("amazon-us", STORM)
    ports.waivers.remove("amazon-de", STORM.name)
    ports.waivers.remove("amazon-us", STORM.name)
    ports.waivers.remove("amazon-us", STORM.name)
    assert ports.waivers.of("amazon-us") == (STRIKE,)


def test_a_new_waiver_is_known_after_a_refresh(ports: Ports) -> None:
    assert ports.waivers.of("amazon-us") == ()
    ports.waivers.add("amazon-us", STORM)
    ports.waivers.refresh()
    assert ports.waivers.of("amazon-us") == (STORM,)
