"""A placeholder that packages of many accounts name and leave, back and forth, bad lines between.

In the suite it is a short one. ``make soak`` is the full one: 20,000 packages of 50 accounts, some
ten minutes.
"""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from support.capacity import size_of
from support.crashes import deliver
from support.stack import LocalStack, eventually, local_stack
from vtr_demo.labels import fedex, ups
from vtr_local.aws import OWNER, REGION

pytestmark = pytest.mark.e2e

PACKAGES = int(os.environ.get("VTR_SOAK_PACKAGES", "200"))
BACK_AND_FORTH_SECONDS = int(os.environ.get("VTR_SOAK_SECONDS", "3"))
ACCOUNTS = max(4, PACKAGES // 400)
SETTLED_SECONDS = 60 + PACKAGES / 50
CALLERS, GOOD_LINES, SCANS_A_BODY = 3, 24, 40
ANSWERED_SECONDS = 29.0
"""The functions' own time: an answer that takes longer is none."""
ITEM_BYTES = 100_000
"""What items of ordinary texts stay below, whatever is done how often: a quarter of DynamoDB's."""

PLACEHOLDER = "PENDING"
NOW = datetime.now(UTC).replace(microsecond=0)
PLACED, SHIPPED = NOW - timedelta(days=8), NOW - timedelta(days=6)

Document = dict[str, Any]


def number_of(package: int) -> str:
    return ups(package).number


def is_settled(package: int) -> bool:
    """Whether its seller states the real number in the end; the others keep the placeholder."""
    return package % 5 != 0


def is_scanned(package: int) -> bool:
    return package % 10 < 7


def a_line(package: int, number: str) -> Document:
    return {
        "order_id": f"114-{package}",
        "package_id": "1",
        "carrier": "UPS",
        "tracking_number": number,
        "ship_date": SHIPPED.date().isoformat(),
        "order": {"placed_at": PLACED.isoformat(), "category": "books"},
    }


def bad_lines(package: int) -> list[Any]:
    """What no line may be; none of it may hold up the good ones, or become a package."""
    good = a_line(package, number_of(package)) | {"package_id": "bad"}
    return [
        "no object",
        good | {"ship_date": "tomorrow"},
        good | {"colour": "red"},
        good | {"order_id": "a b"},
        {**good, "order_id": f"unknown-{package}", "order": None},
    ]


def a_scan(carrier: str, number: str, milestone: str) -> Document:
    at = (SHIPPED + timedelta(hours=12)).isoformat()
    return {
        "carrier": carrier, "tracking_number": number, "milestone": milestone, "occurred_at": at,
    }  # fmt: skip


class Sellers:
    """The sellers' systems: they send again what they are told to, and note every answer."""

    def __init__(self, clients: Sequence[httpx.Client]) -> None:
        self.clients = clients
        self.longest = 0.0
        self.batches = 0
        self.refused: Counter[str] = Counter()

    def state(self, numbers: Mapping[int, str]) -> None:
        """State a number of each package, in batches of one account, until all are accepted."""
        by_account: dict[int, list[int]] = defaultdict(list)
        for package in numbers:
            by_account[package % ACCOUNTS].append(package)
        batches = [
            (account, {package: numbers[package] for package in some[first : first + GOOD_LINES]})
            for account, some in by_account.items()
            for first in range(0, len(some), GOOD_LINES)
        ]
        with ThreadPoolExecutor(CALLERS) as callers:
            list(callers.map(lambda batch: self._send(*batch), batches))

    def _send(self, account: int, numbers: Mapping[int, str]) -> None:
        left = dict(numbers)
        for _ in range(20):
            good = [a_line(package, number) for package, number in left.items()]
            lines = [*bad_lines(next(iter(left))), *good]
            results = self._call(account, lines)["results"]
            bad, answered = results[: -len(good)], results[-len(good) :]
            assert {result["status"] for result in bad} == {422}
            self.refused.update(
                result["problem"]["code"] for result in answered if "problem" in result
            )
            states = zip(list(left), answered, strict=True)
            left = {package: left[package] for package, result in states if result["status"] > 201}
            if not left:
                return
        raise AssertionError(f"still refused: {self.refused}")

    def _call(self, account: int, lines: Sequence[Any]) -> Document:
        begun = time.monotonic()
        answer = self.clients[account].post("/v1/packages/batch", json={"packages": lines})
        self.longest = max(self.longest, time.monotonic() - begun)
        self.batches += 1
        assert answer.status_code == httpx.codes.OK, answer.text
        document: Document = answer.json()
        return document

    def rates(self) -> dict[int, tuple[int, int, int]]:
        found = {}
        for account, client in enumerate(self.clients):
            overall = client.get("/v1/rates").raise_for_status().json()["overall"]
            found[account] = overall["packages"], overall["valid"], overall["unconfirmed"]
        return found


def expected_rates() -> dict[int, tuple[int, int, int]]:
    """What a count by hand says: packages, those with a scanned number, the others."""
    packages = Counter(package % ACCOUNTS for package in range(PACKAGES))
    valid = Counter(
        package % ACCOUNTS
        for package in range(PACKAGES)
        if is_settled(package) and is_scanned(package)
    )
    return {
        account: (number, valid[account], number - valid[account])
        for account, number in packages.items()
    }


def sizes_of(stack: LocalStack) -> dict[str, int]:
    """The bytes of the largest item of each table."""
    tables: Any = boto3.client(
        "dynamodb", endpoint_url=stack.endpoint, region_name=REGION,
        aws_access_key_id=OWNER, aws_secret_access_key=OWNER,
    )  # fmt: skip
    return {
        table: max((size_of(item) for item in items_of(tables, table)), default=0)
        for table in tables.list_tables()["TableNames"]
    }


def items_of(tables: Any, table: str) -> Iterator[Any]:
    for page in tables.get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


def tell(stack: LocalStack) -> None:
    """Push what carriers know: the real numbers, and scans of the placeholder that are nobody's."""
    scans = [
        a_scan("ups", number_of(package), "accepted")
        for package in range(PACKAGES)
        if is_scanned(package)
    ]
    noise = [
        a_scan("ups", PLACEHOLDER, "label_created"),
        a_scan("fedex", fedex(7).number, "accepted"),
    ]
    bodies = [scans[first : first + SCANS_A_BODY] for first in range(0, len(scans), SCANS_A_BODY)]
    deliver(stack, [[*body, *noise] for body in bodies])


@pytest.fixture
def sellers(stack: LocalStack) -> Iterator[Sellers]:
    with ExitStack() as opened:
        keys = [stack.create_key(account=f"seller-{number}") for number in range(ACCOUNTS)]
        yield Sellers([opened.enter_context(stack.http(key)) for key in keys])


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with local_stack(tmp_path / "home") as found:
        yield found


def test_a_placeholder_named_and_left_without_end_holds_nobody_up(
    stack: LocalStack, sellers: Sellers
) -> None:
    placeholders = dict.fromkeys(range(PACKAGES), PLACEHOLDER)
    real = {package: number_of(package) for package in range(PACKAGES)}
    with ThreadPoolExecutor(1) as carriers:
        telling = carriers.submit(tell, stack)
        sellers.state(placeholders)
        until = time.monotonic() + BACK_AND_FORTH_SECONDS
        rounds = 0
        while time.monotonic() < until:
            some = [package for package in range(PACKAGES) if package % 40 == rounds % 40]
            sellers.state({package: real[package] for package in some})
            sellers.state(dict.fromkeys(some, PLACEHOLDER))
            rounds += 1
        sellers.state({package: real[package] for package in real if is_settled(package)})
        telling.result()
    expected = expected_rates()
    eventually(lambda: sellers.rates() == expected, seconds=SETTLED_SECONDS)
    assert sellers.rates() == expected
    sizes = sizes_of(stack)
    assert max(sizes.values()) < ITEM_BYTES, sizes
    assert sellers.longest < ANSWERED_SECONDS
    assert not stack.function_errors()
    print(  # noqa: T201 - what `make soak` is for
        f"{sellers.batches} batches, {rounds} rounds, the longest answer {sellers.longest:.1f} s, "
        f"sent again {dict(sellers.refused)}, the largest item {max(sizes.values())} bytes"
    )
