"""Request the recounts that a day rollover brings, and the archiving of days that end."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.policy_in_force import days_ended, policy_today
from vtr.use_cases.recount import kept_days

TICK = timedelta(minutes=5)
"""How often day rollovers are checked for."""

ARCHIVE_NIGHTS = 3
"""Nights on which a day that has ended is archived, should the first ones fail."""

ROLLOVER_SLICES = 12
"""Rollovers are spread over this many ticks after midnight, so that not all happen at once."""


def roll_over_days(
    ports: Ports, now: datetime, *, every_account: bool = False, nights: int = ARCHIVE_NIGHTS
) -> int:
    """Request the recounts that day rollovers bring; return how many.

    Called every ``TICK``. An account rolls over once a day, in its own slice of the hour after
    midnight in the policy's time zone. The day that has just become due is counted with settled
    reasons, and every day of the window is reconciled, so that drift does not outlive a day. Days
    that ended in the last *nights* are archived. ``every_account`` rolls all of them over now.
    """
    asked = 0
    for account in ports.accounts.all():
        if account.closed_at is not None:
            continue
        rules = policy_today(ports, account, now)
        if not (every_account or _rolls_over_now(account, rules, now)):
            continue
        ended = days_ended(ports, account, now, nights)
        recounts = [
            *(Recount(each, reconcile=True) for each in _buckets(account, kept_days(rules, now))),
            *(Recount(each, archive=True) for each in _buckets(account, ended)),
        ]
        ports.recounts.send(recounts)
        asked += len(recounts)
    return asked


def _buckets(account: Account, days: Iterable[date]) -> Iterator[BucketKey]:
    for day in days:
        for shard in range(account.shards):
            yield BucketKey(account.id, day, shard)


def _rolls_over_now(account: Account, rules: Policy, now: datetime) -> bool:
    """Return whether midnight, shifted by the account's slice, fell within the last tick."""
    then = now - account.rollover_slice(ROLLOVER_SLICES) * TICK
    return rules.day_of(then) != rules.day_of(then - TICK)
