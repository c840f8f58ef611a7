"""Record scans: merge them into their parcels and re-judge the packages that claim those."""

from collections.abc import Iterable
from datetime import datetime

from vtr.domain.errors import ConflictError
from vtr.domain.evidence import EPOCH, MAX_NUMBERS, PERIOD, Evidence, evidence_of
from vtr.domain.packages import BucketKey, ParcelKey, parcel_numbered, parcel_of
from vtr.domain.parcels import Parcel
from vtr.domain.retention import first_period
from vtr.domain.scans import Scan
from vtr.domain.tracking_numbers import canonical_number
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.change_parcel import parcel_now
from vtr.use_cases.policy_in_force import months_kept, scans_needed
from vtr.use_cases.project import update_parcel

MAX_ROUNDS = 2 * MAX_NUMBERS + 1
"""Writes that one parcel's numbers take, at most, until all of them know the same."""


def record_scans(
    ports: Ports, scans: Iterable[Scan], now: datetime, *, repeated: bool = False
) -> None:
    """Record scans in any order, any number of times.

    ``repeated``: the message was redelivered, and the earlier run may have been cut off between
    two writes, so the rows are checked even if the parcel is unchanged.
    """
    waiting: dict[ParcelKey, Evidence] = {}
    for scan in scans:
        if key := parcel_of(scan.carrier, scan.tracking_number):
            _await(waiting, key, evidence_of(scan, _numbers_of(key, scan)))
    buckets: set[BucketKey] = set()
    rounds = MAX_ROUNDS * len(waiting)
    done: set[ParcelKey] = set()
    while waiting:
        if not rounds:
            raise ConflictError("The numbers of one parcel are written by others. Try again.")
        rounds -= 1
        key, evidence = waiting.popitem()
        parcel, counted = _record(ports, key, evidence, now, repeated=repeated)
        buckets |= counted
        done.add(key)
        _pass_on(ports, parcel, evidence, waiting, now)
        if repeated:  # the rows of the other numbers, too, may have been written and not counted
            others = set(_other_keys(parcel)) - done - waiting.keys()
            waiting |= dict.fromkeys(others, parcel.evidence)
    if buckets:
        ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])


def outlived(scans: Iterable[Scan], now: datetime) -> int:
    """Return how many scans happened longer ago than anything is kept: they are no evidence."""
    oldest = EPOCH + first_period(now.date(), months_kept()) * PERIOD
    return sum(scan.occurred_at < oldest for scan in scans)


def _numbers_of(key: ParcelKey, scan: Scan) -> frozenset[str]:
    """All numbers of the parcel that a scan names, where these are several."""
    others = {canonical_number(number, scan.carrier) for number in scan.other_numbers}
    return frozenset({key.number, *others}) if others - {key.number} else frozenset()


def _await(waiting: dict[ParcelKey, Evidence], key: ParcelKey, evidence: Evidence) -> None:
    waiting[key] = waiting[key].merge(evidence) if key in waiting else evidence


def _pass_on(
    ports: Ports,
    parcel: Parcel,
    learnt: Evidence,
    waiting: dict[ParcelKey, Evidence],
    now: datetime,
) -> None:
    """Let the parcel's other numbers know what it knows, and it what they know.

    A source has said that they are one parcel, so a claim on either reads the same evidence. Most
    parcels have one number, and nothing is read.
    """
    known = parcel.evidence.merge(learnt)
    for key in _other_keys(parcel):
        # Strongly consistent: of two who write two numbers at once, one then sees the other.
        other = parcel_now(ports, key, now, consistent=True)
        if _lacks(other.evidence, other.readable(known, months_kept(), now)):
            _await(waiting, key, known)
        if _lacks(known, parcel.readable(other.evidence, months_kept(), now)):
            _await(waiting, parcel.key, other.evidence)


def _other_keys(parcel: Parcel) -> list[ParcelKey]:
    numbers = sorted(parcel.evidence.numbers - {parcel.key.number})
    return [parcel_numbered(number) for number in numbers]


def _lacks(evidence: Evidence, known: Evidence) -> bool:
    """Whether there is something in *known* that is worth a write where *evidence* is."""
    needed = scans_needed()
    return evidence.merge(known).material(needed) != evidence.material(needed)


def _record(
    ports: Ports, key: ParcelKey, evidence: Evidence, now: datetime, *, repeated: bool
) -> tuple[Parcel, set[BucketKey]]:
    def learn(parcel: Parcel) -> Parcel:
        readable = parcel.readable(evidence, months_kept(), now)
        return parcel.scanned(readable) if _lacks(parcel.evidence, readable) else parcel

    return update_parcel(ports, key, learn, now, only_grows=True, repeated=repeated)
