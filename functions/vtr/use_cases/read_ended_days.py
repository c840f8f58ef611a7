"""Read the packages of days that have ended, from their archive."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey, RowKey
from vtr.domain.verdict import JudgedPackage
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import row_key
from vtr.use_cases.read_packages import PAGE, PackageFilter, buckets_from, judge_now

Page = tuple[Iterable[JudgedPackage], RowKey]


def read_ended(
    ports: Ports, account: Account, wanted: PackageFilter, after: RowKey | None, now: datetime
) -> Iterator[Page]:
    """Yield pages of packages, newest day first, each with its last row; *after* is where to go on.

    A bucket that is not archived yet, on the morning after its day's end, is read from its rows.
    """
    archived = ports.ended_days.buckets(account.id, wanted.first_day, wanted.last_day)
    for bucket in buckets_from(account, wanted, after):
        since = after if after is not None and after.bucket == bucket else None
        if bucket in archived:
            yield from _archived(ports, bucket, wanted.category, since)
        else:
            yield from _stored(ports, bucket, wanted.category, since, now)


def _archived(
    ports: Ports, bucket: BucketKey, category: str | None, after: RowKey | None
) -> Iterator[Page]:
    packages = (
        JudgedPackage(package.confirmation, package.verdict)
        for package in ports.ended_days.read(bucket)
        if category in {None, package.confirmation.category}
        and (after is None or _place(row_key(package.confirmation, bucket.day)) > _place(after))
    )
    while page := list(islice(packages, PAGE)):
        yield page, row_key(page[-1].confirmation, bucket.day)


def _place(key: RowKey) -> str:
    """Return what rows of a bucket are in order of."""
    return f"{key.category}#{key.order_id}#{key.package_id}"


def _stored(
    ports: Ports, bucket: BucketKey, category: str | None, after: RowKey | None, now: datetime
) -> Iterator[Page]:
    page = ports.packages.claims(bucket, after=after, category=category)
    while page.rows:
        judged = judge_now(ports, [row.confirmation for row in page.rows], now)
        yield judged, page.rows[-1].key
        if not page.more:
            return
        page = ports.packages.claims(bucket, after=page.rows[-1].key, category=category)
