"""Read packages: one, an order's, or those behind a number of the rate."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import OrderNotFoundError, PackageNotFoundError
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, RowClaim, RowKey, parcels_named
from vtr.domain.verdict import JudgedPackage, Reason, State
from vtr.ports import Ports
from vtr.use_cases.ended_orders import (
    is_shown,
    order_not_found,
    package_ended,
    require_kept,
    shown_claims,
)
from vtr.use_cases.judge import judge_to_show

PAGE = 200
EXAMINED = 2000
"""Rows that one request examines. Finding a rare reason may take several pages."""
QUERIES = 300
"""Queries that one request makes, one after the other. Most are of buckets without packages."""

Place = RowKey | BucketKey
"""Where a list continues: after a row, or with a bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFilter:
    """Which packages are requested; anchor days from first to last, both included."""

    first_day: date
    last_day: date
    state: State | None = None
    reason: Reason | None = None
    category: str | None = None

    @property
    def takes_all(self) -> bool:
        return self.state is None and self.reason is None

    def takes(self, package: JudgedPackage) -> bool:
        return self.state in {None, package.verdict.state} and self.reason in {
            None,
            package.verdict.reason,
        }


@dataclass(frozen=True, slots=True)
class PackagePage:
    """Packages found, and where to continue; None if everything was examined.

    There may be fewer than were asked for, even none, with more to follow.
    """

    packages: Sequence[JudgedPackage]
    after: Place | None


def read_order(
    ports: Ports, account: Account, order_id: str, now: datetime
) -> tuple[Order, dict[str, JudgedPackage]]:
    """Return an order with its packages, judged by the newest evidence."""
    order = ports.orders.get(account.id, order_id, consistent=True)
    if order is None or order.erasing_since is not None:
        raise order_not_found(ports, account, order_id, now)
    require_kept(ports, account, order, now)
    claims = shown_claims(ports, account, order, now)
    judged = judge_now(ports, claims, now)
    return order, {package.confirmation.package_id: package for package in judged}


def read_package(
    ports: Ports, account: Account, order_id: str, package_id: str, now: datetime
) -> tuple[Order, JudgedPackage]:
    try:
        order, packages = read_order(ports, account, order_id, now)
    except OrderNotFoundError as error:
        raise PackageNotFoundError(error.detail) from None
    if package_id in packages:
        return order, packages[package_id]
    if package_id in order.packages:
        raise package_ended(ports, order.confirmation(package_id, account.policy))
    raise PackageNotFoundError(
        f"There is no package {package_id} of an order {order_id}. Check both ids."
    )


def list_packages(
    ports: Ports,
    account: Account,
    wanted: PackageFilter,
    now: datetime,
    *,
    after: Place | None = None,
    limit: int = 50,
) -> PackagePage:
    """Return packages by anchor day, newest first, judged by the newest evidence."""
    found: list[JudgedPackage] = []
    examined = 0
    page_size = limit if wanted.takes_all else PAGE
    for rows, place in pages(ports, account, wanted, after, page_size, queries=QUERIES):
        if not rows:
            return PackagePage(found, place)
        judged = judge_now(ports, [row.confirmation for row in rows], now)
        for row, package in zip(rows, judged, strict=True):
            examined += 1
            if wanted.takes(package):
                found.append(package)
            if len(found) == limit or examined == EXAMINED:
                at_end = row is rows[-1] and place is None
                return PackagePage(found, None if at_end else row.key)
    return PackagePage(found, None)


def find_packages(
    ports: Ports, account: Account, number: str, now: datetime
) -> Sequence[JudgedPackage]:
    """Return the account's packages that name a tracking number, the last confirmed first.

    They are read off the number's parcel, as each carrier writes it whose number it may be: a few
    reads whatever the account's size. So it finds no package whose carrier or number cannot be
    read, nor one beyond the ``MAX_CLAIMS`` that a parcel has; and none that has ended.
    """
    found = [
        judge_to_show(ports, claim, parcel, now)
        for parcel in ports.parcels.get_many(parcels_named(number)).values()
        for claim in parcel.claims.values()
        if claim.account == account.id and is_shown(ports, claim, now)
    ]
    return sorted(found, key=lambda package: package.confirmation.confirmed_at, reverse=True)


def judge_now(
    ports: Ports, claims: Collection[Confirmation], now: datetime
) -> Iterator[JudgedPackage]:
    """Yield the packages of claims, judged by what the parcels hold now.

    A row is written only when its count changes. The other details shown are read from the parcels
    in batches, at a fraction of the cost of a write.
    """
    keys = [claim.parcel for claim in claims]
    parcels = ports.parcels.get_many({key for key in keys if key is not None})
    for claim, key in zip(claims, keys, strict=True):
        yield judge_to_show(ports, claim, parcels.get(key) if key else None, now)


def pages(
    ports: Ports,
    account: Account,
    wanted: PackageFilter,
    after: Place | None,
    page_size: int | None = None,
    *,
    queries: int | None = None,
) -> Iterator[tuple[Sequence[RowClaim], Place | None]]:
    """Yield pages of rows from where a list continues, each with where to go on after it.

    That is None once no more can follow. After as many *queries*, the last page has no rows.
    """
    buckets = buckets_from(account, wanted, after)
    row = after if isinstance(after, RowKey) else None
    asked = 0
    for bucket in buckets:
        more = True
        while more:
            if asked == queries:
                yield (), row or bucket
                return
            asked += 1
            page = ports.packages.claims(
                bucket, after=row, category=wanted.category, limit=page_size or PAGE
            )
            more, row = page.more, page.rows[-1].key if page.rows else None
            if page.rows:
                yield page.rows, row if more or bucket != buckets[-1] else None
        row = None


def buckets_from(account: Account, wanted: PackageFilter, after: Place | None) -> list[BucketKey]:
    """Return the buckets of a list, the newest day first, from where it continues."""
    buckets = [
        BucketKey(account.id, wanted.last_day - timedelta(days=back), shard)
        for back in range((wanted.last_day - wanted.first_day).days + 1)
        for shard in range(account.shards)
    ]
    if after is None:
        return buckets
    first = after.bucket if isinstance(after, RowKey) else after
    return buckets[buckets.index(first) :] if first in buckets else []
