"""`vtr scans decode`: what a body says, a scan a line; and why one cannot be read."""

import json
from pathlib import Path

import pytest

from support.command_line import CommandLine

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
FIELDS = [
    *("carrier", "tracking_number", "codes", "milestone", "physical", "physical_by"),
    *("occurred_at", "time_trust", "place", "event_key"),
]


def test_each_scan_is_a_line(vtr: CommandLine) -> None:
    ran = vtr("scans", "decode", "--source", "standard", FIXTURES / "standard" / "two_scans.json")
    assert (ran.exit_code, ran.err) == (0, "")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [list(line) for line in lines] == [FIELDS, FIELDS]
    assert all(line["occurred_at"].endswith("Z") for line in lines)


def test_a_test_scan_is_shown_as_one(vtr: CommandLine) -> None:
    ran = vtr("scans", "decode", FIXTURES / "ups" / "test_number.json", "--source", "ups")
    assert json.loads(ran.out)["test"] is True


def test_a_body_without_a_scan_prints_nothing(vtr: CommandLine) -> None:
    ran = vtr("scans", "decode", "--source", "easypost", FIXTURES / "easypost" / "batch.json")
    assert (ran.exit_code, ran.out, ran.err) == (0, "", "")


def test_an_event_that_is_no_scan_is_named_beside_the_others(vtr: CommandLine) -> None:
    file = FIXTURES / "standard" / "one_bad_among_good.json"
    ran = vtr("scans", "decode", "--source", "standard", file)
    assert ran.exit_code == 0
    assert ran.out.count("\n") == 1
    assert ran.err.startswith("Left out: ")


def test_what_is_skipped_and_what_is_in_doubt_is_named_with_its_reason(vtr: CommandLine) -> None:
    bare = b'{"carrier": "UPS", "tracking_number": "1Z999AA10123456784"}'
    ran = vtr("scans", "decode", "--source", "standard", "-", stdin=bare)
    assert ran.err == "Left out: type: what was sent is not read here. Send 'scan.recorded'.\n"
    scan = bare[:-1] + b', "occurred_at": "2026-11-28T21:00:00Z", "physical": "maybe"}'
    body = b'{"type": "scan.recorded", "data": %s}' % scan
    ran = vtr("scans", "decode", "--source", "standard", "-", stdin=body)
    assert ran.out.count("\n") == 1
    assert ran.err.startswith("In doubt: scan 1: physical: 'maybe' proves nothing. Send ")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"[" * 100_000])
def test_a_body_that_cannot_be_read_ends_with_the_reason(vtr: CommandLine, body: bytes) -> None:
    ran = vtr("scans", "decode", "--source", "ups", "-", stdin=body)
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.startswith("- cannot be read as a body of ups: ")


def test_a_source_nobody_knows_is_named_with_those_that_there_are(vtr: CommandLine) -> None:
    ran = vtr("scans", "decode", "--source", "pigeon", "-", stdin="{}")
    assert ran.exit_code == 2
    assert "17track" in ran.err


def test_a_file_that_is_not_there_is_a_sentence(vtr: CommandLine, tmp_path: Path) -> None:
    ran = vtr("scans", "decode", "--source", "ups", tmp_path / "gone")
    assert (ran.exit_code, ran.err.count("\n")) == (2, 1)


def test_a_replay_of_days_the_wrong_way_round_is_refused(vtr: CommandLine) -> None:
    ran = vtr("scans", "replay", "--from", "2026-11-02", "--to", "2026-11-01")
    assert (ran.exit_code, ran.err) == (2, "--to 2026-11-01 is before --from 2026-11-02.\n")
