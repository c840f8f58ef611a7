"""Orders, parcels, rows and counts, each whole and each changed in one word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.evidence import Evidence, Mark, Period, PeriodKey, Retraction
from vtr.domain.orders import Order, OrderFacts
from vtr.domain.packages import (
    BucketKey,
    Confirmation,
    Money,
    Package,
    PackageRow,
    ParcelKey,
    RowKey,
    Statement,
)
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.domain.verdict import Reason

NOW = datetime(2026, 10, 21, 20, 15, 7, 123456, tzinfo=UTC)
DAY = date(2026, 10, 21)
BUCKET = BucketKey("acme", DAY)
UPS_NUMBER = ParcelKey("1Z999AA10123456784")


def delivery(body: bytes, delivery_id: str) -> AcceptedDelivery:
    return AcceptedDelivery(
        source="standard",
        body=body,
        delivery_id=delivery_id,
        received_at=NOW,
        proof=(("sign", "x"),),
    )


def statement(**changes: Any) -> Statement:
    said = Statement(
        confirmed_at=NOW,
        carrier_stated="U.P.S.",
        carrier="ups",
        number_stated="1Z 999 AA1 01 2345 6784",
        tracking_number="1Z999AA10123456784",
        ship_date=DAY,
    )
    return replace(said, **changes)


def order(order_id: str = "114-1", *, account: str = "acme", **changes: Any) -> Order:
    edited = statement(confirmed_at=NOW + timedelta(hours=1), carrier_stated="UPS")
    package = Package(package_id="1", shard=0, history=(statement(), edited), days=(DAY,))
    facts = OrderFacts(
        placed_at=NOW - timedelta(days=1),
        category="electronics",
        promised_delivery_date=DAY + timedelta(days=6),
        value=Money(Decimal("24.90"), "USD"),
        origin="US",
    )
    found = Order(account=account, order_id=order_id, facts=facts, packages={"1": package})
    return replace(found, **changes)


def claim(
    order_id: str = "114-1", package_id: str = "1", *, account: str = "acme", **changes: Any
) -> Confirmation:
    one = order(order_id, account=account)
    renamed = replace(one.packages["1"], package_id=package_id)
    found = replace(one, packages={package_id: renamed}).confirmation(package_id, "amazon-us")
    return replace(found, **{"revision": 1, **changes})


def evidence(at: datetime = NOW) -> Evidence:
    mark = Mark(at, at, "OR")
    period = Period(first_scan_at=at - timedelta(hours=2), physical=(mark,), delivered=(mark,))
    return Evidence(
        periods={PeriodKey("", 690, "ups"): period},
        retractions=frozenset({Retraction(at, "MP"), Retraction(at, "AA")}),
    )


def parcel(key: ParcelKey = UPS_NUMBER, **changes: Any) -> Parcel:
    one = claim()
    return replace(Parcel(key=key, evidence=evidence(), claims={one.key: one}), **changes)


def row(
    order_id: str = "114-1",
    *,
    category: str = "electronics",
    bucket: BucketKey = BUCKET,
    revision: int = 1,
    parcel_version: int = 0,
    is_tombstone: bool = False,
) -> PackageRow:
    said = claim(order_id, account=bucket.account, category=category, revision=revision)
    return PackageRow(
        key=RowKey(bucket, category, order_id, "1"),
        confirmation=said,
        evidence=evidence(),
        parcel_version=parcel_version,
        is_tombstone=is_tombstone,
    )


def counts(valid: int = 3) -> DayCounts:
    books: Mapping[Reason, int] = {Reason.VALID: valid, Reason.NO_SCAN: 1}
    return {"books": books, "électronique & co": {Reason.CARRIER_MISMATCH: 2}}
