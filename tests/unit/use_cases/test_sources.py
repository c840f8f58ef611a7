"""Who may send: secrets of two kinds, two of each while one is rotated, and one owner a source."""

from base64 import b64decode

import pytest

from vtr.adapters.memory import MemoryPorts
from vtr.domain.errors import InvalidRequestError
from vtr.sources import SOURCES
from vtr.use_cases.manage_sources import (
    SETUPS,
    account_in_url,
    add_source,
    end_rotation,
    list_sources,
    remove_source,
    rotate_source,
)


@pytest.fixture
def ports() -> MemoryPorts:
    return MemoryPorts()


def test_every_source_that_calls_us_can_be_set_up() -> None:
    assert {*SETUPS, "amazon"} == set(SOURCES)


@pytest.mark.parametrize("source", ["standard", "ups", "fedex", "usps", "easypost"])
def test_a_source_that_lets_us_choose_is_given_a_key_and_the_plain_url(
    ports: MemoryPorts, source: str
) -> None:
    setup = add_source(ports, source)
    assert setup.path == f"/v1/webhooks/{source}"
    assert len(setup.keys) == 1
    assert ports.source_secrets.of(source) == tuple(setup.secrets)


def test_a_key_of_standard_webhooks_is_written_as_their_libraries_take_it(
    ports: MemoryPorts,
) -> None:
    """``whsec_`` and 24 to 64 random bytes (https://www.standardwebhooks.com)."""
    (key,) = add_source(ports, "standard").keys
    assert key.startswith("whsec_")
    assert len(b64decode(key.removeprefix("whsec_"), validate=True)) >= 24
    assert not add_source(ports, "ups").keys[0].startswith("whsec_")


@pytest.mark.parametrize("source", ["dhl", "shippo", "shipengine"])
def test_a_source_that_signs_nothing_of_ours_is_known_by_its_url(
    ports: MemoryPorts, source: str
) -> None:
    setup = add_source(ports, source)
    assert setup.keys == ()
    assert setup.path == f"/v1/webhooks/{source}/{setup.url_secrets[0]}"


def test_who_signs_after_all_needs_no_secret_in_the_url(ports: MemoryPorts) -> None:
    assert add_source(ports, "shippo", key="chosen").path == "/v1/webhooks/shippo"


def test_a_source_that_signs_too_little_has_both(ports: MemoryPorts) -> None:
    setup = add_source(ports, "trackingmore", key="theirs")
    assert (setup.keys, len(setup.url_secrets)) == (("theirs",), 1)


@pytest.mark.parametrize("source", ["aftership", "17track", "trackingmore", "ship24"])
def test_a_key_that_is_the_sources_to_give_has_to_be_named(ports: MemoryPorts, source: str) -> None:
    with pytest.raises(InvalidRequestError, match="is the source's to give"):
        add_source(ports, source)


def test_a_source_of_an_account_has_that_account_in_its_url(ports: MemoryPorts) -> None:
    setup = add_source(ports, "easypost", account="acme.eu")
    assert account_in_url(setup.url_secrets[0]) == "acme.eu"
    assert ports.source_secrets.of("easypost") == ()
    assert ports.source_secrets.of("easypost", "acme.eu") == tuple(setup.secrets)


def test_the_marketplaces_url_names_no_account(ports: MemoryPorts) -> None:
    assert account_in_url(add_source(ports, "dhl").url_secrets[0]) == ""


def test_while_a_secret_is_rotated_two_are_live_the_newest_first(ports: MemoryPorts) -> None:
    first = add_source(ports, "trackingmore", key="one")
    second = rotate_source(ports, "trackingmore", key="two")
    third = rotate_source(ports, "trackingmore", key="three")
    assert second.keys == ("two", "one")
    assert second.url_secrets[1] == first.url_secrets[0]
    assert third.keys == ("three", "two")
    assert third.url_secrets[1:] == second.url_secrets[:1]
    ended = end_rotation(ports, "trackingmore")
    assert (ended.keys, ended.url_secrets) == (("three",), third.url_secrets[:1])


def test_a_source_is_set_up_once(ports: MemoryPorts) -> None:
    add_source(ports, "ups")
    with pytest.raises(InvalidRequestError, match="is set up already"):
        add_source(ports, "ups")
    add_source(ports, "ups", account="acme")


def test_a_removed_source_has_no_secrets_and_may_be_added_again(ports: MemoryPorts) -> None:
    add_source(ports, "ups", account="acme")
    add_source(ports, "ups")
    remove_source(ports, "ups")
    assert [(each.source, each.account) for each in list_sources(ports)] == [("ups", "acme")]
    add_source(ports, "ups")
    with pytest.raises(InvalidRequestError, match="is not set up"):
        remove_source(ports, "fedex")


@pytest.mark.parametrize(
    ("source", "account", "key"),
    [
        ("amazon", "", ""),
        ("nobody", "", ""),
        ("ups", "a/b", ""),
        ("ups", "a" * 65, ""),
        ("ups", "", "url_mine"),
    ],
)
def test_what_cannot_be_set_up_is_refused(
    ports: MemoryPorts, source: str, account: str, key: str
) -> None:
    with pytest.raises(InvalidRequestError):
        add_source(ports, source, account, key)
    assert ports.source_secrets.secrets == {}
