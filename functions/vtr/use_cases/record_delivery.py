"""Record what a delivery says, a slice of it at a time where it says too much for one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Scan
from vtr.ports import Ports
from vtr.use_cases.record_scans import record_scans

PARCELS_A_PART = 100
"""Parcels that one run records: ten such deliveries are done well within a function's time."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a delivery's scans a run is to record."""

    part: int = 0
    parts: int = 1

    @property
    def is_whole(self) -> bool:
        return self.parts == 1

    def takes(self, scan: Scan) -> bool:
        """By number, so that every run finds the same scans in its slice."""
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
    """Record a slice of a delivery's scans; answers those that were recorded.

    A delivery about too many parcels is handed out again in parts, and nothing of it is recorded
    before. It was archived by whoever hands it out.
    """
    parcels = {(scan.carrier, scan.tracking_number) for scan in scans}
    if slice_.is_whole and len(parcels) > PARCELS_A_PART:
        parts = -(-len(parcels) // PARCELS_A_PART)
        ports.deliveries.send(delivery, archived=True, parts=parts)
        return ()
    mine = [scan for scan in scans if slice_.takes(scan)]
    record_scans(ports, mine, now, repeated=repeated)
    return mine
