"""What the use cases need of ended days: the archive of packages that are no longer kept."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from vtr.domain.packages import BucketKey
from vtr.domain.retention import EndedPackage


class EndedDays(Protocol):
    """The packages of days that have ended, one file a bucket."""

    def put(self, bucket: BucketKey, packages: Iterable[EndedPackage]) -> bool:
        """Archive a bucket, *packages* in key order; return False, and change nothing, if it is.

        What was archived stays as it is: neither a repetition nor a late scan may change it.
        """
        ...

    def buckets(self, account: str, first: date, last: date) -> frozenset[BucketKey]:
        """Return the archived buckets of an account's anchor days, both included."""
        ...

    def erase(self, bucket: BucketKey, order_id: str) -> int:
        """Erase an order's packages from an archived bucket, with all versions; return how many."""
        ...

    def delete(self, bucket: BucketKey) -> None:
        """Delete an archived bucket, with all versions."""
        ...

    def read(self, bucket: BucketKey) -> Iterator[EndedPackage]:
        """Yield the packages of an archived bucket, in key order."""
        ...
