"""`vtr sources test`: a request is tried with the stack's own secrets, and nothing changes."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.builders import UPS_NUMBER, after_order
from support.command_line import CommandLine
from support.events import scans_body, signed
from support.memory_world import World
from vtr_cli import source_trial

SECRET = f"whsec_{b64encode(b'a secret of 24 bytes....').decode()}"
AT = after_order(hours=40)
SCAN = {
    "carrier": "UPS",
    "tracking_number": UPS_NUMBER,
    "occurred_at": after_order(hours=30).isoformat(),
    "milestone": "accepted",
}
LATER = {**SCAN, "occurred_at": after_order(hours=31).isoformat(), "physical": "maybe"}
BODY = scans_body(SCAN, {**SCAN, "occurred_at": "yesterday"}, LATER)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = World()
    found.ports.source_secrets.secrets["standard"] = (SECRET,)

    @contextmanager
    def ports_of(_: str | None) -> Iterator[Any]:
        yield found.ports

    monkeypatch.setattr(source_trial, "ports_of", ports_of)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "body.json"
    written.write_bytes(BODY)
    return written


def proof(secret: str = SECRET) -> list[str]:
    headers = signed(secret, BODY, AT)
    return [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]


def at(hours: int = 0) -> tuple[str, str]:
    return "--at", f"{AT + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def test_a_request_is_tried_as_a_whole_and_nothing_is_changed(
    world: World, vtr: CommandLine, file: Path
) -> None:
    world.confirm()
    ran = vtr("sources", "test", "standard", file, *proof(), *at(), "--json")
    told = json.loads(ran.out)
    assert (ran.exit_code, told["authentic"], told["refusal"]) == (0, True, None)
    assert [scan["milestone"] for scan in told["scans"]] == ["accepted", "accepted"]
    assert (len(told["skipped"]), len(told["doubts"])) == (1, 1)
    assert [(each["before"], each["after"]) for each in told["changes"]] == [("NO_SCAN", "VALID")]
    assert not world.ports.deliveries.sent
    assert not world.ports.archive.quarantined


def test_it_is_told_in_sentences(world: World, vtr: CommandLine, file: Path) -> None:
    world.confirm()
    ran = vtr("sources", "test", "standard", file, *proof(), *at())
    assert "VALID" in ran.out
    first, read, *reasons, last = ran.err.splitlines()
    assert first == "Authentic: it would be answered 200."
    assert read == "Read: 2 scans."
    assert [reason.partition(":")[0] for reason in reasons] == ["Left out", "In doubt"]
    assert last == "1 package would be judged otherwise."


@pytest.mark.usefixtures("world")
def test_what_would_be_refused_says_why(vtr: CommandLine, file: Path) -> None:
    other = f"whsec_{b64encode(b'another one').decode()}"
    for arguments, reason in (
        ([*proof(other), *at()], "the signature does not match"),
        ([*proof(), *at(hours=1)], "the timestamp is too far from now"),
        (["--header", "X-Other: 1", *at()], "is missing"),
    ):
        ran = vtr("sources", "test", "standard", file, *arguments)
        assert ran.exit_code == 1
        assert ran.err.startswith("Refused: it would be answered 401. ")
        assert reason in ran.err
        assert "judged otherwise" not in ran.err


@pytest.mark.usefixtures("world")
def test_without_a_proof_the_body_alone_is_tried(vtr: CommandLine, file: Path) -> None:
    ran = vtr("sources", "test", "standard", file, "--json")
    assert (ran.exit_code, json.loads(ran.out)["authentic"]) == (0, None)
    assert vtr("sources", "test", "standard", file).err.startswith("Not checked: the signature.")


@pytest.mark.usefixtures("world")
def test_a_body_that_would_be_quarantined_says_why(vtr: CommandLine) -> None:
    ran = vtr("sources", "test", "ups", stdin=b"\xff")
    assert ran.exit_code == 1
    assert "Unreadable: it would be quarantined: " in ran.err


def test_the_secret_of_the_url_is_proof_too(world: World, vtr: CommandLine, tmp_path: Path) -> None:
    world.ports.source_secrets.secrets["dhl/acme"] = ("url_acme.x",)
    body = tmp_path / "dhl.json"
    body.write_text("{}")
    for secret, authentic in (("url_acme.x", True), ("url_acme.y", False)):
        ran = vtr("sources", "test", "dhl", body, "--url-secret", secret, "--json")
        assert json.loads(ran.out)["authentic"] is authentic


@pytest.mark.usefixtures("world")
def test_what_cannot_be_tried_is_a_sentence(vtr: CommandLine) -> None:
    for arguments in (["amazon"], ["nobody"], ["ups", "--header", "no header"]):
        ran = vtr("sources", "test", *arguments, stdin=b"{}")
        assert (ran.exit_code, ran.err.count("\n")) == (2, 1)
