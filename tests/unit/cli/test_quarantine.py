"""`vtr scans quarantine`: what could not be read is listed, shown, and sent again."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.builders import after_order
from support.command_line import CommandLine
from support.events import scans_body
from vtr.adapters.memory import MemoryPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr_cli import quarantine

READABLE = scans_body({"carrier": "ups", "tracking_number": "1Z"})
UNREADABLE = b"\xff\x00 no body"


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> MemoryPorts:
    found = MemoryPorts()
    for delivery_id, body in (("abc1", READABLE), ("abd2", UNREADABLE)):
        found.archive.quarantine(
            AcceptedDelivery(
                source="standard",
                body=body,
                delivery_id=delivery_id,
                received_at=after_order(hours=1),
            )
        )

    @contextmanager
    def ports_of(_: str | None) -> Iterator[MemoryPorts]:
        yield found

    monkeypatch.setattr(quarantine, "ports_of", ports_of)
    return found


def test_bodies_are_listed(ports: MemoryPorts, vtr: CommandLine) -> None:
    listed = json.loads(vtr("scans", "quarantine", "list", "--json").out)
    assert [each["id"] for each in listed] == ["abc1", "abd2"]
    assert list(listed[0]) == ["id", "source", "received_on", "quarantined_at"]
    assert vtr("scans", "quarantine", "list").out.splitlines()[1].split()[:2] == [
        "abc1",
        "standard",
    ]
    assert ports.archive.quarantined.keys() == {"abc1", "abd2"}


@pytest.mark.usefixtures("ports")
def test_a_body_is_shown_as_it_was_sent_with_the_reason(vtr: CommandLine) -> None:
    ran = vtr("scans", "quarantine", "show", "abc")
    assert (ran.out.encode(), ran.err) == (READABLE, "From standard: it can be read now.\n")
    assert vtr("scans", "quarantine", "show", "abd2").err.startswith("From standard: ")


def test_a_body_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    quarantine.print_body(b"{\x1b]0;gone\x07}\xff")
    printed = capsys.readouterr().out
    assert "gone" in printed
    assert "\x1b]" not in printed
    assert "\x07" not in printed


@pytest.mark.usefixtures("ports")
@pytest.mark.parametrize("begins", ["ab", "x", ""])
def test_an_id_has_to_name_one_body(vtr: CommandLine, begins: str) -> None:
    for command in ("show", "send-back"):
        ran = vtr("scans", "quarantine", command, begins)
        assert ran.exit_code == 2
        assert "vtr scans quarantine list shows the ids." in ran.err


def test_what_can_be_read_is_sent_back_and_the_rest_stays(
    ports: MemoryPorts, vtr: CommandLine
) -> None:
    ran = vtr("scans", "quarantine", "send-back")
    assert ran.exit_code == 0
    assert "abd2 stays: " in ran.err
    assert ran.err.endswith("1 body sent back. 1 left.\n")
    assert [each.delivery.body for each in ports.deliveries.sent] == [READABLE]
    assert ports.archive.quarantined.keys() == {"abd2"}


def test_of_several_only_the_named_are_sent(ports: MemoryPorts, vtr: CommandLine) -> None:
    assert vtr("scans", "quarantine", "send-back", "abd2").err.endswith(
        "0 bodies sent back. 1 left.\n"
    )
    assert not ports.deliveries.sent
    assert vtr("scans", "quarantine", "send-back", "abc1").err == "1 body sent back. 0 left.\n"
