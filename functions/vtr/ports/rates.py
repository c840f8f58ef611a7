"""What the use cases need of rates: counts by bucket and by day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol

from vtr.domain.packages import BucketKey
from vtr.domain.rates import DayCounts


class BucketCount(NamedTuple):
    """The counts of a bucket, by a recount that began at ``counted_from``."""

    counts: DayCounts
    counted_from: datetime


class DaySums(NamedTuple):
    """An account's counts by day; ``version`` counts their writes, and is 0 before the first."""

    days: Mapping[date, DayCounts]
    version: int = 0


class Rates(Protocol):
    """Counts by bucket, and by day over all buckets."""

    def bucket(self, key: BucketKey) -> BucketCount | None:
        """Return the last count of a bucket; strongly consistent."""
        ...

    def put_bucket(
        self, key: BucketKey, counts: DayCounts, counted_from: datetime, kept_until: date
    ) -> None:
        """Overwrite a bucket's counts, unless those of a later *counted_from* are there."""
        ...

    def buckets(self, account: str, first: date, last: date) -> Mapping[BucketKey, DayCounts]:
        """Return every bucket counted for these anchor days, both included; strongly consistent."""
        ...

    def days(self, account: str, *, consistent: bool = False) -> DaySums:
        """Return the counts by day that the rate is read from, in one read."""
        ...

    def put_days(self, account: str, sums: DaySums) -> None:
        """Overwrite the counts by day; raise ``ConflictError`` if their version changed."""
        ...

    def delete_account(self, account: str) -> int:
        """Delete all counts of an account; return how many items."""
        ...
