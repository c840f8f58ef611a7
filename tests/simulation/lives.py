"""The uses of a number, by the rules of the 30-day grid (docs/decisions/0003)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulation.laws import FAMILIES, REUSE_GAP
from simulation.story import Reported

PERIOD = timedelta(days=30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RETRACTION_REACH = timedelta(hours=24)
LATEST = {"offset": timedelta(0), "local": timedelta(hours=14), "date": timedelta(hours=38)}


@dataclass(frozen=True)
class Life:
    """One use: its scans, those that were taken back among them and apart."""

    scans: tuple[Reported, ...]
    taken_back: frozenset[Reported]

    @property
    def begins(self) -> datetime:
        return min(scan.occurred_at for scan in self.scans)

    @property
    def ends(self) -> datetime:
        """The last thing known of it: each 30 days' first scan, physical scan and delivery.

        In doubt about the time of a physical scan or a delivery, as late as it may have been.
        """
        firsts: dict[object, tuple[datetime, datetime]] = {}
        for scan in self.scans:
            what = ["scan"]
            if scan.physical == "yes" and not scan.partner:
                what.append("physical")
                if scan.kind == "delivered" and scan not in self.taken_back:
                    what.append("delivered")
            for each in what:
                key = each, family(scan.carrier), scan.unique_id, _period(scan)
                doubt = timedelta(0) if each == "scan" else LATEST[scan.trust]
                seen = scan.occurred_at, scan.occurred_at + doubt
                firsts[key] = min(seen, firsts.get(key, seen))
        return max(latest for _, latest in firsts.values())

    def physical_scans(self, own: set[str], partners: str) -> int:
        """Those of these families, and of partners where they count; one moment is one scan."""
        return len(
            {
                scan.occurred_at
                for scan in self.scans
                if scan.physical == "yes"
                and scan not in self.taken_back
                and (
                    (family(scan.carrier) in own and not scan.partner)
                    or (family(scan.carrier) not in own and not scan.partner and partners != "none")
                    or (scan.partner and partners == "all")
                )
            }
        )

    @property
    def held(self) -> bool:
        """Whether somebody held the package who did not say that a partner did."""
        return any(
            scan.physical == "yes" and not scan.partner and scan not in self.taken_back
            for scan in self.scans
        )

    @property
    def delivered_by(self) -> datetime | None:
        """The latest that the first delivery may have been."""
        found = [
            (scan.occurred_at, scan.occurred_at + LATEST[scan.trust])
            for scan in self.scans
            if scan.kind == "delivered"
            and scan.physical == "yes"
            and not scan.partner
            and scan not in self.taken_back
        ]
        return min(found)[1] if found else None


def lives_of(told: Iterable[Reported]) -> list[Life]:
    """Oldest first: separated by a silence that the grid shows, then by the carrier's own ids."""
    scans = sorted((s for s in told if not s.retracts), key=lambda scan: scan.occurred_at)
    retractions = [scan for scan in told if scan.retracts]
    taken_back = frozenset(scan for scan in scans if _is_taken_back(scan, retractions))
    uses: list[list[Reported]] = []
    for run in _apart_by_silence(scans):
        by_id: dict[str, list[Reported]] = {}
        for scan in run:
            by_id.setdefault(scan.unique_id, []).append(scan)
        uses += by_id.values()
    lives = [Life(tuple(use), taken_back) for use in uses]
    return sorted(lives, key=lambda life: (life.begins, life.ends))


def _apart_by_silence(scans: list[Reported]) -> list[list[Reported]]:
    """A new life begins where the first scans of two periods lie more than 60 + 30 days apart."""
    runs: list[list[Reported]] = []
    firsts: dict[object, datetime] = {}
    latest: datetime | None = None
    for scan in scans:
        key = family(scan.carrier), scan.unique_id, _period(scan)
        first = firsts.setdefault(key, scan.occurred_at)
        if latest is None or first - latest > REUSE_GAP + PERIOD:
            runs.append([])
        latest = first if latest is None else max(latest, first)
        runs[-1].append(scan)
    return runs


def family(carrier: str) -> str:
    return FAMILIES.get(carrier, carrier)


def _is_taken_back(scan: Reported, retractions: list[Reported]) -> bool:
    return any(
        each.retracts == scan.code
        and each.occurred_at - RETRACTION_REACH <= scan.occurred_at <= each.occurred_at
        for each in retractions
    )


def _period(scan: Reported) -> int:
    return period_of(scan.occurred_at)


def period_of(moment: datetime) -> int:
    """Which 30 days a moment is in."""
    return (moment - EPOCH) // PERIOD
