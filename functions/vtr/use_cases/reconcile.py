"""Reconcile: compare rows and counts with the orders and parcels they derive from; repair them.

A write that was cut off is repaired when its message is redelivered. Drift is the rest: what is
never redelivered, what was changed by hand, what a backup restored.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vtr.domain.packages import BucketKey, Confirmation, PackageKey, PackageRow
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts, count
from vtr.domain.verdict import AWAITING
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.change_parcel import change_parcel
from vtr.use_cases.judge import judge, judged
from vtr.use_cases.project import put_changed_rows


class DriftKind(StrEnum):
    ROW_MISSING = "row_missing"
    """A package is not counted where its order says, though others of the order are."""
    ROW_STALE = "row_stale"
    """A row differs from its order, counts other than by its parcel, or is on the wrong day."""
    ROW_ORPHANED = "row_orphaned"
    """No order knows the package of a row."""
    CLAIM_MISSING = "claim_missing"
    """A parcel lacks a claim: its next scan would not reach the package."""
    COUNT_WRONG = "count_wrong"
    """A bucket's counts are not those of its rows."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference from orders and parcels, and the rows that repair it."""

    kind: DriftKind
    claim: Confirmation | None = None
    rows: Sequence[PackageRow] = ()


def find_drift(
    ports: Ports, bucket: BucketKey, rows: Sequence[PackageRow], now: datetime
) -> Iterator[Drift]:
    """Yield where a bucket, read as *rows*, differs from its orders and parcels; write nothing.

    Concurrent writes are no drift, so each difference is confirmed by strongly consistent reads.
    Wrong counts cannot be confirmed: they may just be waiting for their recount.
    """
    if rows:
        yield from _drift_of_rows(ports, bucket, rows, now)
    known = ports.rates.bucket(bucket)
    if _as_counted(known.counts if known else {}) != _as_counted(_counts(ports, rows, now)):
        yield Drift(DriftKind.COUNT_WRONG)


def _drift_of_rows(
    ports: Ports, bucket: BucketKey, rows: Sequence[PackageRow], now: datetime
) -> Iterator[Drift]:
    claims = _claims(ports, bucket, rows)
    keys = {key for claim in claims.values() if (key := claim.parcel)}
    parcels = ports.parcels.get_many(keys)
    for row in rows:
        claim = claims.pop(row.confirmation.key, None)
        parcel = parcels.get(claim.parcel) if claim and claim.parcel else None
        if claim is None:
            yield from _orphaned(ports, row)
            continue
        if _is_stale(ports, row, judge(ports, claim, parcel), now):
            yield from _stale(ports, row, claim, now)
        if _lacks(parcel, claim):
            yield from _unclaimed(ports, claim)
    for claim in claims.values():
        yield from _missing(ports, bucket, claim)


def repair(ports: Ports, bucket: BucketKey, drift: Drift, now: datetime) -> None:
    """Repair one drift; wrong counts are repaired by the recount itself.

    A row that belongs to another day may affect the counts there, so that bucket is counted again.
    The tombstone comes last: a repair that is cut off before it is found and done again.
    """
    elsewhere: set[BucketKey] = set()
    if drift.kind is DriftKind.CLAIM_MISSING and (claim := drift.claim) and claim.parcel:
        was, parcel = change_parcel(ports, claim.parcel, lambda known: known.claimed(claim), now)
        elsewhere |= put_changed_rows(ports, was, parcel, now)
    for row in drift.rows:
        if not row.is_tombstone:
            ports.packages.put(row)
            elsewhere.add(row.key.bucket)
    ports.recounts.send([Recount(each) for each in sorted(elsewhere - {bucket})])
    for row in drift.rows:
        if row.is_tombstone:
            ports.packages.put(row)


def _counts(ports: Ports, rows: Sequence[PackageRow], now: datetime) -> DayCounts:
    return count((row.key.category, judged(ports, row, now).verdict.reason) for row in rows)


def _claims(
    ports: Ports, bucket: BucketKey, rows: Sequence[PackageRow]
) -> dict[PackageKey, Confirmation]:
    """Return the current claims of all packages in the orders of these rows."""
    policy = account_of(ports, bucket.account).policy
    orders = ports.orders.get_many({(bucket.account, row.confirmation.order_id) for row in rows})
    claims = (
        order.confirmation(package_id, policy)
        for order in orders.values()
        if order.erasing_since is None
        for package_id in order.packages
    )
    return {claim.key: claim for claim in claims}


def _orphaned(ports: Ports, row: PackageRow) -> Iterator[Drift]:
    """Yield the drift; its tombstone keeps what the row said, which may be all that is left."""
    if ports.orders.get(row.confirmation.account, row.confirmation.order_id, consistent=True):
        return
    yield Drift(DriftKind.ROW_ORPHANED, row.confirmation, [_tombstone_for(row)])


def _tombstone_for(row: PackageRow) -> PackageRow:
    """Return the tombstone that replaces a row; its version is higher, so that it wins."""
    return replace(row, parcel_version=row.parcel_version + 1, is_tombstone=True)


def _stale(ports: Ports, row: PackageRow, claim: Confirmation, now: datetime) -> Iterator[Drift]:
    again = ports.packages.get(row.key, consistent=True)
    if again is None or again.is_tombstone or again.confirmation.revision > claim.revision:
        return
    fresh = _judged_for_certain(ports, claim)
    if _is_stale(ports, again, fresh, now):
        buried = _tombstone_for(replace(again, confirmation=claim))
        yield Drift(
            DriftKind.ROW_STALE, claim, [fresh] if fresh.key == row.key else [fresh, buried]
        )


def _is_stale(ports: Ports, row: PackageRow, fresh: PackageRow, now: datetime) -> bool:
    if replace(fresh.confirmation, revision=row.confirmation.revision) != row.confirmation:
        return True
    if fresh.key != row.key:
        return True
    is_later = fresh.parcel_version > row.parcel_version
    return is_later and _worth(ports, fresh, now) != _worth(ports, row, now)


def _worth(ports: Ports, row: PackageRow, now: datetime) -> object:
    """Return what a row counts as. Awaiting reasons are equal: a recount settles them once due."""
    verdict = judged(ports, row, now).verdict
    return AWAITING if verdict.reason in AWAITING else verdict.reason


def _missing(ports: Ports, bucket: BucketKey, claim: Confirmation) -> Iterator[Drift]:
    fresh = _judged_for_certain(ports, claim)
    if fresh.key.bucket != bucket:
        return
    known = ports.packages.get(fresh.key, consistent=True)
    if known is None or (known.is_tombstone and known.confirmation.revision < claim.revision):
        yield Drift(DriftKind.ROW_MISSING, claim, [fresh])


def _unclaimed(ports: Ports, claim: Confirmation) -> Iterator[Drift]:
    if claim.parcel and _lacks(ports.parcels.get(claim.parcel, consistent=True), claim):
        yield Drift(DriftKind.CLAIM_MISSING, claim)


def _lacks(parcel: Parcel | None, claim: Confirmation) -> bool:
    """Return whether a parcel lacks a claim that it should have."""
    if claim.parcel is None:
        return False
    parcel = parcel or Parcel(key=claim.parcel)
    return not _said_by(parcel, claim) and parcel.claimed(claim) != parcel


def _said_by(parcel: Parcel, claim: Confirmation) -> Confirmation | None:
    """Return the claim as its parcel has it, if equal but for its revision."""
    known = parcel.claims.get(claim.key)
    return known if known and replace(known, revision=claim.revision) == claim else None


def _judged_for_certain(ports: Ports, claim: Confirmation) -> PackageRow:
    """Judge a package by strongly consistent reads, normally at its parcel's revision of the claim.

    The next scan writes the row at the parcel's revision. The order's revision may be later, by
    another package's change, and would then keep the scan's row out. It is taken only if the
    existing row is later than the parcel's revision and would keep this one out.
    """
    if claim.parcel is None:
        return judge(ports, claim, None)
    parcel = ports.parcels.get(claim.parcel, consistent=True)
    fresh = judge(ports, _said_by(parcel, claim) or claim, parcel)
    known = ports.packages.get(fresh.key, consistent=True)
    later = known is not None and known.confirmation.revision > fresh.confirmation.revision
    return judge(ports, claim, parcel) if later else fresh


def _as_counted(counts: DayCounts) -> Counter[object]:
    """Return counts to compare, with awaiting reasons merged: a recount settles them once due."""
    compared: Counter[object] = Counter()
    for category, reasons in counts.items():
        for reason, number in reasons.items():
            compared[category, AWAITING if reason in AWAITING else reason] += number
    return +compared
