"""One seller with a million packages a day, second by second: partitions, shards, freshness.

Packages and their first scans come in bursts. The rules are the real ones: where a package goes,
how many shards there are, how long a bucket rests, what is counted one after the other. Only the
rows are left out: a bucket is the number of them.
"""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from support.aws import main_template
from vtr.domain.packages import BucketKey
from vtr.domain.shards import rest_of, shard_of, shards_for
from vtr.use_cases.ports import Recount

PACKAGES = 1_000_000
HOUR, DAY = 3600, 86_400
ROWS_A_SECOND = 10_000
"""That a count reads; the cost model assumes the same."""

PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
ROWS_A_READ = 6
TODAY = date(2026, 11, 27)

_parameters = main_template()["Parameters"]
SLOT = int(_parameters["RecountSlotSeconds"]["Default"])
DELAY = int(_parameters["RecountDelaySeconds"]["Default"])
BUDGET = 120
"""From scan to rate, in seconds."""


def uploads(burst: int) -> dict[int, int]:
    """New packages by second: a batch each ten minutes of the day, as fast as *burst* a second."""
    batch, batches = PACKAGES // 72, [8 * HOUR + 600 * n for n in range(72)]
    found: Counter[int] = Counter()
    for begun in batches:
        for ahead in range(-(-batch // burst)):
            found[begun + ahead] += min(burst, batch - ahead * burst)
    return found


def pickups() -> dict[int, int]:
    """First scans by second: most in the evening's lorries, 20,000 a lorry; the rest by morning."""
    found: Counter[int] = Counter()
    for lorry in range(35):
        for ahead in range(40):
            found[20 * HOUR + 400 * lorry + ahead] += 500
    for second in range(24 * HOUR, 36 * HOUR):
        found[second] += 300_000 // (12 * HOUR)
    return found


@dataclass
class HotAccount:
    """The account's day, and the queue and counts of its buckets."""

    shards: int
    rows: Counter[int] = field(default_factory=Counter)
    counted: dict[int, tuple[int, int]] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: set[tuple[int, int]] = field(default_factory=set)
    queue: list[tuple[int, int]] = field(default_factory=list)
    busiest: int = 0
    lag: float = 0
    counts: int = 0

    def play(self, submitted: dict[int, int], scanned: dict[int, int]) -> None:
        placed: list[int] = []
        waiting = 0
        for second in range(40 * HOUR):
            if not (self.queue or second in submitted or second in scanned):
                continue
            writes: Counter[int] = Counter()
            for _ in range(submitted.get(second, 0)):
                shard = shard_of(f"114-{len(placed):07}", "1", self.shards)
                placed.append(shard)
                writes[shard] += 1
                self.rows[shard] += 1
            last = min(len(placed), waiting + scanned.get(second, 0))
            writes.update(placed[waiting:last])
            waiting = last
            self.busiest = max(self.busiest, *writes.values(), 0)
            for shard in writes:
                self.changed.setdefault(shard, second)
                self.ask(shard, second)
            while self.queue and self.queue[0][0] <= second:
                self.recount(heapq.heappop(self.queue)[1], second)
        assert PACKAGES * 0.95 < waiting <= len(placed)

    def ask(self, shard: int, second: int) -> None:
        """As the queue does: once a slot, and handed out after the delay."""
        if (shard, second // SLOT) not in self.seen:
            self.seen.add((shard, second // SLOT))
            heapq.heappush(self.queue, (second + DELAY, shard))

    def recount(self, shard: int, second: int) -> None:
        group = Recount(BucketKey("hot", TODAY, shard)).group
        if self.busy[group] > second:  # the group's last count still runs
            heapq.heappush(self.queue, (second + 1, shard))
            return
        before, rows = self.counted.get(shard, (-DAY, 0))
        if second < before + rest_of(rows, timedelta(seconds=SLOT)).total_seconds():
            self.ask(shard, second)
            return
        done = second + self.rows[shard] / ROWS_A_SECOND
        self.busy[group] = done
        self.counted[shard] = second, self.rows[shard]
        self.counts += 1
        if shard in self.changed:
            self.lag = max(self.lag, done - self.changed.pop(shard))
        known = sum(rows for _, rows in self.counted.values())
        self.shards = shards_for([known], self.shards)


@pytest.fixture(scope="module")
def first_day() -> HotAccount:
    """A seller nobody knew to be so large: one shard, and the limits of any account."""
    account = HotAccount(shards=1)
    account.play(uploads(burst=500), pickups())
    return account


@pytest.fixture(scope="module")
def later_day() -> HotAccount:
    """The same seller once its shards have grown, with limits raised for it."""
    account = HotAccount(shards=64)
    account.play(uploads(burst=4_000), pickups())
    return account


def test_no_partition_takes_more_writes_than_it_can(
    first_day: HotAccount, later_day: HotAccount
) -> None:
    assert first_day.busiest < PARTITION_WRITES
    assert later_day.busiest < PARTITION_WRITES / 5


def test_the_shards_of_a_seller_grow_with_its_first_day(first_day: HotAccount) -> None:
    assert first_day.shards == 64
    assert max(first_day.rows.values()) < 8 * PACKAGES / 64


def test_a_change_is_in_the_rate_within_two_minutes(
    first_day: HotAccount, later_day: HotAccount
) -> None:
    assert first_day.lag < BUDGET
    assert later_day.lag < BUDGET


def test_a_large_bucket_is_counted_less_often_than_once_a_slot(later_day: HotAccount) -> None:
    active = 15 * HOUR
    assert later_day.counts < 64 * active / SLOT / 2


def test_a_count_asks_no_partition_for_more_reads_than_it_can_give(later_day: HotAccount) -> None:
    assert max(later_day.rows.values()) / ROWS_A_READ < PARTITION_READS * 2
