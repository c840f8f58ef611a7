"""Number reuse: carriers use numbers again, so evidence is read one use at a time."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from vtr.domain.evidence import PERIOD, Evidence, Mark, Period, PeriodKey


class NumberUse(NamedTuple):
    """One use of a number, from its first scan to its last known event, retractions applied.

    ``physical`` are the scans of the stated carrier's own families, ``partner`` those of families
    that the number shows to be its partners, and ``waiting`` those in which the carrier says that
    a partner holds the package and it waits for it.
    """

    first_scan_at: datetime
    last_event_at: datetime
    physical: tuple[Mark, ...]
    partner: tuple[Mark, ...]
    waiting: tuple[Mark, ...]
    delivered: Mark | None


def uses_of(
    evidence: Evidence,
    gap: timedelta,
    own: frozenset[str],
    partners: frozenset[str] = frozenset(),
) -> list[NumberUse]:
    """Return the uses of a number, oldest first, as the families *own* and *partners* saw them.

    The carrier's own ids tell uses apart where it gives several; else a silence does: at least
    *gap* without any scan, which the 30-day grid shows once the first scans of two periods lie
    further apart than *gap* and one period.
    """
    seen = own | partners
    periods = {key: period for key, period in evidence.periods.items() if key.family in seen}
    if not periods:
        return []
    if len(periods) == 1:  # nearly every parcel, and there is nothing to tell apart
        return [_use(periods, evidence, own)]
    uses = chain.from_iterable(_by_unique_id(run) for run in _runs(periods, gap))
    found = [_use({key: periods[key] for key in use}, evidence, own) for use in uses]
    return sorted(found, key=lambda use: (use.first_scan_at, use.last_event_at))


def _runs(periods: Mapping[PeriodKey, Period], gap: timedelta) -> Iterable[list[PeriodKey]]:
    run: list[PeriodKey] = []
    previous: datetime | None = None
    for key in sorted(periods, key=lambda key: (periods[key].first_scan_at, key)):
        begins = periods[key].first_scan_at
        if previous is not None and begins - previous > gap + PERIOD:
            yield run
            run = []
        run.append(key)
        previous = begins
    if run:
        yield run


def _by_unique_id(run: list[PeriodKey]) -> Iterable[list[PeriodKey]]:
    """Split a run by the carrier's ids; what carries none goes with the id seen last before it."""
    ids = [key.unique_id for key in run if key.unique_id]
    uses: dict[str, list[PeriodKey]] = {}
    latest = ids[0] if ids else ""
    for key in run:
        latest = key.unique_id or latest
        uses.setdefault(latest, []).append(key)
    return uses.values()


def _use(use: Mapping[PeriodKey, Period], evidence: Evidence, own: frozenset[str]) -> NumberUse:
    begins: list[datetime] = []
    known: list[datetime] = []
    physical: list[Mark] = []
    partner: list[Mark] = []
    waiting: list[Mark] = []
    delivered: list[Mark] = []
    for key, period in use.items():
        # Only what no later arrival can change counts as known: the first physical scan and the
        # first delivery of each period, not the second, which is kept or not according to what
        # was there. Where a time is in doubt, the use lasted as long as it may have.
        begins.append(period.first_scan_at)
        if period.physical:
            known.append(period.physical[0].latest_at)
            (physical if key.family in own else partner).extend(period.physical)
        if first := evidence.standing(period.delivered)[:1]:
            known.append(first[0].latest_at)
            delivered += first
        waiting += period.partner
    return NumberUse(
        first_scan_at=min(begins),
        last_event_at=max(begins + known),
        physical=evidence.standing(_each_once(physical)),
        partner=evidence.standing(_each_once(partner)),
        waiting=evidence.standing(_each_once(waiting)),
        delivered=min(delivered, default=None),
    )


def _each_once(marks: list[Mark]) -> list[Mark]:
    return sorted(set(marks)) if len(marks) > 1 else marks
