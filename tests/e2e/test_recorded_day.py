"""A recorded day over HTTP: shuffled, every scan three times, with a crash in the middle of it.

In the suite it is a short day. The full one has 10,000 scans, each sent three times:

    VTR_RECORDED_DAY=10000 .venv/bin/pytest tests/e2e/test_recorded_day.py
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.crashes import (
    crash,
    deliver,
    hand_out_again_soon,
    is_drained,
    reasons,
    submit,
)
from support.stack import LocalStack, eventually, local_stack
from vtr.use_cases.replay import replay
from vtr_demo.labels import fedex, ups, usps
from vtr_local.ports import local_ports

pytestmark = pytest.mark.e2e

SCANS = int(os.environ.get("VTR_RECORDED_DAY", "120"))
SCANS_A_PACKAGE = 5
TIMES_SENT = 3
SCANS_A_BODY = 20
SECONDS = 30 + SCANS / 10

NOW = datetime.now(UTC).replace(microsecond=0)
PLACED, SHIPPED = NOW - timedelta(days=8), NOW - timedelta(days=6)
CONFIRMED = SHIPPED + timedelta(hours=6)
ELECTRONIC, HELD = ["label_created", "admin_update"], ["accepted", "arrived", "departed"]

Document = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """What a seller said, and a day of scans; some are of numbers that nobody claims."""

    packages: list[Document]
    scans: list[Document]

    def verdicts(self) -> dict[str, str]:
        """The oracle: for every package, every scan of the day, one after the other."""
        return {package["order_id"]: self._reason(package) for package in self.packages}

    def _reason(self, package: Document) -> str:
        said = package["carrier"].lower(), package["tracking_number"]
        mine = [s for s in self.scans if (s["carrier"], s["tracking_number"]) == said]
        delivered = [s["occurred_at"] for s in mine if s["milestone"] == "delivered"]
        if delivered and min(delivered) < CONFIRMED.isoformat():
            return "UPLOADED_AFTER_DELIVERY"
        if any(s["milestone"] in {*HELD, "delivered"} for s in mine):
            return "VALID"
        return "LABEL_ONLY" if mine else "NO_SCAN"


def record_a_day(chance: Random) -> Recorded:
    """As many packages as the scans are enough for; some stay where they are."""
    packages, scans = [], []
    for n in range(SCANS // SCANS_A_PACKAGE):
        label = chance.choice([ups, usps, fedex])(n)
        story = chance.choice(["held", "held", "held", "label", "nothing", "early", "unclaimed"])
        if story != "unclaimed":
            packages.append(_package(f"114-{n}", label.carrier, label.number))
        if story != "nothing":
            milestones = [chance.choice(ELECTRONIC) for _ in range(2)]
            if story != "label":
                milestones += [*chance.choices(HELD, k=2), "delivered"]
            begins = SHIPPED + timedelta(hours=-20 if story == "early" else 12)
            scans += [
                _scan(label.carrier, label.number, milestone, begins + timedelta(hours=hours))
                for hours, milestone in enumerate(milestones)
            ]
    while len(scans) < SCANS:
        number = chance.choice(scans)
        scans.append({**number, "milestone": "admin_update", "place": f"hub {len(scans)}"})
    return Recorded(packages, scans)


def _package(order_id: str, carrier: str, number: str) -> Document:
    return {
        "order_id": order_id,
        "package_id": "1",
        "carrier": carrier.upper(),
        "tracking_number": number,
        "ship_date": SHIPPED.date().isoformat(),
        "confirmed_at": CONFIRMED.isoformat(),
        "order": {"placed_at": PLACED.isoformat(), "category": "books"},
    }


def _scan(carrier: str, number: str, milestone: str, at: datetime) -> Document:
    return {
        "carrier": carrier,
        "tracking_number": number,
        "milestone": milestone,
        "occurred_at": at.isoformat(),
    }


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with local_stack(tmp_path / "home") as found:
        hand_out_again_soon(found)
        yield found


def test_a_recorded_day_ends_in_the_oracles_verdicts(stack: LocalStack) -> None:
    chance = Random(SCANS)  # noqa: S311 - the same day every time
    day = record_a_day(chance)
    halfway = len(day.packages) // 2
    submit(stack, day.packages[:halfway])
    sent = [scan for _ in range(TIMES_SENT) for scan in chance.sample(day.scans, len(day.scans))]
    bodies = [sent[first : first + SCANS_A_BODY] for first in range(0, len(sent), SCANS_A_BODY)]
    deliver(stack, bodies[: len(bodies) // 2])
    crashed = eventually(lambda: crash(stack, "RecordScansFunction"), seconds=5)
    assert crashed, "no function was at work to be killed"
    deliver(stack, bodies[len(bodies) // 2 :])
    submit(stack, day.packages[halfway:])
    assert eventually(lambda: is_drained(stack, "ScansQueueUrl"), seconds=SECONDS)
    expected = day.verdicts()
    eventually(lambda: reasons(stack) == expected, seconds=SECONDS)
    assert reasons(stack) == expected
    # And once more from the archive, which has every body that was accepted.
    with local_ports(stack.record) as ports:
        assert replay(ports, NOW.date(), datetime.now(UTC).date()) >= len(bodies)
    assert eventually(lambda: is_drained(stack, "ScansQueueUrl"), seconds=SECONDS)
    assert reasons(stack) == expected
