"""Keep the judged packages in step with the two truths: what sellers and carriers said."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from vtr.domain.errors import ConflictError
from vtr.domain.evidence import NO_EVIDENCE
from vtr.domain.packages import BucketKey, Confirmation, PackageKey, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.verdict import JudgedPackage, verdict
from vtr.use_cases.ports import Ports, Row
from vtr.use_cases.rules import row_key, rules_for

ATTEMPTS = 6


def change_parcel(
    ports: Ports, key: ParcelKey, change: Callable[[Parcel], Parcel], *, only_grows: bool = False
) -> tuple[Parcel, Parcel]:
    """Read a parcel, change it and write it back; answers it as it was and as it is.

    The first read is the cheap one. Should it be stale, the write fails on the version and the
    parcel is read again for certain; and so it is before "nothing to change" is believed, unless
    the change *only_grows* what an older parcel had less of.
    """
    for attempt in range(ATTEMPTS):
        before = ports.parcels.get(key, consistent=attempt > 0)
        after = change(before)
        if after == before and (attempt > 0 or only_grows):
            return before, before
        if after == before:
            continue
        try:
            return before, ports.parcels.save(after)
        except ConflictError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # the last attempt returns or raises


def judge(ports: Ports, confirmation: Confirmation, parcel: Parcel | None) -> Row:
    """The row that the two truths give for one package."""
    rules = rules_for(ports, confirmation)
    return Row(
        key=row_key(confirmation, rules.anchor_day(confirmation)),
        confirmation=confirmation,
        evidence=parcel.evidence_for(confirmation, rules) if parcel else NO_EVIDENCE,
        parcel_version=parcel.version if parcel else 0,
    )


def judged(ports: Ports, row: Row, as_of: datetime) -> JudgedPackage:
    rules = rules_for(ports, row.confirmation)
    return JudgedPackage(row.confirmation, verdict(row.confirmation, row.evidence, rules, as_of))


def put_changed_rows(
    ports: Ports,
    before: Parcel,
    after: Parcel,
    now: datetime,
    *,
    besides: PackageKey | None = None,
) -> set[BucketKey]:
    """Write the row of each claim that counts differently now; answers the buckets to recount.

    *besides* is the package whose own row the caller writes.
    """
    buckets: set[BucketKey] = set()
    if before is after:
        return buckets
    for claim in after.claims.values():
        row = judge(ports, claim, after)
        was = judge(ports, claim, before)
        if claim.key != besides and _counted(ports, row, now) != _counted(ports, was, now):
            ports.packages.put(row)
            buckets.add(row.key.bucket)
    return buckets


def repair_rows(ports: Ports, rows: Iterable[Row], now: datetime) -> Iterator[BucketKey]:
    """Write each row that is missing, older, or counts differently from what it should.

    For work that is done a second time: it may have been cut off between two writes the first
    time, so what should be there is read before anything is written. Answers the buckets of what
    was written.
    """
    for row in rows:
        known = ports.packages.get(row.key)
        if known is None or _differs(ports, known, row, now):
            ports.packages.put(row)
            yield row.key.bucket


def _differs(ports: Ports, known: Row, row: Row, now: datetime) -> bool:
    if known.moved or row.moved:
        return known.moved != row.moved
    return known.confirmation != row.confirmation or _counted(ports, known, now) != _counted(
        ports, row, now
    )


def _counted(ports: Ports, row: Row, now: datetime) -> object:
    return judged(ports, row, now).verdict.counted_as
