"""`vtr erase` asks before it erases, says what went and what stays, and lists its receipts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.builders import UPS_NUMBER
from support.command_line import CommandLine
from support.memory_world import World
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.erasures import WRITERS_END, Subject
from vtr_cli import erase
from vtr_local.keys import LOCAL_OPERATOR

ORDER = "111-0000001"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop with one order and one body about it; nobody waits for other writers."""
    found = World()
    found.confirm()
    body = AcceptedDelivery(
        source="ups", body=UPS_NUMBER.encode(), delivery_id="d1", received_at=datetime.now(UTC)
    )
    found.ports.archive.write([body])

    @contextmanager
    def ports_of(_: str | None) -> Iterator[Any]:
        yield found.ports

    monkeypatch.setattr(erase, "ports_of", ports_of)
    monkeypatch.setattr(erase, "wait_for_writers", lambda: None)
    return found


def is_there(world: World) -> bool:
    return world.ports.orders.get("acme", ORDER) is not None


def test_an_order_is_erased_once_the_operator_agrees(world: World, vtr: CommandLine) -> None:
    ran = vtr("erase", "order", "acme", ORDER, stdin="n\n")
    assert (ran.exit_code != 0, is_there(world)) == (True, True)
    assert "orders 1, packages 1, archived 1" in ran.err
    assert "Nothing was erased" in ran.err
    ran = vtr("erase", "order", "acme", ORDER, stdin="y\n")
    assert (ran.exit_code, is_there(world)) == (0, False)
    assert "backups of the tables" in ran.out
    assert world.ports.archive.batches == {}


def test_a_script_agrees_with_an_option(world: World, vtr: CommandLine) -> None:
    assert vtr("erase", "order", "acme", ORDER, stdin="").exit_code != 0
    ran = vtr("erase", "order", "acme", ORDER, "--yes", "--json")
    assert ran.exit_code == 0
    receipt = json.loads(ran.out)
    assert receipt["erased"]["orders"] == 1
    assert receipt["by"] == LOCAL_OPERATOR
    assert {"what": "backups of the tables", "until": receipt["stays"][0]["until"]} in receipt[
        "stays"
    ]
    assert not is_there(world)


@pytest.mark.parametrize(
    "what", [("order", "acme", ORDER), ("account", "acme"), ("number", UPS_NUMBER)]
)
def test_a_dry_run_counts_and_erases_nothing(
    world: World, vtr: CommandLine, what: tuple[str, ...]
) -> None:
    ran = vtr("erase", *what, "--dry-run")
    assert (ran.exit_code, ran.out) == (0, "")
    assert "Nothing was erased" in ran.err
    found = json.loads(vtr("erase", *what, "--dry-run", "--json").out)
    assert sum(found.values()) > 0
    assert is_there(world)
    assert len(world.ports.archive.batches) == 1
    assert all(not world.ports.erasures.of(subject) for subject in Subject)


def test_an_account_is_erased(world: World, vtr: CommandLine) -> None:
    ran = vtr("erase", "account", "acme", "--yes")
    assert ran.exit_code == 0
    assert world.ports.accounts.get("acme") is None
    assert "who made and revoked which key" in ran.out


def test_bodies_about_a_number_are_erased(world: World, vtr: CommandLine) -> None:
    ran = vtr("erase", "number", "1z 999 aa1 0123456784", "--yes")
    assert ran.exit_code == 0
    assert world.ports.archive.batches == {}
    assert is_there(world)


def test_only_the_days_that_are_named_are_looked_through(world: World, vtr: CommandLine) -> None:
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    ran = vtr("erase", "number", UPS_NUMBER, "--to", yesterday, "--yes")
    assert ran.exit_code == 0
    assert len(world.ports.archive.batches) == 1


def test_days_the_wrong_way_round_are_refused(world: World, vtr: CommandLine) -> None:
    ran = vtr("erase", "number", UPS_NUMBER, "--from", "2026-11-02", "--to", "2026-11-01")
    assert ran.exit_code != 0
    assert "--to 2026-11-01 is before --from 2026-11-02" in ran.err
    assert len(world.ports.archive.batches) == 1


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (("order", "acme", "999-1"), "There is no order 999-1"),
        (("order", "nobody", ORDER), "There is no account nobody"),
        (("account", "nobody"), "There is no account nobody"),
        (("account", "no#body"), "must be 1 to 64"),
        (("number", " - "), "is not one tracking number"),
        (("number", ""), "is not one tracking number"),
    ],
)
def test_what_is_not_there_cannot_be_erased(
    world: World, vtr: CommandLine, what: tuple[str, ...], says: str
) -> None:
    ran = vtr("erase", *what, "--yes")
    assert ran.exit_code != 0
    assert says in ran.err
    assert is_there(world)


def test_receipts_are_listed_oldest_first(world: World, vtr: CommandLine) -> None:
    vtr("erase", "number", UPS_NUMBER, "--yes")
    vtr("erase", "order", "acme", ORDER, "--yes")
    receipts = json.loads(vtr("erase", "receipts", "--json").out)
    assert [(each["subject"], each["account"]) for each in receipts] == [
        ("number", None),
        ("order", "acme"),
    ]
    ran = vtr("erase", "receipts")
    assert LOCAL_OPERATOR in ran.out
    assert ORDER not in ran.out
    assert len(world.ports.erasures.of(Subject.ORDER)) == 1


def test_an_erasure_that_was_cut_off_shows_as_unfinished_and_is_taken_up_again(
    world: World, vtr: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(erase, "wait_for_writers", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            vtr("erase", "order", "acme", ORDER, "--yes")
    (receipt,) = json.loads(vtr("erase", "receipts", "--json").out)
    assert receipt["ended_at"] is None
    assert "unfinished" in vtr("erase", "receipts").out
    assert vtr("erase", "order", "acme", ORDER, "--yes").exit_code == 0
    (receipt,) = json.loads(vtr("erase", "receipts", "--json").out)
    assert receipt["ended_at"]
    assert not is_there(world)


def test_the_command_waits_until_no_other_writer_can_be_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [datetime(2026, 11, 30, tzinfo=UTC)]
    began = now[0]

    def sleep(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(erase, "_now", lambda: now[0])
    monkeypatch.setattr("vtr_cli.erase.time.sleep", sleep)
    erase.wait_for_writers()
    assert now[0] - began == WRITERS_END
