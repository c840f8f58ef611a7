"""One account with a million packages a day: partitions, shards, cooldowns and freshness hold.

The code decides everything: where a package goes, what a recount reads, sums and writes, when it
is postponed, when an account gets more shards. ``billed_cloud`` is the AWS around it.

Every package goes through ``shard_of`` and is a write to its shard, and so is every first scan.
Each ``SAMPLE``-th package of a shard is also submitted and scanned by the use cases, and is a row;
the others only ask for a recount, and what they change is a fraction in the counts. The thresholds
of ``vtr.domain.partitioning`` that are numbers of rows are divided by ``SAMPLE``.
The busiest minutes of a day are played by the second, in their true proportions, and measured; the
rest comes in three lumps, so that buckets are full and are counted.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from math import ceil
from operator import sub
from random import Random
from typing import Any

import pytest

from simulation.billed_cloud import (
    BATCH,
    SAMPLE,
    SECOND,
    SLOT,
    BilledPackages,
    BilledRates,
    Clock,
    FifoQueue,
    Meter,
)
from support.builders import a_scan, a_submission, some_facts
from vtr.adapters.dynamodb.accounts import FRESH_SECONDS
from vtr.adapters.dynamodb.table_keys import package_pk
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.stores import MemoryRates
from vtr.adapters.sqs import SqsRecounts
from vtr.domain import partitioning as shards
from vtr.domain.limits import DEFAULT_LIMITS
from vtr.domain.packages import BucketKey
from vtr.domain.partitioning import shard_of, shards_for
from vtr.domain.submissions import Submission
from vtr.messages import RecountMessage, read_message
from vtr.ports.queues import Recount
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.manage_keys import open_account
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount
from vtr.use_cases.submit import confirm_package

HOUR = timedelta(hours=1)
CATEGORIES = [f"Category {letter}" for letter in "ABCDEFGHIJ"]

PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
FRESH = 120
"""The seconds within which 99 of 100 changes are in the rate."""

MILLION = 1_000_000
GROWING = (20_000, 80_000, 320_000, MILLION)
BURST = DEFAULT_LIMITS.lines // 60
"""Packages a second that any account may send in a batch; one that is given more may send more."""
RAISED_BURST = 4_000

PEAK_HOUR, PEAK_MINUTE = 4, 2
"""The busiest hour against a mean one, and the busiest minute against the mean one of that hour."""

LUMPS, BUSIEST = (8, 12, 16), 20
"""The hours of a day at which what is not played by the second comes, and when that begins."""

MONDAY = date(2026, 11, 23)
EARLIER = datetime.min.replace(tzinfo=UTC)


class HotAccount:
    """The account, what it sends, and what comes of it while the ``meter`` is open.

    ``rows`` are packages by bucket, ``lags`` changes of verdict by the seconds until the rate had
    them, ``counts`` the moments at which each bucket was counted.
    """

    def __init__(self, *, shards: int = 1, batch: int = BATCH) -> None:
        self.clock = Clock(datetime.combine(MONDAY, time(), UTC))
        self.meter = Meter(self.clock)
        self.queue = FifoQueue(self.clock, self.meter, batch, self._recount)
        self._packages = BilledPackages(self.clock, self.meter)
        self._rates = BilledRates(self.clock, self.meter, lambda: self.shards)
        client: Any = self.queue
        slot = int(SLOT.total_seconds())
        recounts: Any = SqsRecounts(client, "", slot, lambda: self.clock.now)
        self.ports = MemoryPorts(packages=self._packages, rates=self._rates, recounts=recounts)
        open_account(self.ports, "hot", "amazon-us")
        self.ports.accounts.grow("hot", shards)
        self._seen, self._seen_at = account_of(self.ports, "hot"), self.clock.now
        self._placed: list[BucketKey] = []
        self._played: set[int] = set()
        self._scanned = 0
        self._unseen: dict[BucketKey, list[tuple[datetime, int]]] = defaultdict(list)
        self._outgrown_since: datetime | None = None
        self.rows: Counter[BucketKey] = Counter()
        self.lags: Counter[int] = Counter()
        self.counts: dict[BucketKey, list[datetime]] = defaultdict(list)
        self._outgrown = timedelta(0)

    @property
    def shards(self) -> int:
        return account_of(self.ports, "hot").shards

    @property
    def outgrown(self) -> timedelta:
        """The longest time in which new packages went to fewer shards than their day asks for."""
        still = self.clock.now - self._outgrown_since if self._outgrown_since else SECOND
        return max(self._outgrown, still)

    @property
    def uncounted(self) -> int:
        """Rows that the rate lacks."""
        days = MemoryRates.days(self._rates, "hot").days
        counted = sum(
            int(n) for day in days.values() for reasons in day.values() for n in reasons.values()
        )
        return len(self._played) - counted

    @property
    def unseen(self) -> list[list[tuple[datetime, int]]]:
        """The changes of each bucket that the rate lacks."""
        return list(self._unseen.values())

    def lag(self, share: float) -> int:
        """The seconds within which this share of the changes was in the rate."""
        seconds = sorted(self.lags)
        reached = list(accumulate(self.lags[each] for each in seconds))
        return seconds[bisect_left(reached, share * reached[-1])]

    def rests(self) -> list[timedelta]:
        """The times between the beginnings of two counts of a bucket."""
        return [
            after - before for counts in self.counts.values() for before, after in pairwise(counts)
        ]

    def day(self, packages: int, *, minutes: int, burst: int) -> None:
        """Play a day of this many packages, and its busiest minutes second by second.

        The first of these is the busiest of all, and its packages come in one batch, *burst* a
        second. As many packages are scanned for the first time as are sent.
        """
        begins = self.clock.now
        in_a_minute = packages * PEAK_HOUR / 24 / 60
        measured = round(in_a_minute * (minutes - 1 + PEAK_MINUTE))
        for hour in LUMPS:
            self.clock.run(begins + hour * HOUR)
            self.send((packages - measured) // len(LUMPS))
            self.scan((packages - measured) // len(LUMPS) // 2)
        self.clock.run(begins + BUSIEST * HOUR)
        self.meter.open = True
        for second, (sent, scanned) in enumerate(_arrivals(in_a_minute, minutes, burst)):
            self.clock.run(begins + BUSIEST * HOUR + second * SECOND)
            self.send(sent)
            self.scan(scanned)
        self.meter.open = False
        self.clock.run(begins + 24 * HOUR)

    def send(self, packages: int) -> None:
        """Submit packages, by an environment that looks for the account's shards now and then."""
        now, first = self.clock.now, len(self._placed)
        if now - self._seen_at >= FRESH_SECONDS * SECOND:
            self._seen, self._seen_at = account_of(self.ports, "hot"), now
        buckets = [BucketKey("hot", now.date(), shard) for shard in range(self._seen.shards)]
        before = [self.rows[bucket] for bucket in buckets]
        rows = before.copy()
        for number in range(first, first + packages):
            shard = shard_of(order_id(number), "1", len(buckets))
            self._placed.append(buckets[shard])
            rows[shard] += 1
            if rows[shard] % SAMPLE == 0:
                self._played.add(number)
                confirm_package(self.ports, self._seen, submission(number, now), now)
        added = +Counter(dict(zip(buckets, map(sub, rows, before), strict=True)))
        self.rows += added
        self.change(added)
        self._look_whether_outgrown()

    def scan(self, packages: int) -> None:
        """The first physical scans of those packages that have waited longest."""
        now, first = self.clock.now, self._scanned
        self._scanned = min(first + packages, len(self._placed))
        for number in range(first, self._scanned):
            if number in self._played:
                record_scans(self.ports, [a_scan(at=now, number=ups_number(number))], now)
        self.change(Counter(self._placed[first : self._scanned]))

    def keep_asking(self, packages: int, *, minutes: int) -> None:
        """Ask each second for a recount of a bucket of this many packages, whose counts stay."""
        self.send(packages)
        self.clock.run(self.clock.now + HOUR)
        self.meter.open = True
        for _ in range(60 * minutes):
            self.ports.recounts.send([Recount(self._placed[0])])
            self.clock.run(self.clock.now + SECOND)
        self.meter.open = False

    def keep_changing(self, packages: int, *, minutes: int, chance: Random) -> None:
        """Change a package of each shard now and then, each shard at moments of its own."""
        self.send(packages * self.shards)
        self.clock.run(self.clock.now + HOUR)
        self.meter.open = True
        buckets = sorted(self.rows)
        ends = self.clock.now + minutes * timedelta(minutes=1)
        while self.clock.now < ends:
            self.clock.run(self.clock.now + chance.uniform(5, 25) / len(buckets) * SECOND)
            self.change({chance.choice(buckets): 1})
        self.meter.open = False
        self.clock.run(ends + HOUR)

    def change(self, verdicts: Mapping[BucketKey, int]) -> None:
        """Change this many verdicts: each is a write, and asks for a recount."""
        for bucket, changes in verdicts.items():
            self._rates.changes[bucket] += changes
            self.meter.add("write packages", package_pk(bucket), changes)
            if self.meter.open:
                self._unseen[bucket].append((self.clock.now, changes))
        self.ports.recounts.send([Recount(bucket) for bucket in sorted(verdicts)])

    def _recount(self, body: str) -> timedelta | None:
        task, began = read_message(body, RecountMessage).recount, self.clock.now
        if left := recount(self.ports, task, began).postponed:
            return left
        if self._packages.read_at.get(task.bucket, EARLIER) < began:
            return None  # it was counted already
        if self.meter.open:
            self.counts[task.bucket].append(began)
        unseen, self._unseen[task.bucket] = self._unseen[task.bucket], []
        for at, changes in unseen:
            if at <= self._packages.read_at[task.bucket]:
                self.lags[ceil((self.clock.now - at).total_seconds())] += changes
            else:
                self._unseen[task.bucket].append((at, changes))
        self._look_whether_outgrown()
        return None

    def _look_whether_outgrown(self) -> None:
        """Environments that have just looked see the new shards a while later."""
        today = sum(n for bucket, n in self.rows.items() if bucket.day == self.clock.now.date())
        now, outgrown = self.clock.now, shards_for([today // SAMPLE], self.shards) > self.shards
        if outgrown:
            self._outgrown_since = self._outgrown_since or now
        elif self._outgrown_since:
            lasted = now - self._outgrown_since + FRESH_SECONDS * SECOND
            self._outgrown, self._outgrown_since = max(self._outgrown, lasted), None


def order_id(number: int) -> str:
    return f"114-{number:07}"


def ups_number(number: int) -> str:
    return f"1Z999AA1{number:010}"


def submission(number: int, now: datetime) -> Submission:
    category = CATEGORIES[number % len(CATEGORIES)]
    return a_submission(
        order_id=order_id(number),
        tracking_number=ups_number(number),
        ship_date=now.date(),
        facts=some_facts(placed_at=now - 24 * HOUR, category=category),
    )


def _arrivals(in_a_minute: float, minutes: int, burst: int) -> Iterator[tuple[int, int]]:
    """Packages and first scans of each second of the busiest minutes."""
    left = round(in_a_minute * PEAK_MINUTE)
    for _ in range(60):
        sent = min(left, burst)
        left -= sent
        yield sent, round(in_a_minute * PEAK_MINUTE / 60)
    for second in range(60 * (minutes - 1)):
        before, after = (int(in_a_minute * each / 60) for each in (second, second + 1))
        yield after - before, after - before


@contextmanager
def sampled() -> Iterator[pytest.MonkeyPatch]:
    """Rows stand for ``SAMPLE`` packages, and so do the thresholds that are numbers of rows."""
    with pytest.MonkeyPatch.context() as patch:
        for threshold in ("ROWS_A_SHARD", "ROWS_A_SLOT"):
            patch.setattr(shards, threshold, getattr(shards, threshold) // SAMPLE)
        yield patch


Check = Callable[[HotAccount], None]


def grown() -> HotAccount:
    """From one shard to a million packages a day, in four days."""
    with sampled():
        account = HotAccount()
        for packages in GROWING:
            account.day(packages, minutes=3, burst=BURST if packages < MILLION else RAISED_BURST)
        return account


growing = pytest.fixture(scope="module")(grown)


@pytest.fixture(scope="module")
def not_growing() -> HotAccount:
    """A day of a million in one shard."""
    with sampled() as patch:
        patch.setattr(shards, "MOST_SHARDS", 1)
        return day_of_a_million(HotAccount())


def day_of_a_million(account: HotAccount) -> HotAccount:
    account.day(MILLION, minutes=1, burst=RAISED_BURST)
    return account


@pytest.fixture(scope="module")
def at_once() -> HotAccount:
    """A day of a million in 64 shards, each recount handed to a function of its own."""
    with sampled():
        return day_of_a_million(HotAccount(shards=64, batch=1))


def check_writes(account: HotAccount) -> None:
    """A fifth of what a partition takes; so no item takes more, not the account's sum either."""
    assert account.meter.busiest("write packages") < PARTITION_WRITES / 5
    assert account.meter.busiest("write rates") < PARTITION_WRITES / 5


def check_reads(account: HotAccount) -> None:
    assert account.meter.busiest("read packages") < PARTITION_READS
    assert account.meter.busiest("read rates") < PARTITION_READS


def check_growth(account: HotAccount) -> None:
    """A day that asks for more shards has them in a few minutes; so no bucket grows out of hand."""
    assert account.shards == 64
    assert account.outgrown < timedelta(minutes=3)
    assert max(account.rows.values()) < 60_000


def check_freshness(account: HotAccount) -> None:
    """Recounts that may begin do so, within one batch; so none pile up."""
    assert account.lag(0.99) < FRESH
    assert account.lag(1) < FRESH + 30
    assert max(account.queue.waits) < timedelta(seconds=30)
    assert account.uncounted == 0


def check_chains(account: HotAccount) -> None:
    """No recount is the consequence of another; so Lambda sees no loop, however long it goes on."""
    assert account.queue.longest_chain == 1
    assert account.queue.most_receives <= 3  # postponed, and again as the bucket grew meanwhile


def check_rest(packages: int, slots: int) -> None:
    """Check that a bucket, however often requested, is counted every *slots* slots or one later."""
    with sampled():
        account = HotAccount()
        account.keep_asking(packages, minutes=10)
    rests = account.rests()
    assert min(rests) >= slots * SLOT
    assert max(rests) <= (slots + 1) * SLOT


def test_no_partition_takes_a_fifth_of_the_writes_that_it_can(growing: HotAccount) -> None:
    check_writes(growing)


def test_shards_come_while_the_account_grows(growing: HotAccount) -> None:
    check_growth(growing)


def test_recounts_ask_no_partition_for_more_reads_than_it_gives(growing: HotAccount) -> None:
    check_reads(growing)


def test_a_change_is_in_the_rate_within_two_minutes_and_recounts_never_pile_up(
    growing: HotAccount,
) -> None:
    check_freshness(growing)


def test_a_recount_is_never_the_consequence_of_another(growing: HotAccount) -> None:
    check_chains(growing)


@pytest.mark.parametrize("shards", [1, 8])
@pytest.mark.parametrize("packages", [500, 1_000, 1_500, 2_000, 2_500, 20_000])
def test_buckets_of_any_size_that_change_all_the_time_are_counted_in_time_and_without_chains(
    packages: int, shards: int
) -> None:
    with sampled():
        account = HotAccount(shards=shards)
        account.keep_changing(packages, minutes=60, chance=Random(packages))  # noqa: S311 - the same every time
    check_chains(account)
    assert account.lag(1) <= 90
    assert not any(account.unseen)


@pytest.mark.parametrize(
    ("packages", "slots"), [(900, 1), (1_000, 2), (1_500, 3), (2_000, 4), (20_000, 4)]
)
def test_the_rest_between_two_counts_grows_with_the_bucket(packages: int, slots: int) -> None:
    check_rest(packages, slots)


def test_recounts_that_are_all_handed_out_at_once_read_no_more_than_a_partition_gives(
    at_once: HotAccount,
) -> None:
    check_reads(at_once)


def test_recounts_that_are_all_handed_out_at_once_are_in_time(at_once: HotAccount) -> None:
    check_freshness(at_once)


@pytest.mark.parametrize("check", [check_writes, check_growth, check_freshness])
def test_without_growth_it_does_not_hold(not_growing: HotAccount, check: Check) -> None:
    with pytest.raises(AssertionError):
        check(not_growing)


def test_without_rests_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MOST_SLOTS", 0)
    with pytest.raises(AssertionError):
        check_rest(20_000, slots=4)


if __name__ == "__main__":
    seen = grown()
    units = ("write packages", "write rates", "read packages", "read rates")
    busiest = {unit: seen.meter.busiest(unit) for unit in units}
    print(f"a second and partition: {busiest}; largest bucket: {max(seen.rows.values()):,}")  # noqa: T201
    print(f"lag: {seen.lag(0.99)} s, {seen.lag(1)} s; outgrown: {seen.outgrown}")  # noqa: T201
    print(f"waited: {max(seen.queue.waits)}; rested: {min(seen.rests())}")  # noqa: T201
