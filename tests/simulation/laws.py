"""The rules that the simulated sellers live under: plain facts, and the policies made of them.

The oracle reads the facts; the code under test reads the policies. Nothing else is shared.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from unittest.mock import patch
from zoneinfo import ZoneInfo

from vtr.domain.policies import Anchor, PartnerScans, Policy, Sharing, policy
from vtr.use_cases import policy_in_force, write_document


@dataclass(frozen=True, kw_only=True)
class Law:
    """One marketplace's rules. ``required`` scans, and ``required_later`` from a day on."""

    name: str
    zone: str
    anchor: str
    window: int
    lag: int
    grace_days: int
    supported: frozenset[str] | None
    sharing: bool
    partners: str
    """Which scans of partners count: ``none``, ``shown`` by the number, or ``all``."""
    required: int
    required_later: int
    comparator: str
    minimum: int
    months: int = 13
    """For which a package is kept."""
    changes_after: int = 3
    """Days of the story after which the later version holds."""

    def required_on(self, day: date, begins: date) -> int:
        return self.required_later if self.is_later(day, begins) else self.required

    def end_of(self, day: date) -> date:
        """The day on which an anchor day ends: the same of a later month, or that month's last."""
        return _months_from(day, self.months)

    def first_evidence(self, day: date) -> date:
        """The first day whose scans are evidence for what is said on a day."""
        return _months_from(day, -self.months)

    def is_later(self, day: date, begins: date) -> bool:
        return day >= begins + timedelta(days=self.changes_after)

    @cached_property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def _months_from(day: date, months: int) -> date:
    month = day.month + months
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    for shorter in range(4):
        with suppress(ValueError):
            return date(year, month, day.day - shorter)
    raise AssertionError(day)


LAWS = {
    law.name: law
    for law in (
        Law(
            name="plain",
            zone="America/Los_Angeles",
            anchor="ship_date",
            window=5,
            lag=0,
            grace_days=2,
            supported=frozenset({"ups", "usps", "fedex", "fedex_smartpost", "ups_mi"}),
            sharing=True,
            partners="shown",
            required=1,
            required_later=1,
            comparator=">=",
            minimum=1,
        ),
        Law(
            name="strict",
            zone="Europe/Berlin",
            anchor="promised_delivery_date",
            window=3,
            lag=1,
            grace_days=1,
            supported=None,
            sharing=False,
            partners="all",
            required=2,
            required_later=1,
            comparator=">",
            minimum=3,
            months=5,
        ),
        Law(
            name="eastern",
            zone="Asia/Shanghai",
            anchor="confirmed_at",
            window=4,
            lag=0,
            grace_days=1,
            supported=frozenset({"ups", "usps"}),
            sharing=True,
            partners="none",
            required=1,
            required_later=2,
            comparator=">=",
            minimum=1,
            months=4,
        ),
    )
}

PARTNERS = {
    "none": PartnerScans.NONE,
    "shown": PartnerScans.SHOWN,
    "all": PartnerScans.ALL,
}
FAMILIES = {"fedex_smartpost": "fedex", "ups_mi": "ups"}
"""Whose scans are each other's own; every other carrier is a family of its own."""

HAND_OVERS = {
    "9261292700768711948021": {"fedex", "usps"},
    "9274890103422546330271": {"ups", "usps"},
    "92419900000033499522966220": {"ups", "usps"},
}
"""Numbers that show who hands over to whom."""

TOLERANCE = timedelta(days=10)
REUSE_GAP = timedelta(days=60)
FUTURE_SHIP_DAYS = 2
MARGIN = timedelta(days=30)
"""From the end of a day until what is stored of it may be deleted."""


@contextmanager
def laws_in_force(begins: date) -> Iterator[None]:
    """The simulated marketplaces' rules in place of those that are shipped.

    Parts of reports are as small as they get, so that a report takes several.
    """
    policy_in_force.rules_of.cache_clear()  # it may know those of a story that began on another day

    def lookup(policy_id: str, on: date) -> Policy:
        return _policy_on(policy_id, begins, on)

    def all_versions() -> tuple[Policy, ...]:
        return _every_policy(begins)

    with (
        patch.object(policy_in_force, "policy", lookup),
        patch.object(policy_in_force, "all_versions", all_versions),
        patch.object(write_document, "PART_BYTES", 1),
    ):
        yield


@cache
def _every_policy(begins: date) -> tuple[Policy, ...]:
    return tuple(_policy_of(law, begins, later=later) for law in LAWS for later in (False, True))


@cache
def _policy_on(name: str, begins: date, on: date) -> Policy:
    return _policy_of(name, begins, later=LAWS[name].is_later(on, begins))


@cache
def _policy_of(name: str, begins: date, *, later: bool) -> Policy:
    law = LAWS[name]
    return replace(
        policy("amazon-us", begins),
        id=law.name,
        time_zone=law.zone,
        anchor=Anchor(law.anchor),
        window_days=law.window,
        lag_days=law.lag,
        grace_hours=24 * law.grace_days,
        supported_carriers=law.supported,
        sharing=Sharing.ALLOWED if law.sharing else Sharing.FORBIDDEN,
        partner_scans=PARTNERS[law.partners],
        required_scans=law.required_later if later else law.required,
        comparator=law.comparator,
        minimum_packages=law.minimum,
        order_tolerance_hours=TOLERANCE // timedelta(hours=1),
        reuse_gap_days=REUSE_GAP.days,
        future_ship_days=FUTURE_SHIP_DAYS,
        retention_months=law.months,
    )
