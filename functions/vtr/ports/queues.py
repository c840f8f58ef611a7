"""What the use cases queue for later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from vtr.domain.packages import BucketKey


@dataclass(frozen=True, slots=True)
class Recount:
    """A bucket to recount; ``reconcile`` first judges every row anew from orders and parcels.

    ``until``: every change that the request stands for was made before; the queue sets it.
    ``archive``: its day has ended, so its packages are archived in place of that.
    """

    bucket: BucketKey
    reconcile: bool = False
    until: datetime | None = field(default=None, compare=False)
    archive: bool = False

    @property
    def group(self) -> str:
        """The message group, of which one message is out at a time: ``recount#acme#0#2026-11-20``.

        A bucket is not counted twice at once, and one that is cooling down keeps no other waiting.
        Reconciles go shard by shard, ``reconcile#acme#0``, and so do archives: a night is not to be
        done all at once.
        """
        shard = f"{self.bucket.account}#{self.bucket.shard}"
        if self.archive:
            return f"archive#{shard}"
        return f"reconcile#{shard}" if self.reconcile else f"recount#{shard}#{self.bucket.day}"


class RecountQueue(Protocol):
    def send(self, recounts: Iterable[Recount]) -> None:
        """Request recounts, each at most once per time slot, to run once the slot is over."""
        ...

    def cooldown(self, rows: int) -> timedelta:
        """Return the cooldown between two counts of a bucket of this many rows, in whole slots."""
        ...


class ReportQueue(Protocol):
    def send(self, account: str, report_id: str) -> None: ...
