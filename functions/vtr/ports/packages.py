"""What the use cases need of judged packages, the join of orders and parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from vtr.domain.packages import BucketKey, PackageRow, RowClaim, RowKey

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RowPage(Generic[R]):
    """Rows of one bucket in key order; ``more`` if the bucket holds further ones."""

    rows: Sequence[R]
    more: bool


class Packages(Protocol):
    """The join of orders and parcels, by account and anchor day: a projection; may be rebuilt."""

    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None: ...

    def put(self, row: PackageRow) -> None:
        """Save a row unless a later one is there already."""
        ...

    def delete(self, key: RowKey) -> None:
        """Delete a row, or its tombstone, whatever is there."""
        ...

    def delete_bucket(self, bucket: BucketKey) -> int:
        """Delete all that lies in a bucket, tombstones too; return how many items."""
        ...

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[PackageRow]:
        """Return one page of a bucket without tombstones; strongly consistent."""
        ...

    def claims(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[RowClaim]:
        """Return the same page's claims."""
        ...
