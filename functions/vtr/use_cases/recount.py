"""Count a bucket again and sum its day."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey, PackageRow
from vtr.domain.partitioning import shards_for
from vtr.domain.policies import Policy
from vtr.domain.rates import DayCounts, by_day, count
from vtr.domain.retention import ends_on, has_ended
from vtr.domain.verdict import AWAITING, Verdict
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.ports.rates import BucketCount
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.judge import judge, judged
from vtr.use_cases.policy_in_force import policy_on, policy_today
from vtr.use_cases.reconcile import Drift, DriftKind, find_drift, repair
from vtr.use_cases.retry_on_conflict import retry_on_conflict

CLOCKS_DIFFER = timedelta(seconds=1)
"""By how much the clocks of those who change and of those who count may differ at most."""

SUM_ATTEMPTS = 12
"""A busy account's buckets are summed in parallel, and each of them may conflict in turn."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """The result of a recount: the number of rows that were read, and the drift found.

    ``postponed``: the bucket is cooling down; nothing was done, and it is to be tried again then.
    """

    rows: int = 0
    drift: Counter[DriftKind] = field(default_factory=Counter)
    postponed: timedelta | None = None


def recount(ports: Ports, task: Recount, now: datetime) -> Recounted:
    """Count one bucket from its rows and sum its day anew.

    Counts are overwritten, never added to, so that doing it twice changes nothing. A bucket that
    was counted after every change that the request stands for is only summed: the run that counted
    it may have been cut off before that. A request never asks for another one, unless a reconcile
    repaired something: another recount, which began later, may have read the rows before that.
    A day that has ended is counted no more.
    """
    account = account_of(ports, task.bucket.account)
    rules = policy_on(ports, account.policy, task.bucket.day)
    if account.closed_at is not None or has_ended(task.bucket.day, rules, now):
        return Recounted()
    known = ports.rates.bucket(task.bucket)
    if known and not task.reconcile:
        if _is_counted(task, known):
            _sum_day(ports, account, task.bucket.day, now)
            return Recounted()
        if rest := _cooldown_left(ports, known, now):
            return Recounted(postponed=rest)
    return _recount_now(ports, account, task, known, now)


def _recount_now(
    ports: Ports, account: Account, task: Recount, known: BucketCount | None, now: datetime
) -> Recounted:
    ports.waivers.refresh()  # a new waiver may be the reason for this recount
    rows = list(rows_of(ports, task.bucket))
    found = _repaired(ports, task.bucket, rows, now) if task.reconcile else []
    if found:
        rows = list(rows_of(ports, task.bucket))
    counts = _counts(ports, rows, now)
    rules = policy_on(ports, account.policy, task.bucket.day)
    # A cooldown starts at the last count, whether or not that found anything new.
    if known is None or known.counts != counts or ports.recounts.cooldown(len(rows)):
        ports.rates.put_bucket(task.bucket, counts, now, ends_on(task.bucket.day, rules))
    _sum_day(ports, account, task.bucket.day, now)
    return Recounted(len(rows), Counter(drift.kind for drift in found))


def _repaired(
    ports: Ports, bucket: BucketKey, rows: Sequence[PackageRow], now: datetime
) -> list[Drift]:
    """Repair a bucket, and return its drift; more than a wrong count asks for a recount."""
    found = list(find_drift(ports, bucket, rows, now))
    for drift in found:
        repair(ports, bucket, drift, now)
    if any(drift.kind is not DriftKind.COUNT_WRONG for drift in found):
        ports.recounts.send([Recount(bucket)])
    return found


def _is_counted(task: Recount, known: BucketCount) -> bool:
    """Return whether the last count began after every change that the request stands for."""
    return task.until is not None and known.counted_from >= task.until + CLOCKS_DIFFER


def _cooldown_left(ports: Ports, known: BucketCount, now: datetime) -> timedelta:
    """Return for how much longer a bucket of its size is not to be counted again."""
    ends = known.counted_from + ports.recounts.cooldown(_packages(known.counts))
    return max(ends - now, timedelta(0))


def rows_of(ports: Ports, bucket: BucketKey, category: str | None = None) -> Iterator[PackageRow]:
    """Yield every package of a bucket, page by page."""
    page = ports.packages.page(bucket, category=category)
    yield from page.rows
    while page.more:
        page = ports.packages.page(bucket, category=category, after=page.rows[-1].key)
        yield from page.rows


def _counts(ports: Ports, rows: Sequence[PackageRow], now: datetime) -> DayCounts:
    """Return the counts of a bucket, after updating rows whose evidence may be behind.

    While a package is pending, scans that only change the reason do not write its row. Once it is
    due the reason shows, so the row is updated here, from the parcel.
    """
    verdicts = {row.key: judged(ports, row, now).verdict for row in rows}
    behind = [row for row in rows if _may_be_behind(verdicts[row.key], now)]
    parcels = ports.parcels.get_many({key for row in behind if (key := row.confirmation.parcel)})
    for row in behind:
        parcel = parcels.get(row.confirmation.parcel) if row.confirmation.parcel else None
        fresh = replace(judge(ports, row.confirmation, parcel), key=row.key)
        # This read is eventually consistent: the parcel may be older than the one judged by.
        if fresh.parcel_version > row.parcel_version:
            verdict = judged(ports, fresh, now).verdict
            if verdict.counted_as != verdicts[row.key].counted_as:
                ports.packages.put(fresh)
            verdicts[row.key] = verdict
    return count((key.category, verdict.reason) for key, verdict in verdicts.items())


def _may_be_behind(verdict: Verdict, now: datetime) -> bool:
    return verdict.reason in AWAITING and verdict.due_at <= now


def _sum_day(ports: Ports, account: Account, day: date, now: datetime) -> None:
    """Sum a day's buckets, and give the account more shards if its days have outgrown them.

    Recounts sum in parallel; on a version conflict, the sum is recomputed. The day sums are read
    before the buckets, so a write that succeeds has included every bucket counted before it. Days
    that are new in the window, because it moved or grew, are summed too.
    """
    kept = kept_days(policy_today(ports, account, now), now)

    def attempt(_: bool) -> Mapping[date, DayCounts]:  # noqa: FBT001 - retry's own call
        known = ports.rates.days(account.id, consistent=True)
        unsummed = [day, *(each for each in kept if each not in known.days)]
        buckets = ports.rates.buckets(account.id, min(unsummed), max(unsummed))
        found = {**known.days, **by_day(buckets)}
        days = {each: found.get(each, {}) for each in kept}
        if days != known.days:
            ports.rates.put_days(account.id, known._replace(days=days))
        return days

    days = retry_on_conflict(attempt, attempts=SUM_ATTEMPTS)
    shards = shards_for(map(_packages, days.values()), account.shards)
    if shards > account.shards:
        ports.accounts.grow(account.id, shards)


def _packages(counts: DayCounts) -> int:
    return sum(sum(reasons.values()) for reasons in counts.values())


def kept_days(rules: Policy, now: datetime) -> list[date]:
    """Return the days that rates need until the next day rollover: the window, and days ahead."""
    today = rules.day_of(now)
    first, _ = rules.window(today)
    days = (today - first).days + rules.future_ship_days + 2
    return [first + timedelta(days=ahead) for ahead in range(days)]
