"""Replay archived deliveries: decode them again, by today's code tables, and record them again.

The bodies go through the queue, so that only the function that records scans writes evidence, with
its own permissions, retries and DLQ. Recording is idempotent, so a replay may be repeated, cut off,
or overlap with another.

A replay adds what is understood only now; evidence never shrinks. What a table no longer counts as
proof stays, because the carrier has not retracted it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice

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
    """A package whose verdict a replay would change."""

    before: JudgedPackage
    after: JudgedPackage


def replay(ports: Ports, first: date, last: date, source: str = "") -> int:
    """Redeliver what was received from *first* to *last*, both included; return how many bodies."""
    sent = 0
    for delivery in _received(ports, first, last, source):
        ports.deliveries.send(delivery, archived=True)
        sent += 1
    return sent


def preview_replay(
    ports: Ports, first: date, last: date, source: str, decode: Decode, now: datetime
) -> Iterator[Turned]:
    """Yield the packages whose verdict a replay would change; write nothing."""
    received = _received(ports, first, last, source)
    return preview_scans(ports, chain.from_iterable(map(decode, received)), now)


def preview_scans(ports: Ports, scans: Iterable[Scan], now: datetime) -> Iterator[Turned]:
    """Yield the packages whose verdict these scans would change; write nothing."""
    learnt: dict[ParcelKey, Evidence] = {}
    for scan in scans:
        if key := parcel_of(scan.carrier, scan.tracking_number):
            known = learnt.get(key, NO_EVIDENCE)
            learnt[key] = known.merge(evidence_of(scan))
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
