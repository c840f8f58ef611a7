"""What carriers say: the evidence of one parcel, merged from scans in any order.

Evidence is a join-semilattice: ``merge`` is commutative, associative and idempotent, so scans
may come late, twice or in any order. It keeps what a verdict can depend on and forgets the rest:
for each 30 days of each use of the number, and for each carrier family that scanned it, the first
scan of all, the earliest physical scans and deliveries, and every retraction.

Carriers use numbers again, so evidence is read one use of a number at a time (``number_reuse.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from vtr.domain.carriers.families import family_of
from vtr.domain.scans import Milestone, Physical, PhysicalBy, Scan, TimeTrust

KEPT = 3
"""Marks of a kind kept a period: the two that a policy may ask for, and one more should one of them
be retracted."""

MAX_PERIODS = 48
"""Periods that evidence keeps, the latest: 30 days each of a year and more, of several families."""

MAX_RETRACTIONS = 64

MAX_NUMBERS = 4
"""Numbers that one parcel may go by: of the first mile, of the last, and of their scanners."""

RETRACTABLE = frozenset({"AR", "DP", "UL", "PU"})
"""Codes that a carrier takes back: UPS cancels arrivals, departures, unloadings and pickups."""

PERIOD = timedelta(days=30)
"""The grid on which scans are thinned out. Aligned to the epoch, it does not depend on arrival."""

RETRACTION_REACH = timedelta(hours=24)
"""A retraction takes back the scans of its code in the time before it that carriers allow."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DOUBT = {
    TimeTrust.OFFSET: timedelta(0),
    TimeTrust.REPORTED: timedelta(0),
    TimeTrust.LOCAL: timedelta(hours=14),
    TimeTrust.DATE: timedelta(hours=38),
}
"""How much later than stated a scan may have happened: UTC+14 is the furthest zone."""


class Mark(NamedTuple):
    """One scan as evidence keeps it: its time, and the latest that it may have been.

    ``place`` is the least that tells places apart: country and postal code, else city and state.
    """

    at: datetime
    latest_at: datetime
    code: str
    place: str = ""


class Retraction(NamedTuple):
    """The carrier took back the scans of this code in the day before."""

    at: datetime
    code: str

    def takes_back(self, mark: Mark) -> bool:
        return mark.code == self.code and self.at - RETRACTION_REACH <= mark.at <= self.at


class PeriodKey(NamedTuple):
    """The carrier's own id for this use of the number (or none), which 30 days, whose scans.

    ``family`` is the carrier family that reported the scans (``carriers.families``).
    """

    unique_id: str
    number: int
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What is kept of one period: every field is the minimum, or the k least, of a set.

    ``partner`` are scans in which the carrier itself says that a partner holds the package.
    """

    first_scan_at: datetime
    physical: tuple[Mark, ...] = ()
    partner: tuple[Mark, ...] = ()
    delivered: tuple[Mark, ...] = ()

    def merge(self, other: "Period") -> "Period":
        return Period(
            first_scan_at=min(self.first_scan_at, other.first_scan_at),
            physical=_least(self.physical, other.physical),
            partner=_least(self.partner, other.partner),
            delivered=_least(self.delivered, other.delivered),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything kept of one parcel's scans.

    ``numbers`` are the numbers of the same parcel that its sources named together, this one among
    them; empty where they named no other. ``held_by_other``: another order claimed the parcel
    first, as seen from the package whose evidence this is.
    """

    periods: Mapping[PeriodKey, Period] = field(default_factory=dict)
    retractions: frozenset[Retraction] = frozenset()
    numbers: frozenset[str] = frozenset()
    held_by_other: bool = False

    @property
    def families(self) -> frozenset[str]:
        """Whose scans these are."""
        return frozenset(key.family for key in self.periods)

    def material(self, needed: int) -> object:
        """What of it is worth a write, where no policy asks for more than *needed* scans.

        It depends on what was scanned alone, not on who asks or what came first: the first scan
        of each period, its first marks of each kind, and what was taken back.
        """
        periods = {
            key: (
                period.first_scan_at,
                self._worth(period.physical, needed),
                self._worth(period.partner, needed),
                self._worth(period.delivered, 1),
            )
            for key, period in self.periods.items()
        }
        return periods, self.retractions, self.numbers

    def since(self, period: int) -> "Evidence":
        """The evidence without what happened before a period."""
        if all(key.number >= period for key in self.periods) and not self.retractions:
            return self
        begins = EPOCH + period * PERIOD
        periods = {key: found for key, found in self.periods.items() if key.number >= period}
        retractions = frozenset(each for each in self.retractions if each.at >= begins)
        if not (periods or retractions):
            return NO_EVIDENCE
        return replace(self, periods=periods, retractions=retractions)

    def _worth(self, marks: tuple[Mark, ...], needed: int) -> tuple[Mark, ...]:
        """The marks that decide, and one more where the carrier took one of them back, or may."""
        may_fall = any(mark.code in RETRACTABLE or self._took_back(mark) for mark in marks[:needed])
        return marks[: needed + may_fall]

    def standing(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """The marks that were not taken back."""
        if not self.retractions:
            return tuple(marks)
        return tuple(mark for mark in marks if not self._took_back(mark))

    def _took_back(self, mark: Mark) -> bool:
        return any(each.takes_back(mark) for each in self.retractions)

    def merge(self, other: "Evidence") -> "Evidence":
        periods = dict(self.periods)
        for key, period in other.periods.items():
            known = periods.get(key)
            periods[key] = period if known is None else known.merge(period)
        # The greatest of a union are the greatest of its parts' greatest: any order ends the same.
        latest = sorted(periods.items(), key=_by_time)[-MAX_PERIODS:]
        retractions = sorted(self.retractions | other.retractions)[-MAX_RETRACTIONS:]
        return Evidence(
            periods=dict(sorted(latest)),
            retractions=frozenset(retractions),
            numbers=least_numbers(self.numbers | other.numbers),
            held_by_other=self.held_by_other or other.held_by_other,
        )


NO_EVIDENCE = Evidence()


def evidence_of(scan: Scan, numbers: frozenset[str] = frozenset()) -> Evidence:
    """Return the evidence that one scan is; a test-mode scan is none.

    *numbers* are all that the parcel goes by, where the scan names several.
    """
    if scan.test:
        return NO_EVIDENCE
    if scan.retracts:
        retraction = Retraction(scan.occurred_at, scan.retracts)
        return Evidence(retractions=frozenset({retraction}), numbers=numbers)
    code = scan.codes[0] if scan.codes else scan.milestone
    latest_at = scan.occurred_at + DOUBT[scan.time_trust]
    mark = Mark(scan.occurred_at, latest_at, code, scan.location)
    held = (mark,) if scan.physical is Physical.YES else ()
    by_carrier = scan.physical_by is PhysicalBy.CARRIER
    delivered = scan.milestone is Milestone.DELIVERED and by_carrier
    period = Period(
        first_scan_at=scan.occurred_at,
        physical=held if by_carrier else (),
        partner=() if by_carrier else held,
        delivered=held if delivered else (),
    )
    number = (scan.occurred_at - EPOCH) // PERIOD
    key = PeriodKey(scan.unique_id, number, family_of(scan.carrier))
    return Evidence(periods={key: period}, numbers=numbers)


def _by_time(kept: tuple[PeriodKey, Period]) -> tuple[int, PeriodKey]:
    key, _ = kept
    return key.number, key


def least_numbers(numbers: frozenset[str]) -> frozenset[str]:
    """The numbers that are kept of a parcel with many: the same ones in any order of arrival."""
    return frozenset(sorted(numbers)[:MAX_NUMBERS]) if len(numbers) > MAX_NUMBERS else numbers


def merged(evidence: Iterable[Evidence]) -> Evidence:
    total = NO_EVIDENCE
    for one in evidence:
        total = total.merge(one)
    return total


def _least(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The earliest marks; two of one moment are one event told by two sources."""
    by_moment: dict[datetime, Mark] = {}
    for mark in sorted({*one, *other}):
        by_moment.setdefault(mark.at, mark)
    return tuple(by_moment.values())[:KEPT]
