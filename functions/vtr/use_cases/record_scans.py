"""Record scans: merge them into their parcels and re-judge the packages that claim those."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vtr.domain.evidence import Evidence, evidence_of, merged
from vtr.domain.packages import BucketKey, Confirmation, ParcelKey, parcel_of
from vtr.domain.parcels import Parcel
from vtr.domain.scans import Scan
from vtr.domain.verdict import verdict
from vtr.use_cases.judge import change_parcel, judge, put_changed_rows, repair_rows
from vtr.use_cases.ports import Ports, Recount
from vtr.use_cases.rules import rules_for


def record_scans(
    ports: Ports, scans: Iterable[Scan], now: datetime, *, repeated: bool = False
) -> None:
    """Record scans in any order, any number of times.

    ``repeated``: the delivery was handed out before and may have been cut off between two
    writes, so the rows are checked even where the parcel has nothing to learn.
    """
    by_parcel: dict[ParcelKey, list[Scan]] = defaultdict(list)
    for scan in scans:
        if key := parcel_of(scan.carrier, scan.tracking_number):
            by_parcel[key].append(scan)
    buckets: set[BucketKey] = set()
    for key, found in by_parcel.items():
        evidence = merged(evidence_of(scan, key.carrier) for scan in found)
        buckets |= _record(ports, key, evidence, now, repeated=repeated)
    if buckets:
        ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)], now)


def _record(
    ports: Ports, key: ParcelKey, evidence: Evidence, now: datetime, *, repeated: bool
) -> set[BucketKey]:
    def learn(parcel: Parcel) -> Parcel:
        scanned = parcel.scanned(evidence)
        return scanned if _is_material(ports, parcel, scanned, now) else parcel

    before, after = change_parcel(ports, key, learn)
    buckets = put_changed_rows(ports, before, after, now)
    if repeated:
        rows = [judge(ports, claim, after) for claim in after.claims.values()]
        buckets.update(repair_rows(ports, rows, now))
    return buckets


def _is_material(ports: Ports, before: Parcel, after: Parcel, now: datetime) -> bool:
    """Whether the new evidence is worth a write.

    Without a claim everything is: nobody knows yet what will be asked. With claims it is what
    one of them reads, and what tells the lives of the number apart. The raw archive has the rest.
    """
    if after.evidence == before.evidence:
        return False
    if not after.claims:
        return True
    if (
        after.evidence.retractions != before.evidence.retractions
        or after.evidence.periods.keys() != before.evidence.periods.keys()
    ):
        return True
    return any(
        _reading(ports, claim, before, now) != _reading(ports, claim, after, now)
        for claim in after.claims.values()
    )


def _reading(ports: Ports, claim: Confirmation, parcel: Parcel, now: datetime) -> object:
    """What a claim's policy lets anyone see of the evidence."""
    rules = rules_for(ports, claim)
    seen = verdict(claim, parcel.evidence, rules, now)
    if seen.life is None:
        return seen.reason
    needed = rules.required_scans
    partner = seen.life.partner[:needed] if rules.partner_scans_count else ()
    return (
        seen.reason,
        seen.life.first_scan_at,
        seen.life.physical[:needed],
        partner,
        seen.life.delivered,
    )
