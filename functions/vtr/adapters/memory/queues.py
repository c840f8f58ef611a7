"""The queues in memory: what was sent, and when a recount is delivered."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.partitioning import cooldown_of
from vtr.ports.queues import Recount

BEGINNING = datetime.min.replace(tzinfo=UTC)


class MemoryRecounts:
    """Deliver a recount once its slot is over; repeated requests in a slot are merged."""

    def __init__(
        self, slot: timedelta = timedelta(0), clock: Callable[[], datetime] = lambda: BEGINNING
    ) -> None:
        self.waiting: dict[tuple[Recount, datetime | None], datetime] = {}
        self._slot = slot
        self._clock = clock

    def send(self, recounts: Iterable[Recount]) -> None:
        now = self._clock()
        until = self._slot_end(now)
        for recount in recounts:
            self.waiting.setdefault((replace(recount, until=until), until), now + self._slot)

    def _slot_end(self, now: datetime) -> datetime | None:
        if not self._slot:
            return None
        seconds = self._slot.total_seconds()
        return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)

    def cooldown(self, rows: int) -> timedelta:
        return cooldown_of(rows, self._slot)

    def due(self, now: datetime) -> list[Recount]:
        ready = [key for key, at in self.waiting.items() if at <= now]
        for key in ready:
            del self.waiting[key]
        return [recount for recount, _ in ready]


class QueuedDelivery(NamedTuple):
    """A delivery as one message carries it: whole, or one of its parts."""

    delivery: AcceptedDelivery
    archived: bool = False
    part: int = 0
    parts: int = 1


class MemoryDeliveries:
    def __init__(self) -> None:
        self.sent: list[QueuedDelivery] = []

    def send(self, delivery: AcceptedDelivery, *, archived: bool = False, parts: int = 1) -> None:
        self.sent.extend(QueuedDelivery(delivery, archived, part, parts) for part in range(parts))


class MemoryReportQueue:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, account: str, report_id: str) -> None:
        self.sent.append((account, report_id))
