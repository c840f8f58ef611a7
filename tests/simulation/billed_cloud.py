"""AWS in virtual time: functions side by side, a FIFO queue, and partitions billed by the second.

A row of ``BilledPackages`` stands for ``SAMPLE`` packages: it takes as long to read, and as many
units. A count reads and judges ``ROWS_A_SECOND``, as the cost model assumes; a roll-up takes as
long as a row. No call is throttled.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count, islice
from math import ceil
from threading import Semaphore, Thread, local
from typing import Any, NamedTuple

from simulation.stage import REMEMBERED
from support.aws import functions, main_template
from support.capacity import READ_BYTES, WRITE_BYTES, size_of
from vtr.adapters.dynamodb.codec import dump_counts
from vtr.adapters.dynamodb.table_keys import package_pk
from vtr.adapters.dynamodb.tables import RateItem
from vtr.adapters.memory.stores import MemoryPackages, MemoryRates
from vtr.domain.packages import BucketKey, PackageRow
from vtr.domain.rates import DayCounts
from vtr.ports.packages import RowPage
from vtr.ports.rates import BucketCount, DaySums
from vtr_cost.prices import item_bytes
from vtr_cost.traffic import KEPT_DAYS, ROWS_A_SECOND

SAMPLE = 500
"""Packages that a row stands for."""

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
CALL = timedelta(milliseconds=10)
"""That a call to AWS takes; six of them are the 60 ms that the cost model gives a recount."""

ROW_BYTES = item_bytes()["PackagesTable"]

_slot = main_template()["Parameters"]["RecountSlotSeconds"]["Default"]
SLOT = timedelta(seconds=_slot)
DELAY = timedelta(seconds=main_template()["Mappings"]["RecountDelay"][str(_slot)]["Seconds"])
BATCH: int = functions()["recompute_rates"]["Events"]["Recounts"]["Properties"]["BatchSize"]


class Clock:
    """Virtual time. Works run side by side, one at a time: whichever is due first."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self._handed_back = Semaphore(0)
        self._failed: list[BaseException] = []

    def plan(self, at: datetime, do: Callable[[], None]) -> None:
        heappush(self._agenda, (at, next(self._numbers), do))

    def run(self, until: datetime) -> None:
        """Do what is planned until then."""
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, do = heappop(self._agenda)
            do()
            if self._failed:
                raise self._failed[0]
        self.now = until

    def begin(self, work: Callable[[], None]) -> None:
        """Run a process until its first ``takes``, and the rest of it when its time comes."""

        def in_its_thread() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised again by ``run``
                self._failed.append(error)
            self._handed_back.release()

        Thread(target=in_its_thread, daemon=True).start()
        self._handed_back.acquire()

    def takes(self, duration: timedelta) -> None:
        """Let the other processes run for this long."""
        turn = Semaphore(0)

        def go_on() -> None:
            turn.release()
            self._handed_back.acquire()

        self.plan(self.now + duration, go_on)
        self._handed_back.release()
        turn.acquire()


class Message(NamedTuple):
    """A message that may be received ``since`` then; ``chain``: of how many functions it comes.

    Lambda counts the functions of a chain, each called by a message of the one before, and by
    default stops it at sixteen. What it counts for a batch it does not say: here, the longest chain
    of its messages.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """

    since: datetime
    group: str
    body: str
    chain: int
    receives: int = 0


class FifoQueue:
    """The client of a FIFO queue, and the functions that empty it.

    A message waits for the delay and for its group; one sent again within five minutes is dropped.
    Lambda polls each second, and delivers up to *batch* messages to a function, which processes
    them one after the other; all their groups are busy until it ends. Lambda promises no more than
    "up to": full batches make messages wait, and batches of one bring the most reads at once.
    *work* says for how long a message is to be hidden that it did not do; its group stays busy.
    """

    def __init__(
        self,
        clock: Clock,
        meter: "Meter",
        batch: int,
        work: Callable[[str], timedelta | None],
    ) -> None:
        self._clock, self._meter, self._batch, self._work = clock, meter, batch, work
        self._sent: dict[str, datetime] = {}
        self._waiting: list[Message] = []
        self._busy: set[str] = set()
        self._looks = False
        self._free_since: dict[str, datetime] = {}
        self._running = local()
        self.waits: list[timedelta] = []
        self.longest_chain = 0
        self.most_receives = 0

    def send_message_batch(self, *, QueueUrl: str, Entries: Any) -> Mapping[str, Any]:  # noqa: ARG002, N803 - as boto3 has it
        chain = getattr(self._running, "chain", 0)
        for entry in Entries:
            sent = self._sent.get(entry["MessageDeduplicationId"])
            if sent is None or self._clock.now - sent > REMEMBERED:
                self._sent[entry["MessageDeduplicationId"]] = self._clock.now
                at = self._clock.now + DELAY
                message = Message(at, entry["MessageGroupId"], entry["MessageBody"], chain)
                self._clock.plan(at, partial(self._arrive, message))
        return {}

    def _arrive(self, message: Message) -> None:
        self._waiting.append(message)
        self._look_soon()

    def _come_again(self, message: Message) -> None:
        self._busy.discard(message.group)
        self._free_since[message.group] = self._clock.now
        self._waiting.insert(0, message)
        self._look_soon()

    def _look_soon(self) -> None:
        if not self._looks:
            self._looks = True
            self._clock.plan(self._clock.now + SECOND, self._look)

    def _look(self) -> None:
        self._looks = False
        waiting, self._waiting = self._waiting, []
        free: dict[str, Message] = {}
        for message in waiting:
            if message.group in free or message.group in self._busy:
                self._waiting.append(message)
            else:
                free[message.group] = message._replace(receives=message.receives + 1)
                if self._meter.open:
                    could = self._free_since.get(message.group, message.since)
                    self.waits.append(self._clock.now - max(message.since, could))
        self._busy.update(free)
        messages = iter(free.values())
        while batch := list(islice(messages, self._batch)):
            self._clock.begin(partial(self._work_off, batch))

    def _work_off(self, batch: Sequence[Message]) -> None:
        self._running.chain = max(message.chain for message in batch) + 1
        self.longest_chain = max(self.longest_chain, self._running.chain)
        done = set()
        for message in batch:
            self.most_receives = max(self.most_receives, message.receives)
            if hidden := self._work(message.body):
                again = self._clock.now + hidden
                self._clock.plan(again, partial(self._come_again, message._replace(since=again)))
            else:
                done.add(message.group)
        self._busy -= done
        if self._waiting:
            self._look_soon()


class Meter:
    """Units a second of each partition; only what is *open* is measured."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.open = False
        self.units: Counter[tuple[str, str, datetime]] = Counter()

    def add(self, what: str, partition: str, units: float) -> None:
        if self.open:
            self.units[what, partition, self._clock.now.replace(microsecond=0)] += units  # type: ignore[assignment]

    def busiest(self, what: str) -> float:
        """The most units that any partition had in any second."""
        return max((n for (name, *_), n in self.units.items() if name == what), default=0)


class BilledPackages(MemoryPackages):
    """Buckets that take as long to read as they have packages."""

    def __init__(self, clock: Clock, meter: Meter) -> None:
        super().__init__(page_size=10**9)
        self._clock, self._meter = clock, meter
        self.read_at: dict[BucketKey, datetime] = {}

    def page(self, bucket: BucketKey, **wanted: Any) -> RowPage[PackageRow]:
        self.read_at[bucket] = self._clock.now
        found = super().page(bucket, **wanted)
        left = len(found.rows) * SAMPLE
        while left > 0:
            rows = min(left, ROWS_A_SECOND)
            units = ceil(rows * ROW_BYTES / READ_BYTES)
            self._meter.add("read packages", package_pk(bucket), units)
            self._clock.takes(SECOND * rows / ROWS_A_SECOND)
            left -= rows
        return found


class BilledRates(MemoryRates):
    """Roll-ups that take time, and units by the size that they have in DynamoDB.

    The days of the window that are not played are billed as if they were: as many roll-ups as the
    account has shards, which is what the day rollover leaves behind.
    """

    def __init__(self, clock: Clock, meter: Meter, shards: Callable[[], int]) -> None:
        super().__init__()
        self._clock, self._meter, self._shards = clock, meter, shards
        self._sizes: dict[BucketKey, int] = {}
        self._sums: dict[str, int] = {}
        self.changes: Counter[BucketKey] = Counter()

    def bucket(self, key: BucketKey) -> BucketCount | None:
        self._takes("read rates", key.account, 1)
        known = super().bucket(key)
        return known and known._replace(counts=with_fraction(known.counts, -self._fraction_of(key)))

    def put_bucket(
        self, key: BucketKey, counts: DayCounts, counted_from: datetime, kept_until: date
    ) -> None:
        counts = with_fraction(counts, self._fraction_of(key))
        self._sizes[key] = _bytes(f"BUCKET#{key.day}#{key.shard}", scaled(counts), 10**15)
        self._takes("write rates", key.account, ceil(self._sizes[key] / WRITE_BYTES))
        super().put_bucket(key, counts, counted_from, kept_until)

    def buckets(self, account: str, first: date, last: date) -> Mapping[BucketKey, DayCounts]:
        found = super().buckets(account, first, last)
        not_played = (last - first).days + 1 - len({key.day for key in found})
        rollups = len(found) + not_played * self._shards()
        total = sum(self._sizes[key] for key in found) * rollups / max(len(found), 1)
        self._takes("read rates", account, ceil(total / READ_BYTES), rollups)
        return found

    def days(self, account: str, *, consistent: bool = False) -> DaySums:
        days = super().days(account).days
        self._takes("read rates", account, ceil(self._bytes_of(days) / READ_BYTES))
        return super().days(account, consistent=consistent)

    def put_days(self, account: str, sums: DaySums) -> None:
        self._takes("write rates", account, ceil(self._bytes_of(sums.days) / WRITE_BYTES))
        super().put_days(account, sums)

    def _bytes_of(self, days: Mapping[date, DayCounts]) -> int:
        """The size of the account's sum, with the other days that are kept like those played."""
        played = list(days.values())
        found = [len(reasons) for counts in played for reasons in counts.values()]
        if str(found) not in self._sums:
            kept = {
                f"2026-11-{n:02}": scaled(played[n % len(played)], n)
                for n in range(KEPT_DAYS if played else 0)
            }
            self._sums[str(found)] = _bytes("RATE#current", kept)
        return self._sums[str(found)]

    def _fraction_of(self, key: BucketKey) -> float:
        """What makes the counts of a bucket differ when only packages changed that are no rows."""
        return self.changes[key] % 1024 / 2**20

    def _takes(self, what: str, partition: str, units: float, rollups: int = 0) -> None:
        self._meter.add(what, partition, units)
        self._clock.takes(CALL + SECOND * rollups / ROWS_A_SECOND)


def scaled(counts: DayCounts, day: int = 0) -> DayCounts:
    """Counts of as many digits as those of all packages have, others for each day."""
    return {
        category: {reason: int(n * (SAMPLE - 3 - day)) for reason, n in reasons.items()}
        for category, reasons in counts.items()
    }


def with_fraction(counts: DayCounts, fraction: float) -> Any:
    """Counts that differ from those with another fraction, and are of as many rows."""
    return {
        category: {reason: n + fraction for reason, n in reasons.items()}
        for category, reasons in counts.items()
    }


def _bytes(sk: str, counts: Mapping[str, Any], counted_from: int | None = None) -> int:
    item = RateItem("hot", sk, counts=dump_counts(counts), counted_from=counted_from)
    return size_of(item.serialize())
