"""Project orders and parcels, the two sources of truth, onto the judged packages."""

from collections.abc import Callable, Iterable
from datetime import datetime

from vtr.domain.accounts import Account
from vtr.domain.evidence import NO_EVIDENCE
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, Package, PackageKey, PackageRow, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.retention import ends_on, has_ended
from vtr.domain.verdict import JudgedPackage
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.change_parcel import change_parcel
from vtr.use_cases.judge import judge, judge_by, judge_to_show, judged
from vtr.use_cases.policy_in_force import is_closed, policy_on, row_key


def put_changed_rows(
    ports: Ports,
    before: Parcel,
    after: Parcel,
    now: datetime,
    *,
    besides: PackageKey | None = None,
) -> set[BucketKey]:
    """Write the row of each claim that counts differently now; return the buckets to recount.

    What counts on a day that has ended stays as it was archived. *besides* is the package whose own
    row the caller writes.
    """
    buckets: set[BucketKey] = set()
    if before is after:
        return buckets
    for claim in after.claims.values():
        if claim.key == besides or is_closed(ports, claim, now):
            continue
        was, becomes = (judge_by(ports, claim, it, now).verdict for it in (before, after))
        if was.counted_as != becomes.counted_as:
            row = judge(ports, claim, after)
            ports.packages.put(row)
            buckets.add(row.key.bucket)
    return buckets


def repair_rows(ports: Ports, rows: Iterable[PackageRow], now: datetime) -> set[BucketKey]:
    """Write each row that is missing, outdated, or wrongly counted; return the buckets of all rows.

    For repeated work: the first run may have been cut off between two writes, so each row is read
    before it is written. All buckets are returned, as the recounts, too, may not have been
    requested.
    """
    buckets = set()
    for row in rows:
        buckets.add(row.key.bucket)
        known = ports.packages.get(row.key)
        if known is None or _differs(ports, known, row, now):
            ports.packages.put(row)
    return buckets


def _differs(ports: Ports, known: PackageRow, row: PackageRow, now: datetime) -> bool:
    if (
        row.is_tombstone
    ):  # an older tombstone does not keep out a row that came back since, or is late
        return known.confirmation.revision < row.confirmation.revision
    if known.is_tombstone:
        return True
    return known.confirmation != row.confirmation or _counted(ports, known, now) != _counted(
        ports, row, now
    )


def _counted(ports: Ports, row: PackageRow, now: datetime) -> object:
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
    """Change a parcel and the rows of its claims; return it and the buckets to recount.

    ``repeated``: an earlier run may have been cut off between two writes, so the rows are checked
    even if the parcel itself is unchanged.
    """
    before, after = change_parcel(ports, key, change, now, only_grows=only_grows)
    buckets = put_changed_rows(ports, before, after, now, besides=besides)
    if repeated:
        claims = [
            claim
            for claim in after.claims.values()
            if claim.key != besides and not is_closed(ports, claim, now)
        ]
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
    """Bring parcels and rows in line with the order, and request the recounts."""
    claim = after.confirmation(package_id, account.policy)
    package = after.package(package_id)
    repeated = before == after
    buckets: set[BucketKey] = set()
    parcel: Parcel | None = None
    if claim.parcel is not None:
        is_new = before is None or package_id not in before.packages
        parcel, buckets = update_parcel(
            ports,
            claim.parcel.as_new() if is_new else claim.parcel,
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
    buckets |= _write_tombstones(ports, claim, package, now)
    buckets |= _leave_old_parcels(ports, claim, package, now, repeated=repeated)
    ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])
    return judge_to_show(ports, claim, parcel, now)


def _write_tombstones(
    ports: Ports, claim: Confirmation, package: Package, now: datetime
) -> set[BucketKey]:
    """Write a tombstone on every day on which the package was counted before, unless it ended."""
    rules = {day: policy_on(ports, claim.policy, day) for day in package.days[:-1]}
    tombstones = [
        PackageRow(
            key=row_key(claim, day),
            confirmation=claim,
            evidence=NO_EVIDENCE,
            parcel_version=0,
            is_tombstone=True,
            kept_until=ends_on(day, rules[day]),
        )
        for day in package.days[:-1]
        if not has_ended(day, rules[day], now)
    ]
    return repair_rows(ports, tombstones, now)


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
