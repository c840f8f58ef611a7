"""Accounts, keys and waivers."""

from datetime import timedelta

import pytest

from contract.builders import DAY, NOW
from vtr.domain.accounts import Account, ApiKey, Scope
from vtr.domain.policies import Waiver
from vtr.use_cases.ports import Ports

ACME = Account(id="acme", policy="amazon-us", cursor_secret=b"\x00\xff secret", shards=4)
KEY = ApiKey(
    id="9f86d081",
    secret_hash="e3b0c442",
    account="acme",
    scopes=frozenset({Scope.READ, Scope.SUBMIT}),
    created_at=NOW,
    expires_at=NOW + timedelta(days=90),
)
STORM = Waiver(name="storm-2026", first_day=DAY, last_day=DAY, carriers=frozenset({"ups", "fedex"}))
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


def test_an_account_that_exists_is_not_changed(ports: Ports) -> None:
    ports.accounts.add(ACME)
    assert not ports.accounts.add(same_as(ACME, cursor_secret=b"another", shards=1))
    assert ports.accounts.get("acme") == ACME


def test_an_account_that_exists_is_not_added_again(ports: Ports) -> None:
    ports.accounts.add(ACME)
    assert not ports.accounts.add(ACME)


def test_every_account_is_listed_once(ports: Ports) -> None:
    opened = [same_as(ACME, id=f"account-{number}") for number in range(40)]
    for account in opened:
        ports.accounts.add(account)
    ports.keys.add(KEY)
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
    ports.keys.add(made)
    assert ports.keys.get("9f86d081") == made


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


def test_a_new_waiver_is_known_after_a_refresh(ports: Ports) -> None:
    assert ports.waivers.of("amazon-us") == ()
    ports.waivers.add("amazon-us", STORM)
    ports.waivers.refresh()
    assert ports.waivers.of("amazon-us") == (STORM,)
