"""Count a bucket again and sum the account's counts; ask for recounts as days turn."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy
from vtr.domain.rates import DayCounts, add_counts, count
from vtr.domain.verdict import AWAITING
from vtr.use_cases.judge import judge, judged
from vtr.use_cases.keys import account_of
from vtr.use_cases.ports import Ports, Recount, Row
from vtr.use_cases.rules import rules_on

TURN_SLICES = 12
"""The hour after midnight is cut into this many slices, so that accounts do not turn at once."""


def recount(ports: Ports, task: Recount, now: datetime) -> int:
    """Count one bucket from its rows and sum the account's days; answers the rows counted.

    Counts are overwritten, never added to, so that doing it twice changes nothing.
    """
    ports.waivers.refresh()  # a recount may have been asked for because of a new one
    rows = _settled(ports, task, now)
    counts = count((row.key.category, judged(ports, row, now).verdict.reason) for row in rows)
    if ports.rates.bucket(task.bucket) != counts:
        ports.rates.put_bucket(task.bucket, counts, counted_from=now)
    _sum_days(ports, account_of(ports, task.bucket.account), now)
    return len(rows)


def rows_of(ports: Ports, bucket: BucketKey, category: str | None = None) -> Iterator[Row]:
    """Every package of a bucket, page by page."""
    page = ports.packages.page(bucket, category=category)
    yield from page.rows
    while page.more:
        page = ports.packages.page(bucket, category=category, after=page.rows[-1].key)
        yield from page.rows


def turn_days(ports: Ports, now: datetime, *, every_account: bool = False) -> int:
    """Ask for the recounts that the turn of a day brings; answers how many.

    Called every five minutes. An account's turn comes once, in its own slice of the hour after
    midnight in its policy's time zone: the day that has just become due is counted with settled
    reasons, and every day of the window is reconciled, so that drift does not outlive a day.
    ``every_account`` does it for all of them now.
    """
    asked = 0
    for account in ports.accounts.all():
        rules = rules_on(ports, account.policy, now.date())
        if not (every_account or _turns_now(account, rules, now)):
            continue
        recounts = [
            Recount(BucketKey(account.id, day, shard), reconcile=True)
            for day in _kept_days(rules, now)
            for shard in range(account.shards)
        ]
        ports.recounts.send(recounts, now)
        asked += len(recounts)
    return asked


def _turns_now(account: Account, rules: Policy, now: datetime) -> bool:
    local = now.astimezone(rules.zone)
    slice_of_hour = local.minute * TURN_SLICES // 60
    return local.hour == 0 and account.turn_slice(TURN_SLICES) == slice_of_hour


def _settled(ports: Ports, task: Recount, now: datetime) -> Sequence[Row]:
    """The rows of a bucket; those whose evidence may be behind are read afresh from parcels.

    While a package is pending its row is not written for every scan that only changes the reason.
    Once it is due the reason shows, so it is settled here. A reconcile reads all of them.
    """
    rows = list(rows_of(ports, task.bucket))
    behind = [row for row in rows if task.reconcile or _may_be_behind(ports, row, now)]
    keys = {row.confirmation.parcel for row in behind}
    parcels = ports.parcels.get_many([key for key in keys if key is not None])
    settled = {}
    for row in behind:
        parcel = parcels.get(row.confirmation.parcel) if row.confirmation.parcel else None
        if parcel is None or parcel.version <= row.parcel_version:
            continue
        fresh = replace(judge(ports, row.confirmation, parcel), key=row.key)
        if (
            judged(ports, fresh, now).verdict.counted_as
            != judged(ports, row, now).verdict.counted_as
        ):
            ports.packages.put(fresh)
        settled[row.key] = fresh
    return [settled.get(row.key, row) for row in rows]


def _may_be_behind(ports: Ports, row: Row, now: datetime) -> bool:
    verdict = judged(ports, row, now).verdict
    return verdict.reason in AWAITING and verdict.due_at <= now


def _sum_days(ports: Ports, account: Account, now: datetime) -> None:
    rules = rules_on(ports, account.policy, now.date())
    first, *_, last = _kept_days(rules, now)
    by_day: dict[date, list[DayCounts]] = defaultdict(list)
    for key, counts in ports.rates.buckets(account.id, first, last).items():
        by_day[key.day].append(counts)
    days = {day: add_counts(shards) for day, shards in sorted(by_day.items())}
    if ports.rates.days(account.id) != days:
        ports.rates.put_days(account.id, days, counted_from=now)


def _kept_days(rules: Policy, now: datetime) -> list[date]:
    """The days that a rate read until the next turn can need: the window, and days ahead."""
    today = rules.day_of(now)
    first, _ = rules.window(today)
    days = (today - first).days + rules.future_ship_days + 2
    return [first + timedelta(days=ahead) for ahead in range(days)]
