"""Retention: until when a package, and what is known of it, is kept.

Every end follows from the anchor day and its policy. On the day that ``ends_on`` returns, an anchor
day *ends*: it is closed to edits, scans and recounts, no longer shown, and archived. What is stored
of it *expires* ``ARCHIVE_MARGIN`` later, so that a failing archive job can be mended in time.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from vtr.domain.evidence import EPOCH, PERIOD, Evidence
from vtr.domain.packages import Confirmation, Statement
from vtr.domain.policies import Policy
from vtr.domain.verdict import Verdict

ARCHIVE_MARGIN = timedelta(days=30)
"""From the end of a day until what is stored of it expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPackage:
    """A package as it is archived when its anchor day ends: all that a report shows, and why."""

    confirmation: Confirmation
    history: tuple[Statement, ...]
    verdict: Verdict
    evidence: Evidence


@lru_cache(maxsize=4096)
def months_after(day: date, months: int) -> date:
    """Return the same day of a later month (an earlier one, if negative), or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ends_on(anchor_day: date, policy: Policy) -> date:
    """Return the day, in the policy's time zone, on which an anchor day ends."""
    return months_after(anchor_day, policy.retention_months)


def has_ended(anchor_day: date, policy: Policy, now: datetime) -> bool:
    return policy.day_of(now) >= ends_on(anchor_day, policy)


def kept_until(confirmation: Confirmation, policy: Policy) -> date:
    """Return the day on which a package is forgotten: its anchor day's end, or a later hold's."""
    ends = ends_on(policy.anchor_day(confirmation), policy)
    return max(ends, confirmation.held_until or ends)


def expires_at(kept_until: date) -> datetime:
    """Return when the store may delete what is kept until a day."""
    return datetime.combine(kept_until, time.min, UTC) + ARCHIVE_MARGIN


def first_period(day: date, months: int) -> int:
    """Return the earliest period of 30 days in which a scan is evidence for what is said on *day*.

    A scan that happened longer before is no evidence: it is not kept that long.
    """
    begins = datetime.combine(months_after(day, -months), time.min, UTC)
    return (begins - EPOCH) // PERIOD


def forgotten_on(period: int, months: int) -> date:
    """Return the day on which a period's scans cease to be evidence for whatever is said then."""
    return months_after((EPOCH + (period + 1) * PERIOD).date(), months)
