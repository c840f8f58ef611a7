"""What the use cases queue for later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from vtr.domain.packages import BucketKey


@dataclass(frozen=True, slots=True)
class Recount:
    """A bucket to recount; ``reconcile`` first judges every row anew from orders and parcels."""

    bucket: BucketKey
    reconcile: bool = False

    @property
    def group(self) -> str:
        """The message group, within which recounts run in order: ``recount#acme#0``.

        A bucket's counts keep their order; a large account's shards are counted in parallel.
        """
        what = "reconcile" if self.reconcile else "recount"
        return f"{what}#{self.bucket.account}#{self.bucket.shard}"


class RecountQueue(Protocol):
    def send(self, recounts: Iterable[Recount]) -> None:
        """Request recounts, each at most once per time slot, to run once the slot is over."""
        ...

    def cooldown(self, rows: int) -> timedelta:
        """Return the cooldown between two counts of a bucket of this many rows, in whole slots."""
        ...


class ReportQueue(Protocol):
    def send(self, account: str, report_id: str) -> None: ...
