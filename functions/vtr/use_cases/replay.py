"""Replay what was archived: read again, by today's code tables, and recorded again.

The bodies go through the queue, so that the function which records scans does so with its own
rights, retries and dead letters, and no second way writes evidence. Recording is idempotent, so a
replay may be repeated, cut off, or overlap with another.

A replay adds what is understood only now; evidence never shrinks. What a table has since come to
call no proof stays, because the carrier has not taken it back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.evidence import NO_EVIDENCE, Evidence, evidence_of
from vtr.domain.packages import ParcelKey, parcel_of
from vtr.domain.parcels import Parcel
from vtr.domain.scans import Scan
from vtr.domain.verdict import JudgedPackage
from vtr.ports import Ports
from vtr.use_cases.judge import judge_by

PARCELS_A_READ = 100

Decode = Callable[[AcceptedDelivery], Iterable[Scan]]


@dataclass(frozen=True, slots=True)
class Turned:
    """A package that a replay would judge otherwise."""

    before: JudgedPackage
    after: JudgedPackage


def replay(ports: Ports, first: date, last: date, source: str = "") -> int:
    """Hand out again what was received from *first* to *last*, both included; how many bodies."""
    sent = 0
    for delivery in _received(ports, first, last, source):
        ports.deliveries.send(delivery, archived=True)
        sent += 1
    return sent


def preview_replay(
    ports: Ports, first: date, last: date, source: str, decode: Decode, now: datetime
) -> Iterator[Turned]:
    """The packages whose verdict a replay would change; nothing is written."""
    learnt: dict[ParcelKey, Evidence] = {}
    for delivery in _received(ports, first, last, source):
        for scan in decode(delivery):
            if key := parcel_of(scan.carrier, scan.tracking_number):
                known = learnt.get(key, NO_EVIDENCE)
                learnt[key] = known.merge(evidence_of(scan, key.carrier))
    waiting = iter(learnt)
    while keys := list(islice(waiting, PARCELS_A_READ)):
        for key, parcel in ports.parcels.get_many(keys).items():
            yield from _turned(ports, parcel, parcel.scanned(learnt[key]), now)


def _turned(ports: Ports, before: Parcel, after: Parcel, now: datetime) -> Iterator[Turned]:
    for claim in before.claims.values():
        was, becomes = (judge_by(ports, claim, it, now) for it in (before, after))
        if was.verdict.reason is not becomes.verdict.reason:
            yield Turned(was, becomes)


def _received(ports: Ports, first: date, last: date, source: str) -> Iterator[AcceptedDelivery]:
    for day in _days(first, last):
        yield from ports.archive.read(day, source)


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
