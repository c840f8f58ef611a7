"""Record scans: merge them into their parcels and re-judge the packages that claim those."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vtr.domain.evidence import Evidence, evidence_of, merged
from vtr.domain.packages import BucketKey, ParcelKey, parcel_of
from vtr.domain.parcels import Parcel
from vtr.domain.scans import Scan
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.policy_in_force import scans_needed
from vtr.use_cases.project import update_parcel


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
        ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])


def _record(
    ports: Ports, key: ParcelKey, evidence: Evidence, now: datetime, *, repeated: bool
) -> set[BucketKey]:
    needed = scans_needed()

    def learn(parcel: Parcel) -> Parcel:
        scanned = parcel.scanned(evidence)
        worth_it = scanned.evidence.material(needed) != parcel.evidence.material(needed)
        return scanned if worth_it else parcel

    _, buckets = update_parcel(ports, key, learn, now, only_grows=True, repeated=repeated)
    return buckets
