"""A policy: one marketplace's rules for the valid tracking rate, as data.

Each policy is a TOML file next to this module. It holds one or more versions, distinguished by the
day from which they apply. A package is judged by the version in force on its anchor day.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from vtr.domain.packages import Confirmation, Money

HISTORY_DAYS = 90
"""Days that the history of rates looks back, each with its window."""

SHORTEST_MONTH_DAYS = 28


class Anchor(StrEnum):
    """The day by which a package is counted."""

    SHIP_DATE = "ship_date"
    PROMISED_DELIVERY_DATE = "promised_delivery_date"
    """Falls back to the ship date if no date was promised."""
    CONFIRMED_AT = "confirmed_at"


class Sharing(StrEnum):
    """Whether several orders may share one carrier and number."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class PartnerScans(StrEnum):
    """Which scans of a carrier's partners count as its own."""

    NONE = "none"
    SHOWN = "shown_by_number"
    """Those of partners to which the number itself, or its source, shows the hand-over."""
    ALL = "all"
    """Those too in which the carrier says that a partner holds what it still waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A rule that takes a package out of the rate; all its conditions must hold."""

    name: str
    method_class: tuple[str, ...] = ()
    label_source: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    value_below: Money | None = None

    def covers(self, confirmation: Confirmation) -> bool:
        return (
            _one_of(self.method_class, confirmation.method_class)
            and _one_of(self.label_source, confirmation.label_source)
            and _one_of(self.origin, confirmation.origin)
            and (self.value_below is None or _below(confirmation.value, self.value_below))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A named incident for which the marketplace takes packages out of the rate.

    Covers the anchor days from ``first_day`` to ``last_day``, both included, of the carriers
    named, or of every carrier if none is.
    """

    name: str
    first_day: date
    last_day: date
    carriers: frozenset[str] = frozenset()

    def covers(self, carrier: str | None, anchor_day: date) -> bool:
        return self.first_day <= anchor_day <= self.last_day and (
            not self.carriers or carrier in self.carriers
        )


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of one marketplace's rules.

    ``target`` is a ratio between 0 and 1; a rate meets it when ``rate comparator target``.
    ``grace_hours`` run from the end of the anchor day. The window covers ``window_days`` anchor
    days, the last one ``lag_days`` before today. What is known of a package is kept for
    ``retention_months`` after its anchor day. ``supported_carriers`` None: every carrier counts.
    """

    id: str
    marketplace: str
    effective_from: date
    time_zone: str
    target: Decimal
    comparator: str
    minimum_packages: int
    anchor: Anchor
    window_days: int
    lag_days: int
    grace_hours: int
    required_scans: int
    partner_scans: PartnerScans
    allowed_punctuation: str
    sharing: Sharing
    order_tolerance_hours: int
    reuse_gap_days: int
    future_ship_days: int
    past_ship_days: int
    retention_months: int
    supported_carriers: frozenset[str] | None = None
    exemptions: tuple[Exemption, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def __post_init__(self) -> None:
        needed = self.window_days + self.lag_days + HISTORY_DAYS
        if self.retention_months * SHORTEST_MONTH_DAYS < needed:
            raise PolicyInvalidError(
                f"retention_months of {self.id} must cover the window, the lag and the "
                f"{HISTORY_DAYS} days of history: {needed} days in all. Keep packages for "
                f"{-(-needed // SHORTEST_MONTH_DAYS)} months or longer."
            )

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def grace(self) -> timedelta:
        return timedelta(hours=self.grace_hours)

    @cached_property
    def order_tolerance(self) -> timedelta:
        return timedelta(hours=self.order_tolerance_hours)

    @cached_property
    def reuse_gap(self) -> timedelta:
        return timedelta(days=self.reuse_gap_days)

    def supports(self, carrier: str) -> bool:
        return self.supported_carriers is None or carrier in self.supported_carriers

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def anchor_day(self, confirmation: Confirmation) -> date:
        match self.anchor:
            case Anchor.SHIP_DATE:
                return confirmation.ship_date
            case Anchor.PROMISED_DELIVERY_DATE:
                return confirmation.promised_delivery_date or confirmation.ship_date
            case Anchor.CONFIRMED_AT:
                return self.day_of(confirmation.confirmed_at)

    def due_at(self, anchor_day: date) -> datetime:
        """Return when a package of this anchor day stops being pending."""
        # In UTC, so that the grace is equally long when the clocks change.
        return _end_of(anchor_day, self.zone) + self.grace

    def window(self, today: date) -> tuple[date, date]:
        """Return the first and the last anchor day that the rate of *today* covers."""
        last = today - timedelta(days=self.lag_days)
        return last - timedelta(days=self.window_days - 1), last

    def exemption(self, confirmation: Confirmation) -> str | None:
        for rule in self.exemptions:
            if rule.covers(confirmation):
                return rule.name
        return None

    def waiver(self, confirmation: Confirmation) -> str | None:
        if not self.waivers:
            return None
        day = self.anchor_day(confirmation)
        return next((w.name for w in self.waivers if w.covers(confirmation.carrier, day)), None)

    def with_waivers(self, waivers: tuple[Waiver, ...]) -> "Policy":
        return replace(self, waivers=(*self.waivers, *waivers)) if waivers else self


class PolicyInvalidError(ValueError):
    """A policy's values contradict each other."""


class PolicyNotFoundError(KeyError):
    """No policy of this id is shipped."""


def policy(policy_id: str, on: date) -> Policy:
    """Return a policy's version in force on a day; the first one for any earlier day."""
    versions = _versions(policy_id)
    in_force = [version for version in versions if version.effective_from <= on]
    return in_force[-1] if in_force else versions[0]


@cache
def policy_ids() -> frozenset[str]:
    return frozenset(
        entry.name.removesuffix(".toml")
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".toml")
    )


@cache
def all_versions() -> tuple[Policy, ...]:
    """Return every version of every policy shipped here."""
    return tuple(version for each in sorted(policy_ids()) for version in _versions(each))


@cache
def _versions(policy_id: str) -> tuple[Policy, ...]:
    if policy_id not in policy_ids():
        raise PolicyNotFoundError(policy_id)
    table = tomllib.loads(files(__name__).joinpath(f"{policy_id}.toml").read_text("utf-8"))
    versions = [_policy(table["id"], table["marketplace"], version) for version in table["version"]]
    return tuple(sorted(versions, key=lambda version: version.effective_from))


def _policy(policy_id: str, marketplace: str, version: Mapping[str, Any]) -> Policy:
    supported = version.get("supported_carriers")
    return Policy(
        **{
            **version,
            "id": policy_id,
            "marketplace": marketplace,
            "target": Decimal(version["target"]),
            "anchor": Anchor(version["anchor"]),
            "sharing": Sharing(version["sharing"]),
            "partner_scans": PartnerScans(version["partner_scans"]),
            "supported_carriers": None if supported is None else frozenset(supported),
            "exemptions": tuple(_exemption(rule) for rule in version.get("exemptions", ())),
        }
    )


def _exemption(rule: Mapping[str, Any]) -> Exemption:
    below = rule.get("value_below")
    return Exemption(
        name=rule["name"],
        method_class=tuple(rule.get("method_class", ())),
        label_source=tuple(rule.get("label_source", ())),
        origin=tuple(rule.get("origin", ())),
        value_below=below and Money(amount=Decimal(below["amount"]), currency=below["currency"]),
    )


@lru_cache(maxsize=1024)
def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def _one_of(wanted: tuple[str, ...], value: str | None) -> bool:
    return not wanted or value in wanted


def _below(value: Money | None, limit: Money) -> bool:
    """Return whether a value is below the limit: not if unknown or in another currency."""
    return value is not None and value.currency == limit.currency and value.amount < limit.amount
