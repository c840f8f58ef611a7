"""Record a delivery's scans, slice by slice if there are too many for one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Scan
from vtr.ports import Ports
from vtr.use_cases.record_scans import record_scans

PARCELS_A_PART = 100
"""Parcels that one run records: a batch of ten such deliveries fits well within the timeout."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a delivery's scans a run records."""

    part: int = 0
    parts: int = 1

    @property
    def is_whole(self) -> bool:
        return self.parts == 1

    def takes(self, scan: Scan) -> bool:
        """Assign scans by number, so that every run finds the same ones in its slice."""
        return crc32(scan.tracking_number.encode()) % self.parts == self.part


def record_delivery(
    ports: Ports,
    delivery: AcceptedDelivery,
    scans: Sequence[Scan],
    slice_: Slice,
    now: datetime,
    *,
    repeated: bool = False,
) -> Sequence[Scan]:
    """Record a slice of a delivery's scans; return those that were recorded.

    A delivery about too many parcels is first sent again in parts, and nothing of it is recorded
    before. The run that sends the parts archives it.
    """
    parcels = {(scan.carrier, scan.tracking_number) for scan in scans}
    if slice_.is_whole and len(parcels) > PARCELS_A_PART:
        parts = -(-len(parcels) // PARCELS_A_PART)
        ports.deliveries.send(delivery, archived=True, parts=parts)
        return ()
    mine = [scan for scan in scans if slice_.takes(scan)]
    record_scans(ports, mine, now, repeated=repeated)
    return mine
