"""Archive a bucket whose day has ended, before what is stored of it expires."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, RowClaim, Statement
from vtr.domain.retention import EndedPackage, ends_on, has_ended
from vtr.ports import Ports
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.judge import judge, judged
from vtr.use_cases.policy_in_force import policy_on

PAGE = 200


@dataclass(frozen=True, slots=True)
class Archived:
    """The result: how many packages were archived now, and ``days_late`` for the first time.

    None are where there was no package, or where the bucket had been archived before.
    """

    packages: int = 0
    days_late: int = 0


def archive_day(ports: Ports, bucket: BucketKey, now: datetime) -> Archived:
    """Archive the packages of a bucket as they count on the day on which it ends.

    The bucket is one file, written whole or not at all, and never again: a run that is cut off or
    repeated changes nothing. A bucket without packages has none.
    """
    rules = policy_on(ports, account_of(ports, bucket.account).policy, bucket.day)
    if not has_ended(bucket.day, rules, now):
        return Archived()
    if bucket in ports.ended_days.buckets(bucket.account, bucket.day, bucket.day):
        return Archived()
    packages = _ended_packages(ports, bucket, now)
    first = next(packages, None)
    if first is None:
        return Archived()
    counted = _Counted(chain([first], packages))
    if not ports.ended_days.put(bucket, counted):
        return Archived()
    late = rules.day_of(now) - ends_on(bucket.day, rules)
    return Archived(counted.packages, late.days)


class _Counted:
    """An iterator that knows how many it has passed on."""

    def __init__(self, packages: Iterator[EndedPackage]) -> None:
        self._packages = packages
        self.packages = 0

    def __iter__(self) -> Iterator[EndedPackage]:
        for package in self._packages:
            self.packages += 1
            yield package


def _ended_packages(ports: Ports, bucket: BucketKey, now: datetime) -> Iterator[EndedPackage]:
    """Yield a bucket's packages, judged by their parcels: a row may lack what does not count."""
    after, more = None, True
    while more:
        page = ports.packages.claims(bucket, after=after, limit=PAGE)
        yield from _judged(ports, page.rows, now)
        more, after = page.more, page.rows[-1].key if page.rows else None


def _judged(ports: Ports, rows: Sequence[RowClaim], now: datetime) -> Iterator[EndedPackage]:
    claims = [row.confirmation for row in rows]
    parcels = ports.parcels.get_many({claim.parcel for claim in claims if claim.parcel})
    orders = ports.orders.get_many({(claim.account, claim.order_id) for claim in claims})
    for claim in claims:
        row = judge(ports, claim, parcels.get(claim.parcel) if claim.parcel else None)
        yield EndedPackage(
            confirmation=claim,
            history=_history(orders, claim),
            verdict=judged(ports, row, now).verdict,
            evidence=row.evidence,
        )


def _history(orders: Mapping[tuple[str, str], Order], claim: Confirmation) -> tuple[Statement, ...]:
    order = orders.get((claim.account, claim.order_id))
    package = order.packages.get(claim.package_id) if order else None
    return package.history if package else ()
