"""Request the recounts that a day rollover brings."""

from datetime import datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.policy_in_force import policy_today
from vtr.use_cases.recount import kept_days

TICK = timedelta(minutes=5)
"""How often day rollovers are checked for."""


ROLLOVER_SLICES = 12
"""Rollovers are spread over this many ticks after midnight, so that not all happen at once."""


def roll_over_days(ports: Ports, now: datetime, *, every_account: bool = False) -> int:
    """Request the recounts that day rollovers bring; return how many.

    Called every ``TICK``. An account rolls over once a day, in its own slice of the hour after
    midnight in the policy's time zone. The day that has just become due is counted with settled
    reasons, and every day of the window is reconciled, so that drift does not outlive a day.
    ``every_account`` rolls all of them over now.
    """
    asked = 0
    for account in ports.accounts.all():
        if account.closed_at is not None:
            continue
        rules = policy_today(ports, account, now)
        if not (every_account or _rolls_over_now(account, rules, now)):
            continue
        recounts = [
            Recount(BucketKey(account.id, day, shard), reconcile=True)
            for day in kept_days(rules, now)
            for shard in range(account.shards)
        ]
        ports.recounts.send(recounts)
        asked += len(recounts)
    return asked


def _rolls_over_now(account: Account, rules: Policy, now: datetime) -> bool:
    """Return whether midnight, shifted by the account's slice, fell within the last tick."""
    then = now - account.rollover_slice(ROLLOVER_SLICES) * TICK
    return rules.day_of(then) != rules.day_of(then - TICK)
