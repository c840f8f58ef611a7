"""The rules that the simulated sellers live under: plain facts, and the policies made of them.

The oracle reads the facts; the code under test reads the policies. Nothing else is shared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from unittest.mock import patch

from vtr.domain.policies import Anchor, Policy, Sharing, policy
from vtr.use_cases import rules


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
    partners: bool
    required: int
    required_later: int
    comparator: str
    minimum: int
    changes_after: int = 4
    """Days of the story after which the later version holds."""


LAWS = {
    law.name: law
    for law in (
        Law(
            name="plain",
            zone="America/Los_Angeles",
            anchor="ship_date",
            window=6,
            lag=0,
            grace_days=3,
            supported=frozenset({"ups", "usps", "fedex"}),
            sharing=True,
            partners=False,
            required=1,
            required_later=1,
            comparator=">=",
            minimum=1,
        ),
        Law(
            name="strict",
            zone="Europe/Berlin",
            anchor="promised_delivery_date",
            window=5,
            lag=1,
            grace_days=1,
            supported=None,
            sharing=False,
            partners=True,
            required=2,
            required_later=1,
            comparator=">",
            minimum=3,
        ),
        Law(
            name="eastern",
            zone="Asia/Shanghai",
            anchor="confirmed_at",
            window=7,
            lag=0,
            grace_days=2,
            supported=frozenset({"ups", "usps"}),
            sharing=True,
            partners=True,
            required=1,
            required_later=2,
            comparator=">=",
            minimum=1,
        ),
    )
}

TOLERANCE = timedelta(days=10)
REUSE_GAP = timedelta(days=60)
FUTURE_SHIP_DAYS = 3


def policy_of(law: Law, begins: date, on: date) -> Policy:
    """The policy of a law in force on a day of a story that begins on another."""
    later = on >= begins + timedelta(days=law.changes_after)
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
        partner_scans_count=law.partners,
        required_scans=law.required_later if later else law.required,
        comparator=law.comparator,
        minimum_packages=law.minimum,
        order_tolerance_hours=TOLERANCE // timedelta(hours=1),
        future_ship_days=FUTURE_SHIP_DAYS,
    )


@contextmanager
def laws_in_force(begins: date) -> Iterator[None]:
    """The simulated marketplaces' rules in place of those that are shipped."""
    known: dict[tuple[str, bool], Policy] = {}

    def lookup(policy_id: str, on: date) -> Policy:
        law = LAWS[policy_id]
        key = policy_id, on >= begins + timedelta(days=law.changes_after)
        if key not in known:
            known[key] = policy_of(law, begins, on)
        return known[key]

    def all_versions() -> tuple[Policy, ...]:
        days = begins, begins + timedelta(days=365)
        return tuple(lookup(law, day) for law in LAWS for day in days)

    with (
        patch.object(rules, "policy", lookup),
        patch.object(rules, "all_versions", all_versions),
    ):
        yield
