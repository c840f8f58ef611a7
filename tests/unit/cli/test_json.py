"""`--json`: what the operator's commands print for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.command_line import CommandLine
from vtr.adapters.memory import MemoryPorts
from vtr.use_cases.manage_keys import open_account
from vtr_cli import keys, limits, sources, waivers
from vtr_local.home import Home
from vtr_local.record import StackRecord

URL = "http://127.0.0.1:4566/api"


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> MemoryPorts:
    found = MemoryPorts()
    open_account(found, "acme", "amazon-us")

    @contextmanager
    def ports_of(_: str | None) -> Iterator[MemoryPorts]:
        yield found

    for module in (keys, limits, sources, waivers):
        monkeypatch.setattr(module, "ports_of", ports_of)
    return found


@pytest.fixture
def told(ports: MemoryPorts, vtr: CommandLine) -> Any:
    StackRecord(port=4566, api_url=URL).save(Home(vtr.home))

    def ask(*arguments: str) -> Any:
        ran = vtr(*arguments, "--json")
        assert (ran.exit_code, ran.err) == (0, "")
        return json.loads(ran.out)

    assert ports.accounts.get("acme")
    return ask


def test_limits_say_what_is_used(told: Any) -> None:
    assert told("limits", "acme", "--requests", "7") == {
        "account": "acme",
        "requests": 7,
        "lines": 30_000,
        "reports": 20,
        "categories": 100,
        "categories_used": 0,
    }


@pytest.mark.usefixtures("ports")
def test_one_of_something_is_not_in_the_plural(vtr: CommandLine) -> None:
    ran = vtr("limits", "acme", "--requests", "1", "--reports", "1", "--categories", "1")
    assert ran.out == (
        "acme may send 1 request and 30000 lines a minute, and ask for 1 report. "
        "It has 0 of 1 category.\n"
    )


def test_waivers_name_their_days_and_carriers(told: Any, vtr: CommandLine) -> None:
    days = ("--from", "2026-10-01", "--to", "2026-10-02")
    vtr("waivers", "add", "storm", *days, "--carrier", "UPS")
    storm = {"name": "storm", "from": "2026-10-01", "to": "2026-10-02", "carriers": ["ups"]}
    assert told("waivers", "list") == [storm]


def test_a_key_is_told_with_its_id_and_scopes(told: Any) -> None:
    made = told("keys", "create", "newcomer", "--scope", "read")
    assert made["id"] in made.pop("key")
    del made["id"]
    assert made == {"account": "newcomer", "new": True, "scopes": ["read"]}
    assert told("keys", "create", "newcomer")["new"] is False


def test_a_source_is_told_with_its_url_and_the_secret_that_was_made(told: Any) -> None:
    added = told("sources", "add", "standard", "--account", "acme")
    assert added["url"].startswith(f"{URL}/v1/webhooks/standard/")
    assert added["secret"].startswith("whsec_")
    assert (added["source"], added["account"], added["keys"]) == ("standard", "acme", 1)
    assert told("sources", "add", "easypost", "--secret", "given-to-us")["secret"] is None


def test_a_stack_that_is_not_up_is_no_failure_to_tell(vtr: CommandLine) -> None:
    ran = vtr("status", "--json")
    assert ran.exit_code == 1
    assert json.loads(ran.out) == {"up": False, "process": None, "state": str(vtr.home)}
