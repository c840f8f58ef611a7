"""`vtr hold`: an order is kept for an open appeal, and who asked for it stays known."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from support.command_line import CommandLine
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr_cli import hold

ORDER = "111-0000001"
UNTIL = (datetime.now(UTC) + timedelta(days=900)).date()


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> MemoryPorts:
    world = World()
    world.now = datetime.now(UTC)
    ship_date = world.now.date()
    world.confirm(ship_date=ship_date)

    @contextmanager
    def ports_of(_: str | None) -> Iterator[MemoryPorts]:
        yield world.ports

    monkeypatch.setattr(hold, "ports_of", ports_of)
    return world.ports


def kept_until(ports: MemoryPorts) -> date | None:
    order = ports.orders.get("acme", ORDER)
    assert order is not None
    return order.kept_until


def test_a_hold_is_placed_listed_and_removed(ports: MemoryPorts, vtr: CommandLine) -> None:
    before = kept_until(ports)
    ran = vtr("hold", "add", "acme", ORDER, "--until", str(UNTIL), "--reason", "appeal 7")
    assert (ran.exit_code, kept_until(ports)) == (0, UNTIL)
    assert f"{ORDER} of acme is kept until {UNTIL}" in ran.err
    (listed,) = json.loads(vtr("hold", "list", "acme", "--json").out)
    assert (listed["order"], listed["until"], listed["reason"]) == (ORDER, str(UNTIL), "appeal 7")
    assert vtr("hold", "remove", "acme", ORDER).exit_code == 0
    assert kept_until(ports) == before
    assert json.loads(vtr("hold", "list", "acme", "--json").out) == []


def test_all_that_was_done_is_listed_with_who_did_it(ports: MemoryPorts, vtr: CommandLine) -> None:
    assert not ports.holds.changes("acme")
    vtr("hold", "add", "acme", ORDER, "--until", str(UNTIL))
    vtr("hold", "remove", "acme", ORDER, "--reason", "settled")
    changes = json.loads(vtr("hold", "changes", "acme", "--json").out)
    assert [change["event"] for change in changes] == ["placed", "removed"]
    assert all(change["by"] for change in changes)
    assert "settled" in vtr("hold", "changes", "acme").out
    assert ORDER in vtr("hold", "changes", "acme").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nobody", ORDER, "--until", str(UNTIL)), "There is no account nobody."),
        (("add", "acme", "114-9", "--until", str(UNTIL)), "There is no order 114-9."),
        (("add", "acme", ORDER, "--until", "2026-01-01"), "must be later than today."),
    ],
)
def test_what_cannot_be_held_is_said(
    ports: MemoryPorts, vtr: CommandLine, words: tuple[str, ...], said: str
) -> None:
    ran = vtr("hold", *words)
    assert ran.exit_code != 0
    assert said in " ".join(ran.err.split())
    assert not ports.holds.changes("acme")
