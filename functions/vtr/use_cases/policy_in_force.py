"""Which policy judges a package, with its waivers, and where the package is counted."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from vtr.domain.accounts import Account
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.packages import BucketKey, Confirmation, RowKey
from vtr.domain.policies import Policy, Waiver, all_versions, policy
from vtr.ports import Ports

MAX_RANGE = timedelta(days=400)


@lru_cache(maxsize=1024)
def rules_of(policy_id: str, day: date, waivers: tuple[Waiver, ...]) -> Policy:
    return policy(policy_id, day).with_waivers(waivers)


def policy_on(ports: Ports, policy_id: str, day: date) -> Policy:
    return rules_of(policy_id, day, ports.waivers.of(policy_id))


def policy_today(ports: Ports, account: Account, now: datetime) -> Policy:
    """Return the policy's version in force today, by the policy's own time zone."""
    today = policy_on(ports, account.policy, now.date()).day_of(now)
    return policy_on(ports, account.policy, today)


def scans_needed() -> int:
    """Return the most physical scans that any policy shipped here requires."""
    return max(version.required_scans for version in all_versions())


def policy_for(ports: Ports, confirmation: Confirmation) -> Policy:
    """Return the policy's version in force on the package's anchor day."""
    rules = policy_on(ports, confirmation.policy, confirmation.ship_date)
    anchor_day = rules.anchor_day(confirmation)
    if anchor_day == confirmation.ship_date:
        return rules
    return policy_on(ports, confirmation.policy, anchor_day)


def row_key(confirmation: Confirmation, day: date) -> RowKey:
    """Return where a package with this anchor day is counted."""
    bucket = BucketKey(confirmation.account, day, confirmation.shard)
    return RowKey(bucket, confirmation.category, confirmation.order_id, confirmation.package_id)


def days_asked_for(
    ports: Ports, account: Account, first: date | None, last: date | None, now: datetime
) -> tuple[date, date]:
    """Return the requested anchor days; a missing bound comes from the rate's window."""
    rules = policy_today(ports, account, now)
    window_first, window_last = rules.window(rules.day_of(now))
    last = last or max(window_last, first or window_last)
    first = first or min(window_first, last)
    if not timedelta(0) <= last - first <= MAX_RANGE:
        raise InvalidRequestError(
            FieldProblem(
                "from",
                f"must be at most {MAX_RANGE.days} days before to, and not after it",
                "Send a shorter range of days, or leave both out for the rate's window.",
            )
        )
    return first, last
