"""`vtr waivers`: a slip of the year is asked about, and a waiver can be taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.command_line import CommandLine
from vtr.adapters.memory import MemoryPorts
from vtr.use_cases.manage_keys import open_account
from vtr_cli import waivers

LONG = ("--from", "2026-11-01", "--to", "2027-11-03")


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> MemoryPorts:
    found = MemoryPorts()
    open_account(found, "acme", "amazon-us")

    @contextmanager
    def ports_of(_: str | None) -> Iterator[MemoryPorts]:
        yield found

    monkeypatch.setattr(waivers, "ports_of", ports_of)
    return found


def names(ports: MemoryPorts) -> list[str]:
    return [waiver.name for waiver in ports.waivers.of("amazon-us")]


def test_a_month_is_waived_without_a_question(ports: MemoryPorts, vtr: CommandLine) -> None:
    ran = vtr("waivers", "add", "storm", "--from", "2026-10-01", "--to", "2026-10-31")
    assert (ran.exit_code, names(ports)) == (0, ["storm"])
    assert "31 buckets are recounted" in ran.err


def test_a_longer_time_is_waived_once_the_operator_agrees(
    ports: MemoryPorts, vtr: CommandLine
) -> None:
    ran = vtr("waivers", "add", "storm", *LONG, stdin="n\n")
    assert (ran.exit_code != 0, names(ports)) == (True, [])
    assert "368 days and requests 368 recounts" in ran.err
    assert not ports.recounts.waiting
    assert vtr("waivers", "add", "storm", *LONG, stdin="y\n").exit_code == 0
    assert names(ports) == ["storm"]


def test_a_script_agrees_with_an_option(ports: MemoryPorts, vtr: CommandLine) -> None:
    assert vtr("waivers", "add", "storm", *LONG, stdin="").exit_code != 0
    assert vtr("waivers", "add", "storm", *LONG, "--yes").exit_code == 0
    assert names(ports) == ["storm"]


def test_a_long_waiver_that_is_cut_short_is_asked_about_too(
    ports: MemoryPorts, vtr: CommandLine
) -> None:
    vtr("waivers", "add", "storm", *LONG, "--yes")
    short = ("--from", "2026-11-01", "--to", "2026-11-03")
    assert "371 days and requests 368 recounts" in vtr("waivers", "add", "storm", *short).err
    assert vtr("waivers", "add", "storm", *short, "--yes").exit_code == 0
    assert [waiver.last_day.year for waiver in ports.waivers.of("amazon-us")] == [2026]


def test_a_removed_waiver_is_gone_and_its_days_are_recounted(
    ports: MemoryPorts, vtr: CommandLine
) -> None:
    vtr("waivers", "add", "storm", "--from", "2026-10-01", "--to", "2026-10-02")
    ran = vtr("waivers", "remove", "storm")
    assert (ran.exit_code, names(ports)) == (0, [])
    assert "2 buckets are recounted" in ran.err


def test_a_waiver_that_is_not_there_cannot_be_removed(ports: MemoryPorts, vtr: CommandLine) -> None:
    ran = vtr("waivers", "remove", "storm")
    assert ran.exit_code != 0
    assert "has no waiver storm" in ran.err
    assert not ports.recounts.waiting
