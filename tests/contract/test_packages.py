"""The rows of the judged packages: the later of two writes stands, pages miss and repeat none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from contract.builders import BUCKET, DAY, row
from vtr.domain.evidence import NO_EVIDENCE
from vtr.domain.packages import BucketKey, PackageRow
from vtr.ports import Ports
from vtr.ports.packages import RowPage

OTHER_BUCKETS = [
    BucketKey("acme", DAY, 1),
    BucketKey("acme", DAY + timedelta(days=1)),
    BucketKey("other", DAY),
]


def order_ids(page: RowPage[PackageRow]) -> list[str]:
    return [row.key.order_id for row in page.rows]


def walk(ports: Ports, *, limit: int, category: str | None = None) -> Iterator[RowPage[PackageRow]]:
    """Every page of the bucket, each begun after the last row of the one before."""
    page = ports.packages.page(BUCKET, limit=limit, category=category)
    yield page
    while page.more:
        after = page.rows[-1].key
        page = ports.packages.page(BUCKET, limit=limit, category=category, after=after)
        yield page


def test_a_row_nobody_wrote_is_none(ports: Ports) -> None:
    assert ports.packages.get(row().key) is None


@pytest.mark.parametrize("written", [row(), row(is_tombstone=True), row(parcel_version=7)])
def test_a_row_comes_back_whole(ports: Ports, written: PackageRow) -> None:
    ports.packages.put(written)
    assert ports.packages.get(written.key) == written


def test_a_row_without_evidence_comes_back_whole(ports: Ports) -> None:
    bare = replace(row(), evidence=NO_EVIDENCE)
    ports.packages.put(bare)
    assert ports.packages.get(bare.key) == bare


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (row(revision=1, parcel_version=9), row(revision=2, parcel_version=0)),
        (row(revision=2, parcel_version=1), row(revision=2, parcel_version=2)),
        (row(revision=1, parcel_version=5), row(revision=2, is_tombstone=True)),
        (row(revision=9, parcel_version=5), row(revision=10, parcel_version=5)),
    ],
    ids=["revision before version", "then version", "a tombstone like any", "as numbers"],
)
def test_the_later_of_two_writes_stands_in_any_order(
    ports: Ports, earlier: PackageRow, later: PackageRow
) -> None:
    for one, other in permutations([earlier, later]):
        ports.packages.put(one)
        ports.packages.put(other)
        assert ports.packages.get(row().key) == later


def test_of_two_writes_of_one_age_the_first_stands(ports: Ports) -> None:
    ports.packages.put(row())
    ports.packages.put(replace(row(), evidence=NO_EVIDENCE))
    assert ports.packages.get(row().key) == row()


def test_a_late_writer_does_not_bring_a_moved_row_back(ports: Ports) -> None:
    ports.packages.put(row(revision=2, is_tombstone=True))
    ports.packages.put(row(revision=1, parcel_version=8))
    assert ports.packages.page(BUCKET).rows == []


def test_an_empty_bucket_has_one_empty_page(ports: Ports) -> None:
    assert ports.packages.page(BUCKET) == RowPage([], more=False)


def test_a_page_holds_its_bucket_alone_in_key_order(ports: Ports) -> None:
    for order_id in ("114-2", "114-10", "114-1"):
        ports.packages.put(row(order_id))
    ports.packages.put(row("114-3", category="books"))
    for bucket in OTHER_BUCKETS:
        ports.packages.put(row("elsewhere", bucket=bucket))
    page = ports.packages.page(BUCKET)
    assert order_ids(page) == ["114-3", "114-1", "114-10", "114-2"]
    assert not page.more


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_together_hold_every_row_once(ports: Ports, limit: int) -> None:
    wanted = [f"114-{number}" for number in range(7)]
    for order_id in wanted:
        ports.packages.put(row(order_id))
    pages = list(walk(ports, limit=limit))
    assert [order_id for page in pages for order_id in order_ids(page)] == wanted
    assert all(len(page.rows) <= limit for page in pages)


def test_a_page_says_when_its_bucket_holds_more(ports: Ports) -> None:
    for order_id in ("114-1", "114-2"):
        ports.packages.put(row(order_id))
    assert ports.packages.page(BUCKET, limit=1).more
    assert not ports.packages.page(BUCKET, limit=3).more


def test_pages_of_a_category_hold_no_other_one(ports: Ports) -> None:
    for category in ("book", "books", "books & more", "toys"):
        for number in range(3):
            ports.packages.put(row(f"114-{number}", category=category))
    pages = list(walk(ports, limit=2, category="books"))
    found = [(row.key.category, row.key.order_id) for page in pages for row in page.rows]
    assert found == [("books", f"114-{number}") for number in range(3)]


def test_a_category_nobody_sold_in_is_empty(ports: Ports) -> None:
    ports.packages.put(row(category="books"))
    assert ports.packages.page(BUCKET, category="book") == RowPage([], more=False)


@pytest.mark.parametrize("limit", [1, 3])
def test_tombstones_are_left_out_and_hold_no_page_up(ports: Ports, limit: int) -> None:
    for number in range(9):
        ports.packages.put(row(f"114-{number}", is_tombstone=number not in {4, 7}))
    pages = list(walk(ports, limit=limit))
    assert [order_id for page in pages for order_id in order_ids(page)] == ["114-4", "114-7"]


def test_a_page_goes_on_behind_a_row_that_is_gone(ports: Ports) -> None:
    ports.packages.put(row("114-1", is_tombstone=True))
    ports.packages.put(row("114-2"))
    page = ports.packages.page(BUCKET, after=row("114-1").key)
    assert order_ids(page) == ["114-2"]


@pytest.mark.parametrize("limit", [1, 3, None])
def test_a_pages_claims_are_its_rows_without_the_evidence(ports: Ports, limit: int | None) -> None:
    for number in range(5):
        ports.packages.put(row(f"114-{number}", is_tombstone=number in {0, 3}))
    ports.packages.put(row("114-9", category="toys"))
    asked: dict[str, Any] = {"after": row("114-1").key, "category": "electronics", "limit": limit}
    page, claims = ports.packages.page(BUCKET, **asked), ports.packages.claims(BUCKET, **asked)
    assert claims.rows == [(row.key, row.confirmation) for row in page.rows]
    assert claims.rows
    assert claims.more == page.more
