"""Ask for the recounts that the day rollover brings."""

from datetime import datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.policy_in_force import policy_today
from vtr.use_cases.recount import kept_days

TICK = timedelta(minutes=5)
"""How often the turn of days is looked for."""


ROLLOVER_SLICES = 12
"""Accounts turn over so many ticks after midnight, so that they do not all turn at once."""


def roll_over_days(ports: Ports, now: datetime, *, every_account: bool = False) -> int:
    """Ask for the recounts that the turn of a day brings; answers how many.

    Called every ``TICK``. An account's turn comes once, in its own slice of the hour after its
    day turned in the policy's time zone: the day that has just become due is counted with settled
    reasons, and every day of the window is reconciled, so that drift does not outlive a day.
    ``every_account`` does it for all of them now.
    """
    asked = 0
    for account in ports.accounts.all():
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
    """Whether the day turned within the last tick, counted from the account's slice of the hour."""
    then = now - account.rollover_slice(ROLLOVER_SLICES) * TICK
    return rules.day_of(then) != rules.day_of(then - TICK)
