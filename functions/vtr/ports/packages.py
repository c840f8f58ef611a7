"""What the use cases need of judged packages, the join of orders and parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from vtr.domain.packages import BucketKey, PackageRow, RowClaim, RowKey

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RowPage(Generic[R]):
    """Rows of one bucket in key order; ``more`` where the bucket holds further ones."""

    rows: Sequence[R]
    more: bool


class Packages(Protocol):
    """The join of the two truths, by account and anchor day. Derived; may be rebuilt."""

    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None: ...

    def put(self, row: PackageRow) -> None:
        """Write a row unless a later one is there already."""
        ...

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[PackageRow]:
        """One page of a bucket, strongly consistent, tombstones left out."""
        ...

    def claims(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[RowClaim]:
        """The same page's claims."""
        ...
