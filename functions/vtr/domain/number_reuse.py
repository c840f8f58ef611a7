"""Number reuse: carriers use numbers again, so evidence is read one use at a time."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from vtr.domain.evidence import PERIOD, Evidence, Mark, Period, PeriodKey


class NumberUse(NamedTuple):
    """One use of a number, from its first scan to its last known event, retractions applied."""

    first_scan_at: datetime
    last_event_at: datetime
    physical: tuple[Mark, ...]
    partner: tuple[Mark, ...]
    delivered: Mark | None


def uses_of(evidence: Evidence, gap: timedelta, stated: str = "") -> list[NumberUse]:
    """The uses of a number, oldest first, as they look to who states a carrier.

    *stated* is a carrier as in ``PeriodKey``: its scans are its own, all others a partner's.

    The carrier's own ids tell uses apart where it gives several; else a silence does: at least
    *gap* without any scan, which the 30-day grid shows once the first scans of two periods lie
    further apart than *gap* and one period.
    """
    if len(evidence.periods) == 1:  # nearly every parcel, and there is nothing to tell apart
        return [_use(evidence.periods, evidence, stated)]
    uses = chain.from_iterable(_by_unique_id(run) for run in _runs(evidence, gap))
    found = [_use({key: evidence.periods[key] for key in use}, evidence, stated) for use in uses]
    return sorted(found, key=lambda use: (use.first_scan_at, use.last_event_at))


def _runs(evidence: Evidence, gap: timedelta) -> Iterable[list[PeriodKey]]:
    run: list[PeriodKey] = []
    previous: datetime | None = None
    for key in sorted(evidence.periods, key=lambda key: (evidence.periods[key].first_scan_at, key)):
        begins = evidence.periods[key].first_scan_at
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


def _use(use: Mapping[PeriodKey, Period], evidence: Evidence, stated: str) -> NumberUse:
    begins: list[datetime] = []
    known: list[datetime] = []
    physical: list[Mark] = []
    partner: list[Mark] = []
    delivered: list[Mark] = []
    for key, period in use.items():
        # Only what no later arrival can change counts as known: the first physical scan and the
        # first delivery of each period, not the second, which is kept or not according to what
        # was there.
        begins.append(period.first_scan_at)
        if period.physical:
            known.append(period.physical[0].at)
            (physical if key.carrier == stated else partner).extend(period.physical)
        if first := evidence.standing(period.delivered)[:1]:
            known.append(first[0].at)
            delivered += first
        partner += period.partner
    return NumberUse(
        first_scan_at=min(begins),
        last_event_at=max(begins + known),
        physical=evidence.standing(_each_once(physical)),
        partner=evidence.standing(_each_once(partner)),
        delivered=min(delivered, default=None),
    )


def _each_once(marks: list[Mark]) -> list[Mark]:
    return sorted(set(marks)) if len(marks) > 1 else marks
