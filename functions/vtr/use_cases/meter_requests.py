"""Rate limits of accounts: count against them, and set them."""

from datetime import datetime

from vtr.domain.accounts import Account
from vtr.domain.errors import TooManyRequestsError
from vtr.domain.limits import Limits, Metered, seconds_left
from vtr.ports import Ports
from vtr.use_cases.authenticate import account_of


def spend(ports: Ports, account: Account, metered: Metered, count: int, now: datetime) -> None:
    """Count something against an account's limit for this minute."""
    if not ports.allowances.spend(account, metered, count, now):
        wait = seconds_left(now)
        raise TooManyRequestsError(
            f"Rate limit of {account.limits.of(metered):,} {metered} per minute reached. "
            f"Wait {wait} seconds.",
            wait,
        )


def set_limits(ports: Ports, account: str, limits: Limits) -> None:
    ports.accounts.set_limits(account_of(ports, account).id, limits)
