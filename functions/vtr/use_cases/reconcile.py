"""Reconcile: compare the view with the two truths that it is made of, and set it right.

A write that was cut off is made good when its work is handed out again. What nobody hands out
again, what was changed by hand, what came back from a backup: that is drift.
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
    """A package is not counted where its order has it, though others of the order are."""
    ROW_STALE = "row_stale"
    """A row says other than its order, counts other than its parcel, or lies on another day."""
    ROW_ORPHANED = "row_orphaned"
    """No order knows the package of a row."""
    CLAIM_MISSING = "claim_missing"
    """A parcel does not know who claims it: its next scan would not reach the package."""
    COUNT_WRONG = "count_wrong"
    """A roll-up is not the sum of its rows."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as the truths have it, and the rows that set it right."""

    kind: DriftKind
    claim: Confirmation | None = None
    rows: Sequence[PackageRow] = ()


def find_drift(
    ports: Ports, bucket: BucketKey, rows: Sequence[PackageRow], now: datetime
) -> Iterator[Drift]:
    """What of a bucket, read as *rows*, is not as orders and parcels have it; writes nothing.

    What was written while this looked is no drift, so whatever seems amiss is read once more, for
    certain. A roll-up cannot be: it is wrong, too, while its recount waits.
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
    """Set one thing right; a roll-up is, whenever its bucket is counted.

    What belongs to another day may have been counted there already, so that is counted again. The
    tombstone comes last: without it, a repair that is cut off is done again.
    """
    elsewhere: set[BucketKey] = set()
    if drift.kind is DriftKind.CLAIM_MISSING and (claim := drift.claim) and claim.parcel:
        was, parcel = change_parcel(ports, claim.parcel, lambda known: known.claimed(claim))
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
    """What the orders of these rows say now of each of their packages."""
    policy = account_of(ports, bucket.account).policy
    orders = ports.orders.get_many({(bucket.account, row.confirmation.order_id) for row in rows})
    claims = (
        order.confirmation(package_id, policy)
        for order in orders.values()
        for package_id in order.packages
    )
    return {claim.key: claim for claim in claims}


def _orphaned(ports: Ports, row: PackageRow) -> Iterator[Drift]:
    """The tombstone keeps what the row said; it may be all that is left of it."""
    if ports.orders.get(row.confirmation.account, row.confirmation.order_id, consistent=True):
        return
    yield Drift(DriftKind.ROW_ORPHANED, row.confirmation, [_tombstone_for(row)])


def _tombstone_for(row: PackageRow) -> PackageRow:
    """The tombstone that takes a row's place, and is therefore later."""
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
    """What a row counts as. Why a scan is still awaited is settled when it is due, not before."""
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
    """Whether a parcel should know a claim and does not."""
    if claim.parcel is None:
        return False
    parcel = parcel or Parcel(key=claim.parcel)
    return not _said_by(parcel, claim) and parcel.claimed(claim) != parcel


def _said_by(parcel: Parcel, claim: Confirmation) -> Confirmation | None:
    """The claim as its parcel has it, if it says the same, be it at an earlier revision."""
    known = parcel.claims.get(claim.key)
    return known if known and replace(known, revision=claim.revision) == claim else None


def _judged_for_certain(ports: Ports, claim: Confirmation) -> PackageRow:
    """Judge a package at the revision that its parcel has, by which the next scan writes its row.

    That of its order may be later, by another package's change, and would keep the scan's row out;
    it is taken where the row that is there would keep out what is judged at an earlier one.
    """
    if claim.parcel is None:
        return judge(ports, claim, None)
    parcel = ports.parcels.get(claim.parcel, consistent=True)
    fresh = judge(ports, _said_by(parcel, claim) or claim, parcel)
    known = ports.packages.get(fresh.key, consistent=True)
    later = known is not None and known.confirmation.revision > fresh.confirmation.revision
    return judge(ports, claim, parcel) if later else fresh


def _as_counted(counts: DayCounts) -> Counter[object]:
    """Counts as they can be compared: why a scan is awaited counts once it is due, not before."""
    compared: Counter[object] = Counter()
    for category, reasons in counts.items():
        for reason, number in reasons.items():
            compared[category, AWAITING if reason in AWAITING else reason] += number
    return +compared
