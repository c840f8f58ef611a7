"""Which policy judges a package, with its waivers, and where the package is counted."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from vtr.domain.accounts import Account
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.packages import BucketKey, Confirmation, RowKey
from vtr.domain.policies import Policy, Waiver, all_versions, policy
from vtr.domain.retention import ends_on, has_ended, months_after
from vtr.ports import Ports

MAX_RANGE = timedelta(days=400)

MONTHS_DIFFER = 4
"""Days, at most, by which a month's end is off when months of other lengths are counted."""


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


def months_kept() -> int:
    """Return the longest retention of any policy shipped here: how long evidence may matter."""
    return max(version.retention_months for version in all_versions())


def policy_for(ports: Ports, confirmation: Confirmation) -> Policy:
    """Return the policy's version in force on the package's anchor day."""
    rules = policy_on(ports, confirmation.policy, confirmation.ship_date)
    anchor_day = rules.anchor_day(confirmation)
    if anchor_day == confirmation.ship_date:
        return rules
    return policy_on(ports, confirmation.policy, anchor_day)


def is_closed(ports: Ports, confirmation: Confirmation, now: datetime) -> bool:
    """Return whether the package's anchor day has ended: it is archived as it is."""
    rules = policy_for(ports, confirmation)
    return has_ended(rules.anchor_day(confirmation), rules, now)


def days_ended(ports: Ports, account: Account, now: datetime, nights: int) -> list[date]:
    """Return the anchor days that ended on the last *nights*, the one before today among them."""
    today = policy_today(ports, account, now).day_of(now)
    first, days = today - timedelta(days=nights), _days_about_to_end(account, today, nights)
    return [day for day in days if first < _end_of(ports, account, day) <= today]


def first_kept_day(ports: Ports, account: Account, now: datetime) -> date:
    """Return the first anchor day that has not ended."""
    today = policy_today(ports, account, now).day_of(now)
    days = _days_about_to_end(account, today)
    return next(day for day in days if _end_of(ports, account, day) > today)


def require_kept_days(ports: Ports, account: Account, first: date, now: datetime) -> None:
    """Raise ``InvalidRequestError`` for a list that begins on a day that has ended."""
    kept = first_kept_day(ports, account, now)
    if first < kept:
        raise InvalidRequestError(
            FieldProblem(
                "from",
                f"must be {kept} or later: days before that have ended and are archived",
                "Send a later day, or request a report: it has the packages of ended days too.",
            )
        )


def _end_of(ports: Ports, account: Account, day: date) -> date:
    return ends_on(day, policy_on(ports, account.policy, day))


def _days_about_to_end(account: Account, today: date, nights: int = 0) -> list[date]:
    """Return the anchor days that may end about *today*: months, and versions, differ in length."""
    months = [v.retention_months for v in all_versions() if v.id == account.policy]
    first = months_after(today, -max(months)) - timedelta(days=nights + MONTHS_DIFFER)
    last = months_after(today, -min(months)) + timedelta(days=MONTHS_DIFFER)
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


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
