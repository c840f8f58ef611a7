"""Reports and recounts: reading an account's rows, against the parsing of the same pages alone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from time import process_time
from typing import Any

from botocore.session import get_session

from benchmarks.deployment import NOW, SHIPPED, Deployed, credentials
from benchmarks.figures import Budget, Figure
from benchmarks.pages import PACKAGES, PARCELS, Pages, deployed
from benchmarks.runtime_api import peak_megabytes
from vtr.domain.packages import BucketKey
from vtr.domain.verdict import Reason
from vtr.ports.queues import Recount
from vtr.use_cases.recount import recount
from vtr.use_cases.request_report import request_report
from vtr.use_cases.write_report import write_report

ROUNDS, REPORT_ROUNDS = 3, 30
REPORT_PAGE, QUERY_PAGE = 200, 1_000
"""Rows that a report asks for at once, and some fewer than DynamoDB puts into its megabyte."""

REPORT_ROWS = 2_000
RECOUNTED = (1_000, 10_000, 60_000)
WINDOWS, WINDOW_DAYS = (10_000, 1_000_000), 32
REPORTS = (100_000, 1_000_000)
PARSING = "botocore parsing the same pages"


def figures() -> Iterator[Figure]:
    with credentials():
        yield from _report_speed()
        yield from _recounts()
        yield _recount_by_window()
    if sys.platform.startswith("linux"):
        yield from _report_memory()
    else:
        print("left out: a report's memory, which is read from Linux's /proc", file=sys.stderr)  # noqa: T201


def _report_speed() -> Iterator[Figure]:
    world, pages = deployed(REPORT_PAGE)
    client = _plain_client(world)
    ours, floor = [], []
    for _ in range(REPORT_ROUNDS):
        ours.append(_timed(lambda: write(world, pages, REPORT_ROWS)))
        floor.append(_timed(lambda: _parse(client, pages, REPORT_ROWS, with_parcels=True)))
    yield Figure(
        name="report",
        value=REPORT_ROWS / min(ours),
        unit="rows/s",
        beside=PARSING,
        reference=REPORT_ROWS / min(floor),
        budget=Budget(at_least=0.8),
        of_ratio=True,
    )


def write(world: Deployed, pages: Pages, rows: int) -> None:
    """Write a report of this many rows."""
    report = request_report(world.ports, world.account, SHIPPED, SHIPPED, NOW)
    pages.begin(rows)
    written = write_report(world.ports, world.account, report.id, NOW, lambda: False)
    assert written.rows == rows, written


def _recounts() -> Iterator[Figure]:
    world, pages = deployed(QUERY_PAGE)
    client = _plain_client(world)
    for rows in RECOUNTED:
        ours, floor = [], []
        for _ in range(ROUNDS):
            ours.append(_timed(partial(_recount, world, pages, rows)))
            floor.append(_timed(partial(_parse, client, pages, rows)))
        yield Figure(
            name=f"recount of {rows:,} rows",
            value=min(ours) * 1e3,
            unit="ms",
            beside=PARSING,
            reference=min(floor) * 1e3,
        )


def _recount_by_window() -> Figure:
    """One changed bucket of a small account and of a large one: the rest of the window is sums."""
    best = dict.fromkeys(WINDOWS, float("inf"))
    worlds = {packages: _windowed(packages) for packages in WINDOWS}
    for _ in range(4 * ROUNDS):
        for packages, (world, pages) in worlds.items():
            took = _timed(partial(_recount, world, pages, QUERY_PAGE))
            best[packages] = min(best[packages], took)
    small, large = WINDOWS
    return Figure(
        name=f"recount of one bucket, the window holding {large:,} packages",
        value=best[large] * 1e3,
        unit="ms",
        beside=f"the window holding {small:,}",
        reference=best[small] * 1e3,
        budget=Budget(at_most=1.2),
        of_ratio=True,
    )


def _windowed(packages: int) -> tuple[Deployed, Pages]:
    world, pages = deployed(QUERY_PAGE)
    for back in range(1, WINDOW_DAYS):
        bucket = BucketKey(world.account.id, SHIPPED - timedelta(days=back))
        counts = {category: {Reason.VALID: packages // WINDOW_DAYS // 4} for category in "abcd"}
        world.ports.rates.put_bucket(bucket, counts, NOW, NOW.date())
    return world, pages


def _recount(world: Deployed, pages: Pages, rows: int) -> None:
    """Recount a bucket that has this many rows now, and had another number before."""
    bucket = BucketKey(world.account.id, SHIPPED)
    world.ports.rates.put_bucket(bucket, {}, NOW, NOW.date())
    pages.begin(rows)
    counted = recount(world.ports, Recount(bucket), NOW + timedelta(days=1))
    assert counted.rows == rows, counted


def _parse(client: Any, pages: Pages, rows: int, *, with_parcels: bool = False) -> None:
    """Have botocore parse the same responses, and do nothing with them."""
    pages.begin(rows)
    question: dict[str, Any] = {
        "TableName": PACKAGES,
        "KeyConditionExpression": "pk = :0",
        "ExpressionAttributeValues": {":0": {"S": "acme"}},
    }
    keys = [{"pk": {"S": pk}} for pk in pages.parcel_keys]
    more = True
    while more:
        more = "LastEvaluatedKey" in client.query(**question)
        for first in range(0, len(keys) if with_parcels else 0, 100):
            client.batch_get_item(RequestItems={PARCELS: {"Keys": keys[first : first + 100]}})


def _plain_client(world: Deployed) -> Any:
    """A client of botocore's own, served by the same cloud."""
    session = get_session()
    world.cloud.serve(session)
    return session.create_client("dynamodb")


def _report_memory() -> Iterator[Figure]:
    """What a process takes at most that writes a report: a hundred thousand rows, and a million."""
    some, many = map(_peak_megabytes, [_writing(rows) for rows in REPORTS])
    name = f"report of {REPORTS[1]:,} rows, memory"
    of_fewer = f"of {REPORTS[0]:,}"
    yield Figure(
        name=name,
        value=many,
        unit="MB",
        beside=of_fewer,
        reference=some,
        budget=Budget(at_most=200),
    )
    yield Figure(
        name=f"{name}, growth",
        value=many,
        unit="MB",
        beside=of_fewer,
        reference=some,
        budget=Budget(at_most=1.1),
        of_ratio=True,
    )


def _writing(rows: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- our own interpreter, our own words
        [sys.executable, "-m", "benchmarks.export", str(rows)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def _peak_megabytes(process: "subprocess.Popen[str]") -> float:
    return float(process.communicate()[0])


def _timed(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


if __name__ == "__main__":
    with credentials():
        write(*deployed(REPORT_PAGE), int(sys.argv[1]))
    print(peak_megabytes(os.getpid()))  # noqa: T201 - the answer
