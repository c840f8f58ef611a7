"""What the use cases ask others to do later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from vtr.domain.packages import BucketKey


@dataclass(frozen=True, slots=True)
class Recount:
    """A bucket to count again; ``reconcile`` judges every row afresh from the two truths."""

    bucket: BucketKey
    reconcile: bool = False

    @property
    def group(self) -> str:
        """What is counted one after the other: ``recount#acme#0``.

        A bucket's counts keep their order, and a large account's shards are counted side by side.
        """
        what = "reconcile" if self.reconcile else "recount"
        return f"{what}#{self.bucket.account}#{self.bucket.shard}"


class RecountQueue(Protocol):
    def send(self, recounts: Iterable[Recount]) -> None:
        """Ask for recounts, each at most once a time slot, to run once the slot is over."""
        ...

    def cooldown(self, rows: int) -> timedelta:
        """How long a bucket of so many rows rests between two counts, by the slot."""
        ...


class ReportQueue(Protocol):
    def send(self, account: str, report_id: str) -> None: ...
