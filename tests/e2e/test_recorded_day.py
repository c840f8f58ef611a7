"""A recorded day over HTTP: shuffled, every scan three times, with a crash in the middle of it.

In the suite it is a short day. The full one has 10,000 scans, each sent three times:

    VTR_RECORDED_DAY=10000 .venv/bin/pytest tests/e2e/test_recorded_day.py
"""

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import boto3
import httpx
import pytest

from support.events import scans_body, signed
from support.stack import LocalStack, eventually, local_stack
from vtr.use_cases.replay import replay
from vtr_demo.labels import fedex, ups, usps
from vtr_local.aws import OWNER, REGION
from vtr_local.emulator import Emulator
from vtr_local.ports import local_ports

pytestmark = pytest.mark.e2e

SCANS = int(os.environ.get("VTR_RECORDED_DAY", "120"))
SCANS_A_PACKAGE = 5
TIMES_SENT = 3
SCANS_A_BODY = 20
CALLERS = 4
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
        _hand_out_again_soon(found)
        yield found


def test_a_recorded_day_ends_in_the_oracles_verdicts(stack: LocalStack) -> None:
    chance = Random(SCANS)  # noqa: S311 - the same day every time
    day = record_a_day(chance)
    halfway = len(day.packages) // 2
    submit(stack, day.packages[:halfway])
    sent = [scan for _ in range(TIMES_SENT) for scan in chance.sample(day.scans, len(day.scans))]
    bodies = [sent[first : first + SCANS_A_BODY] for first in range(0, len(sent), SCANS_A_BODY)]
    deliver(stack, bodies[: len(bodies) // 2])
    crashed = eventually(lambda: crash(stack), seconds=5)
    assert crashed, "no function was at work to be killed"
    deliver(stack, bodies[len(bodies) // 2 :])
    submit(stack, day.packages[halfway:])
    assert eventually(lambda: is_drained(stack, "ScansQueueUrl"), seconds=SECONDS)
    expected = day.verdicts()
    eventually(lambda: verdicts(stack) == expected, seconds=SECONDS)
    assert verdicts(stack) == expected
    # And once more from the archive, which has every body that was accepted.
    with local_ports(stack.record) as ports:
        assert replay(ports, NOW.date(), datetime.now(UTC).date()) >= len(bodies)
    assert eventually(lambda: is_drained(stack, "ScansQueueUrl"), seconds=SECONDS)
    assert verdicts(stack) == expected


def submit(stack: LocalStack, packages: list[Document]) -> None:
    with stack.http(stack.create_key()) as http:

        def confirm(batch: list[Document]) -> int:
            asked = {"packages": batch}
            answer = until_answered(lambda: http.post("/v1/packages:batch", json=asked))
            return int(answer.json()["rejected"])

        batches = [packages[first : first + 10] for first in range(0, len(packages), 10)]
        assert not any(map(confirm, batches))


def deliver(stack: LocalStack, bodies: list[list[Document]]) -> None:
    def push(scans: list[Document]) -> int:
        body = scans_body(*scans)
        headers = signed(stack.record.webhook_secret, body, datetime.now(UTC))
        answer = until_answered(
            lambda: http.post("/v1/webhooks/standard", content=body, headers=headers)
        )
        return answer.status_code

    with stack.http() as http, ThreadPoolExecutor(CALLERS) as callers:
        assert set(callers.map(push, bodies)) == {200}


def until_answered(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Call again what failed on the other side, as sellers and sources do."""
    for _ in range(5):
        answer = call()
        if not answer.is_server_error:
            break
    return answer


def crash(stack: LocalStack) -> int:
    """Kill the workers that record scans, in the middle of what they do; how many those were."""
    emulator = Emulator(stack.home).pid()
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_text()
        except OSError:
            continue  # it has ended by itself
        if parent == emulator and "RecordScansFunction" in command:
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    return killed


def is_drained(stack: LocalStack, queue: str) -> bool:
    """Whether nothing waits in a queue, and nothing is out."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = _sqs(stack).get_queue_attributes(
        QueueUrl=stack.record.outputs[queue], AttributeNames=names
    )
    return all(found["Attributes"][name] == "0" for name in names)


def verdicts(stack: LocalStack) -> dict[str, str]:
    """The reason of every package, as its seller can list them."""
    found: dict[str, str] = {}
    cursor = None
    with stack.http(stack.create_key()) as http:
        while True:
            asked = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            page = http.get("/v1/packages", params=asked).json()
            found |= {package["order_id"]: package["reason"] for package in page["packages"]}
            if (cursor := page["next_cursor"]) is None:
                return found


def _hand_out_again_soon(stack: LocalStack) -> None:
    """Have what a crash leaves in flight come back in seconds, where on AWS it takes minutes.

    A slow machine then hands much out twice while it is still at work on it; that must be no
    reason to give it up.
    """
    queue = stack.record.outputs["ScansQueueUrl"]
    found = _sqs(stack).get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])
    redrive = json.loads(found["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": 100}
    changed = {"VisibilityTimeout": "5", "RedrivePolicy": json.dumps(redrive)}
    _sqs(stack).set_queue_attributes(QueueUrl=queue, Attributes=changed)


def _sqs(stack: LocalStack) -> Any:
    return boto3.client(
        "sqs",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )
