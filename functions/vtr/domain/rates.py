"""The rate: counts per anchor day, category and reason, and the ratio that follows from them.

Only counts are stored; every ratio is derived on reading. Whether a package is due follows from
its anchor day, so nothing has to run for a pending package to become unconfirmed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy
from vtr.domain.verdict import Reason, State, state_of

PLACES = Decimal("0.0001")

DayCounts = Mapping[str, Mapping[Reason, int]]
"""Packages by category and reason."""


class Status(StrEnum):
    """How a rate stands against the policy's target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Ratio:
    """``valid`` of ``measured`` packages, judged against a policy's target."""

    valid: int
    measured: int
    status: Status

    @property
    def rate(self) -> Decimal | None:
        """Valid ÷ measured, cut to four places: rounding could show a missed target as reached."""
        if not self.measured:
            return None
        return (Decimal(self.valid) / self.measured).quantize(PLACES, rounding=ROUND_DOWN)


@dataclass(slots=True)
class Tally:
    """Packages by state, and the unconfirmed ones by reason."""

    states: Counter[State] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)

    def add(self, reason: Reason, count: int, *, due: bool) -> None:
        state = state_of(reason, due=due)
        self.states[state] += count
        if state is State.UNCONFIRMED:
            self.reasons[reason] += count

    @property
    def packages(self) -> int:
        return self.states.total()

    def ratio(self, policy: Policy) -> Ratio:
        """Return valid of those that are due."""
        return _ratio(self.states[State.VALID], self.states[State.UNCONFIRMED], policy)

    def forecast(self, policy: Policy) -> Ratio:
        """Return the ratio if nothing more is scanned: the pending ones count against it."""
        against = self.states[State.UNCONFIRMED] + self.states[State.PENDING]
        return _ratio(self.states[State.VALID], against, policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One account's rate at a moment, overall and by category."""

    policy: Policy
    as_of: datetime
    first_day: date
    last_day: date
    overall: Tally
    categories: Mapping[str, Tally]


def rate(
    days: Mapping[date, DayCounts],
    policy: Policy,
    as_of: datetime,
    today: date | None = None,
    rules_of: Callable[[date], Policy] | None = None,
) -> Rate:
    """Return the rate at a moment, from counts by anchor day.

    Target and window are those of *policy*. The window is that of *today*, by default the day of
    *as_of*; days outside it are ignored. Packages are due as of *as_of*, by the policy's version
    that *rules_of* returns for the anchor day.
    """
    first_day, last_day = policy.window(today or policy.day_of(as_of))
    overall, categories = Tally(), dict[str, Tally]()
    for day, counts in days.items():
        if not first_day <= day <= last_day:
            continue
        rules = rules_of(day) if rules_of else policy
        due = rules.due_at(day) <= as_of
        for category, reasons in counts.items():
            tally = categories.setdefault(category, Tally())
            for reason, count in reasons.items():
                overall.add(reason, count, due=due)
                tally.add(reason, count, due=due)
    return Rate(
        policy=policy,
        as_of=as_of,
        first_day=first_day,
        last_day=last_day,
        overall=overall,
        categories=dict(sorted(categories.items())),
    )


def count(judged: Iterable[tuple[str, Reason]]) -> DayCounts:
    """Count packages, each given as its category and reason."""
    counts: dict[str, Counter[Reason]] = defaultdict(Counter)
    for category, reason in judged:
        counts[category][reason] += 1
    return {category: dict(counts[category]) for category in sorted(counts)}


def add_counts(shards: Iterable[DayCounts]) -> DayCounts:
    """Return the counts of one day, summed over its shards."""
    first, *others = shards
    if not others:
        return first
    total: dict[str, Counter[Reason]] = defaultdict(Counter)
    for counts in (first, *others):
        for category, reasons in counts.items():
            total[category].update(reasons)
    return {category: dict(total[category]) for category in sorted(total)}


def by_day(buckets: Mapping[BucketKey, DayCounts]) -> dict[date, DayCounts]:
    """Return the counts of each day, summed over its shards."""
    shards: dict[date, list[DayCounts]] = defaultdict(list)
    for key, counts in buckets.items():
        shards[key.day].append(counts)
    return {day: add_counts(found) for day, found in shards.items()}


def _ratio(valid: int, against: int, policy: Policy) -> Ratio:
    measured = valid + against
    if not measured:
        return Ratio(valid, measured, Status.NO_DATA)
    if measured < policy.minimum_packages:
        return Ratio(valid, measured, Status.TOO_FEW)
    limit = policy.target * measured
    met = valid > limit if policy.comparator == ">" else valid >= limit
    return Ratio(valid, measured, Status.MET if met else Status.MISSED)
