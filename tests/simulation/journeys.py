"""What carriers report of a number: its lives, and how the scans are delivered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from simulation.story import Deliver, Event, Label, Reported

RETRACTABLE = ("AR", "DP", "UL", "PU")
"""Codes that carriers take back. Each is used once in a life, so it is clear which scan falls."""


class Journeys:
    def __init__(self, random: Random, zero: datetime) -> None:
        self.random = random
        self.zero = zero

    def of(self, label: Label) -> Iterator[Event]:
        """The deliveries about one number: about an older use of it, and the one of this story.

        The older use lies 15 to 130 days back: distinguished by the carrier's ids, by a silence, or
        not at all, according to the grid.
        """
        random = self.random
        with_ids = random.random() < 0.3
        scans: list[Reported] = []
        if random.random() < 0.3:
            begins = -24 * random.uniform(15, 130)
            scans += self._life(label, begins, "old" if with_ids else "")
        if random.random() < 0.85:
            scans += self._life(label, random.uniform(0, 90), "new" if with_ids else "")
        yield from self._told(label, scans)

    def _life(self, label: Label, hour: float, unique_id: str) -> list[Reported]:
        random = self.random
        codes = iter(random.sample(RETRACTABLE, len(RETRACTABLE)))
        scanners = label.scanners or (label.carrier or "",)
        scans: list[Reported] = []
        for number, (kind, physical) in enumerate(self._kinds()):
            hour += random.uniform(1, 26)
            on_the_way = kind in {"accepted", "transit"}
            scan = Reported(
                carrier=random.choice(scanners),
                number=random.choice((label.number, label.tracked or label.number)),
                kind=kind,
                code=next(codes, "") if on_the_way and random.random() < 0.6 else "",
                occurred_at=self._moment(hour),
                physical=physical,
                partner=kind == "accepted" and random.random() < 0.2,
                trust=random.choice(("offset", "offset", "offset", "local", "date")),
                unique_id=unique_id,
                test=random.random() < 0.03,
                tracked=label.tracked,
                linked=label.linked if random.random() < 0.5 else "",
            )
            scans.append(scan if scan.code else replace(scan, code=f"X{number}"))
        if label.linked:  # the other number is scanned as well, and need not name the first
            scans = [
                replace(scan, number=label.linked, linked="") if random.random() < 0.5 else scan
                for scan in scans
            ]
        return scans + self._taken_back(scans)

    def _kinds(self) -> list[tuple[str, str]]:
        random = self.random
        kinds = [("label", "no")] if random.random() < 0.8 else []
        if random.random() < 0.75:
            journey = ["accepted", *["transit"] * random.choice((0, 0, 1, 2, 3))]
            kinds += [(kind, random.choice(("yes", "yes", "yes", "ambiguous"))) for kind in journey]
        if random.random() < 0.5:
            kinds += [("delivered", "yes")] * random.choice((1, 1, 1, 2))
        return kinds

    def _taken_back(self, scans: list[Reported]) -> list[Reported]:
        random = self.random
        may_fall = [scan for scan in scans if scan.code in RETRACTABLE]
        if not may_fall or random.random() > 0.3:
            return []
        scan = random.choice(may_fall)
        at = scan.occurred_at + timedelta(hours=random.uniform(0, 30))
        return [
            replace(scan, kind="undone", code="", physical="no", occurred_at=at, retracts=scan.code)
        ]

    def _told(self, label: Label, scans: list[Reported]) -> Iterator[Deliver]:
        """One by one or several at once, late, out of order, and some of them twice."""
        random = self.random
        told = [*scans, *(scan for scan in scans if random.random() < 0.2)]
        random.shuffle(told)
        while told:
            size = random.choice((1, 1, 1, 2, 4))
            together, told = told[:size], told[size:]
            newest = max(*(scan.occurred_at for scan in together), self.zero)
            late = timedelta(hours=random.choice((0.01, 0.2, 3, 30, 70)) * random.random())
            subject = f"{label.carrier}/{label.number}"
            yield Deliver(at=newest + late, subject=subject, scans=tuple(together))

    def _moment(self, hour: float) -> datetime:
        return self.zero + timedelta(microseconds=int(hour * 3600 * 10**6))
