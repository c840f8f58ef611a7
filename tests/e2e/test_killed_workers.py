"""Functions are killed again and again while packages are loaded; nothing accepted is lost.

In the suite it is a short load. The full one has 5,000 packages:

    VTR_KILLED_PACKAGES=5000 .venv/bin/pytest tests/e2e/test_killed_workers.py
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event

import pytest

from support.crashes import Document, crash, deliver, hand_out_again_soon, reasons, submit
from support.stack import LocalStack, eventually, local_stack
from vtr_demo.labels import ups

pytestmark = pytest.mark.e2e

PACKAGES = int(os.environ.get("VTR_KILLED_PACKAGES", "200"))
KILLS = 10
SCANS_A_BODY = 20
SECONDS = 60 + PACKAGES / 10

NOW = datetime.now(UTC).replace(microsecond=0)
PLACED, SHIPPED = NOW - timedelta(days=8), NOW - timedelta(days=6)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with local_stack(tmp_path / "home") as found:
        hand_out_again_soon(found)
        yield found


def test_what_was_accepted_survives_ten_kills(stack: LocalStack) -> None:
    chance = Random(PACKAGES)  # noqa: S311 - the same load every time
    packages = [_package(number) for number in range(PACKAGES)]
    scanned = [package for package in packages if chance.random() < 0.7]
    scans = [_scan(package) for package in scanned]
    bodies = [scans[first : first + SCANS_A_BODY] for first in range(0, len(scans), SCANS_A_BODY)]
    loaded = Event()
    with ThreadPoolExecutor(3) as at_once:
        killing = at_once.submit(_kill, stack, chance, loaded)
        loading = at_once.submit(submit, stack, packages)
        telling = at_once.submit(deliver, stack, bodies)
        try:
            loading.result()
            telling.result()
            # A load that is over too soon goes on, until it has been in the way of every kill.
            while not killing.done():
                submit(stack, packages[: PACKAGES // 10])
        finally:
            loaded.set()
        assert killing.result() >= KILLS
    expected = {package["order_id"]: "NO_SCAN" for package in packages}
    expected |= {package["order_id"]: "VALID" for package in scanned}
    eventually(lambda: reasons(stack) == expected, seconds=SECONDS)
    assert reasons(stack) == expected
    counted = Counter(expected.values())
    eventually(lambda: _rate(stack) == (PACKAGES, counted["VALID"]), seconds=SECONDS)
    assert _rate(stack) == (PACKAGES, counted["VALID"])


def _kill(stack: LocalStack, chance: Random, loaded: Event) -> int:
    """Kill whatever is at work, ten times at random moments; how many workers that were."""
    killed = times = 0
    while times < KILLS and not loaded.is_set():
        time.sleep(chance.uniform(0.2, PACKAGES / 250))
        workers = crash(stack)
        killed += workers
        times += bool(workers)
    assert times == KILLS
    return killed


def _rate(stack: LocalStack) -> tuple[int, int]:
    with stack.http(stack.create_key()) as http:
        overall = http.get("/v1/rates").json()["overall"]
    return overall["packages"], overall["valid"]


def _package(number: int) -> Document:
    label = ups(number)
    return {
        "order_id": f"114-{number}",
        "package_id": "1",
        "carrier": label.carrier,
        "tracking_number": label.number,
        "ship_date": SHIPPED.date().isoformat(),
        "order": {"placed_at": PLACED.isoformat(), "category": "books"},
    }


def _scan(package: Document) -> Document:
    return {
        "carrier": package["carrier"],
        "tracking_number": package["tracking_number"],
        "milestone": "accepted",
        "occurred_at": (SHIPPED + timedelta(hours=12)).isoformat(),
    }
