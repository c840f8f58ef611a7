"""Keep the judged packages in step with the two truths: what sellers and carriers said."""

from collections.abc import Callable, Iterable
from datetime import datetime

from vtr.domain.accounts import Account
from vtr.domain.errors import ConflictError
from vtr.domain.evidence import NO_EVIDENCE, Evidence
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, Package, PackageKey, ParcelKey, Row
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Policy
from vtr.domain.verdict import JudgedPackage, verdict
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.rules import row_key, rules_for

ATTEMPTS = 6


def change_parcel(
    ports: Ports, key: ParcelKey, change: Callable[[Parcel], Parcel], *, only_grows: bool = False
) -> tuple[Parcel, Parcel]:
    """Read a parcel, change it and write it back; answers it as it was and as it is.

    The first read is the cheap one. Should it be stale, the write fails on the version and the
    parcel is read again for certain; and so it is before "nothing to change" is believed, unless
    the change *only_grows* what an older parcel had less of.

    A write that fails on the version may be our own: it took effect, its answer was lost, and the
    client sent it again. So what is then found done counts as changed since it was first read.
    """
    first: Parcel | None = None
    for attempt in range(ATTEMPTS):
        before = ports.parcels.get(key, consistent=attempt > 0)
        after = change(before)
        if after == before and (attempt > 0 or only_grows):
            return first or before, before
        if after == before:
            continue
        try:
            return before, ports.parcels.save(after)
        except ConflictError:
            if attempt == ATTEMPTS - 1:
                raise
            first = first or before
    raise AssertionError  # the last attempt returns or raises


def judge(ports: Ports, confirmation: Confirmation, parcel: Parcel | None) -> Row:
    """The row that the two truths give for one package."""
    rules = rules_for(ports, confirmation)
    return Row(
        key=row_key(confirmation, rules.anchor_day(confirmation)),
        confirmation=confirmation,
        evidence=_evidence(confirmation, parcel, rules),
        parcel_version=parcel.version if parcel else 0,
    )


def judge_by(
    ports: Ports, confirmation: Confirmation, parcel: Parcel | None, as_of: datetime
) -> JudgedPackage:
    """A package, judged by what its parcel holds."""
    rules = rules_for(ports, confirmation)
    evidence = _evidence(confirmation, parcel, rules)
    return JudgedPackage(confirmation, verdict(confirmation, evidence, rules, as_of))


def judged(ports: Ports, row: Row, as_of: datetime) -> JudgedPackage:
    rules = rules_for(ports, row.confirmation)
    return JudgedPackage(row.confirmation, verdict(row.confirmation, row.evidence, rules, as_of))


def _evidence(confirmation: Confirmation, parcel: Parcel | None, rules: Policy) -> Evidence:
    return parcel.evidence_for(confirmation, rules) if parcel else NO_EVIDENCE


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
        if claim.key == besides:
            continue
        was, becomes = (judge_by(ports, claim, it, now).verdict for it in (before, after))
        if was.counted_as != becomes.counted_as:
            row = judge(ports, claim, after)
            ports.packages.put(row)
            buckets.add(row.key.bucket)
    return buckets


def repair_rows(ports: Ports, rows: Iterable[Row], now: datetime) -> set[BucketKey]:
    """Write each row that is missing, older, or counts differently from what it should.

    For work that is done a second time: it may have been cut off between two writes the first
    time, so what should be there is read before anything is written. Answers the buckets of all
    the rows: the recounts, too, may not have been asked for.
    """
    buckets = set()
    for row in rows:
        buckets.add(row.key.bucket)
        known = ports.packages.get(row.key)
        if known is None or _differs(ports, known, row, now):
            ports.packages.put(row)
    return buckets


def _differs(ports: Ports, known: Row, row: Row, now: datetime) -> bool:
    if row.moved:  # an older gravestone does not keep out a row that came back since, or is late
        return known.confirmation.revision < row.confirmation.revision
    if known.moved:
        return True
    return known.confirmation != row.confirmation or _counted(ports, known, now) != _counted(
        ports, row, now
    )


def _counted(ports: Ports, row: Row, now: datetime) -> object:
    return judged(ports, row, now).verdict.counted_as


def update_parcel(
    ports: Ports,
    key: ParcelKey,
    change: Callable[[Parcel], Parcel],
    now: datetime,
    *,
    only_grows: bool = False,
    repeated: bool = False,
    besides: PackageKey | None = None,
) -> tuple[Parcel, set[BucketKey]]:
    """Change a parcel and the rows of its claims; answers it, and the buckets to recount.

    ``repeated``: the work was begun before and may have been cut off between two writes, so the
    rows are checked even where the parcel itself stays as it is.
    """
    before, after = change_parcel(ports, key, change, only_grows=only_grows)
    buckets = put_changed_rows(ports, before, after, now, besides=besides)
    if repeated:
        claims = [claim for claim in after.claims.values() if claim.key != besides]
        buckets |= repair_rows(ports, [judge(ports, claim, after) for claim in claims], now)
    return after, buckets


def project(
    ports: Ports,
    account: Account,
    before: Order | None,
    after: Order,
    package_id: str,
    now: datetime,
) -> JudgedPackage:
    """Bring parcels and rows in step with the order, and ask for the recounts."""
    claim = after.confirmation(package_id, account.policy)
    package = after.package(package_id)
    repeated = before == after
    buckets: set[BucketKey] = set()
    parcel: Parcel | None = None
    if claim.parcel is not None:
        parcel, buckets = update_parcel(
            ports,
            claim.parcel,
            lambda known: known.claimed(claim),
            now,
            repeated=repeated,
            besides=claim.key,
        )
    row = judge(ports, claim, parcel)
    if repeated:
        buckets |= repair_rows(ports, [row], now)
    else:
        ports.packages.put(row)
        buckets.add(row.key.bucket)
    buckets |= _bury(ports, claim, package, now)
    buckets |= _leave_old_parcels(ports, claim, package, now, repeated=repeated)
    ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])
    return judged(ports, row, now)


def _bury(ports: Ports, claim: Confirmation, package: Package, now: datetime) -> set[BucketKey]:
    """Leave a gravestone on every day on which the package was counted before."""
    gravestones = [
        Row(
            key=row_key(claim, day),
            confirmation=claim,
            evidence=NO_EVIDENCE,
            parcel_version=0,
            moved=True,
        )
        for day in package.days[:-1]
    ]
    return repair_rows(ports, gravestones, now)


def _leave_old_parcels(
    ports: Ports, claim: Confirmation, package: Package, now: datetime, *, repeated: bool
) -> set[BucketKey]:
    """Withdraw the claim from every parcel that the package named before."""
    buckets = set()
    for key in package.parcels:
        if key != claim.parcel:
            _, counted = update_parcel(
                ports,
                key,
                lambda known: known.unclaimed(claim.key, claim.revision),
                now,
                repeated=repeated,
            )
            buckets |= counted
    return buckets
