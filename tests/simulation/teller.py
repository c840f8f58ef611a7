"""A story is drawn from its seed, and from nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simulation.journeys import Journeys
from simulation.laws import LAWS
from simulation.story import (
    Cancel,
    Confirm,
    Deliver,
    Erase,
    Event,
    Facts,
    Hold,
    Label,
    Place,
    Restore,
    Story,
    Waive,
)

BEGINNINGS = (date(2026, 3, 5), date(2026, 6, 14), date(2026, 10, 21), date(2026, 10, 30))
"""All but the second lie a few days before the clocks change, in America or in Europe."""

CATEGORIES = ("Toys", "Home", "Pets")
NAMES = ("acme", "bolt", "crane")

UPS = ("1Z8683861491421203", "1Z6001878515028072", "1Z1269328468478395", "1Z2243689089826447")
USPS = ("9400148207500562809862", "9400121723045091733210", "9400159635034903123584")
FEDEX = ("686435888340", "040873597155", "199028721010")
ANYBODYS, NOBODYS = "QX7K2M9V4W1Z8Y3B", "QX3B8Y1Z4W9V2M7K"
"""No format knows them: numbers that nothing is known of."""

GROUND, GROUND_TRACKED = "9612804882227378545377", "882227378545377"
SMARTPOST, INNOVATIONS = "9261292700768711948021", "9274890103422546330271"
SUREPOST = "92419900000033499522966220"

RIGHT = (
    *(Label("UPS", "ups", number, number) for number in UPS),
    *(Label("usps", "usps", number, number) for number in USPS),
    *(Label("Federal Express", "fedex", number, number) for number in FEDEX),
    Label("FedEx", "fedex", GROUND, GROUND, tracked=GROUND_TRACKED),
    Label("FedEx SmartPost", "fedex_smartpost", FEDEX[0], FEDEX[0], scanners=("fedex",)),
    Label("UPS Mail Innovations", "ups_mi", UPS[0], UPS[0], scanners=("ups", "ups_mi")),
    Label("UPS", "ups", UPS[3], UPS[3], scanners=("ups", "usps"), linked=SUREPOST),
)
HANDED_OVER = (
    Label("FedEx", "fedex", SMARTPOST, SMARTPOST, scanners=("fedex_smartpost", "usps")),
    Label("UPS", "ups", INNOVATIONS, INNOVATIONS, scanners=("ups_mi", "usps")),
    Label("USPS", "usps", INNOVATIONS, INNOVATIONS, scanners=("ups_mi", "usps")),
    Label("USPS", "usps", SUREPOST, SUREPOST, scanners=("ups", "usps")),
)
"""The number itself shows that one carrier hands the parcel over to the other."""

MISTAKEN = (
    Label("UPS", "ups", USPS[0], USPS[0], "other", scanners=("usps",)),
    Label("FedEx", "fedex", USPS[1], USPS[1], "other", scanners=("usps",)),
    Label("USPS", "usps", FEDEX[1], FEDEX[1], "other", scanners=("fedex",)),
    Label("USPS", "usps", UPS[0], UPS[0], "other", scanners=("ups",)),
    Label("UPS", "ups", ANYBODYS, ANYBODYS, "unknown", scanners=("fedex", "pigeon_post")),
    Label("UPS", "ups", NOBODYS, NOBODYS, "unknown", scanners=("pigeon_post",)),
)
"""Another carrier's number, or one that nothing is known of."""

WRONG = (
    *MISTAKEN,
    Label("UPS", "ups", "1Z12", "1Z12", "malformed"),
    Label("UPS", "ups", "1Z8683861491421203#", "", "unreadable"),
    Label("UPS", "ups", "", "", "unreadable"),
    Label("Pigeon Post", None, UPS[0], UPS[0], "fits"),
    Label("YunExpress", "yunexpress", "YT2621200705470145", "YT2621200705470145"),
    Label("ups", "ups", "1z 8683 8614-91421203", "1Z8683861491421203"),
)


def story_of(seed: int) -> Story:
    return _Teller(seed).story()


class _Teller:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - the same story every time
        self.begins = self.random.choice(BEGINNINGS)
        self.zero = datetime.combine(self.begins, time(8), UTC)
        names = NAMES[: self.random.choice((1, 1, 1, 2, 2, 3))]
        self.accounts = {name: self.random.choice(sorted(LAWS)) for name in names}
        self.labels = self.random.sample(RIGHT, self.random.randint(3, 6))
        self.events: list[Event] = []

    def story(self) -> Story:
        random = self.random
        for number in range(random.randint(3, 10)):
            self._order(number)
        for _ in range(random.choice((0, 0, 1, 2))):
            self._swap()
        journeys = Journeys(random, self.zero)
        malformed = next(label for label in WRONG if label.form == "malformed")
        linked = {label.linked for label in self.labels}
        strangers = [each for each in (*HANDED_OVER, *MISTAKEN) if each.number not in linked]
        others = random.sample(strangers, random.randint(0, 3))
        scanned = [*self.labels, malformed, *others]
        for label in {label.parcel: label for label in scanned}.values():
            if random.random() < 0.8:
                self.events.extend(journeys.of(label))
        for number in range(random.choice((0, 0, 0, 1, 2))):
            self._waiver(number)
        if random.random() < 0.5:
            account, at = random.choice(sorted(self.accounts)), random.uniform(40, 120)
            self.events.append(Restore(at=self._moment(at), subject="backup", account=account))
        self._crowd()
        self._erase()
        ends = self.zero + timedelta(days=random.uniform(2.5, 6.5))
        shards = random.choice((1, 1, 1, 2))
        for_good = random.random() < 0.3
        return Story(
            seed=self.seed,
            begins=self.begins,
            ends=ends,
            accounts=self.accounts,
            shards=shards,
            events=sorted(self.events, key=lambda event: (event.at, event.fate)),
            ends_for_good=for_good,
            holds=tuple(self._holds(ends)) if for_good else (),
        )

    def _holds(self, ends: datetime) -> Iterator[Hold]:
        """Some of the orders are held until about two months after the last of them have ended."""
        said = {e.key: e for e in self.events if isinstance(e, Confirm) and e.at < ends}
        for account, order in self.random.sample(sorted(said), min(len(said), 2)):
            if self.random.random() < 0.7:
                until = ends.date() + timedelta(days=self.random.randint(460, 480))
                yield Hold(at=ends, subject="appeal", account=account, order=order, until=until)

    def _moment(self, hour: float) -> datetime:
        return self.zero + timedelta(microseconds=int(hour * 3600 * 10**6))

    def _day(self, hour: float, ahead: int) -> date:
        return (self.zero + timedelta(hours=hour)).date() + timedelta(days=ahead)

    # --- what sellers say

    def _order(self, number: int) -> None:
        random = self.random
        account, order = random.choice(sorted(self.accounts)), f"order-{number}"
        subject = f"{account}/{order}"
        placed = random.uniform(0, 60)
        facts = Facts(
            placed_at=self._moment(placed),
            category=random.choice(CATEGORIES),
            promised=self._day(placed, random.randint(1, 5)) if random.random() < 0.7 else None,
            value=Decimal(random.choice(("4.99", "25.00"))) if random.random() < 0.5 else None,
        )
        of_order: dict[str, Any] = {"subject": subject, "account": account, "order": order}
        if random.random() < 0.5:
            self.events.append(Place(at=facts.placed_at, **of_order, facts=facts))
        for package in "12"[: random.choice((1, 1, 2))]:
            self._package(of_order, package, facts, placed)
        if random.random() < 0.2:
            at = self._moment(placed + random.uniform(1, 100))
            self.events.append(Cancel(at=at, **of_order))
        if random.random() < 0.3:
            changed = replace(facts, promised=self._day(placed, random.randint(1, 5)))
            if random.random() < 0.3:
                changed = replace(changed, category="Changed")
            at = self._moment(placed + random.uniform(1, 60))
            self.events.append(Place(at=at, **of_order, facts=changed))

    def _label(self) -> Label:
        chance = self.random.random()
        if chance < 0.7:
            return self.random.choice(self.labels)
        return self.random.choice(WRONG if chance < 0.93 else HANDED_OVER)

    def _package(self, of_order: dict[str, Any], package: str, facts: Facts, placed: float) -> None:
        random = self.random
        hour = placed + random.uniform(0.1, 40)
        said = Confirm(
            at=self._moment(hour),
            **of_order,
            package=package,
            label=self._label(),
            ship=self._day(placed, random.randint(0, 1)),
            method=random.choice(("parcel",) * 8 + ("letter", "freight")),
            facts=facts,
        )
        self.events.append(said)
        for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
            hour += random.choice((0.0003, 0.01, 2, 20))
            said = self._edit(replace(said, at=self._moment(hour)), placed)
            self.events.append(said)
            if random.random() < 0.3:
                hour += random.choice((0.0003, 1))
                self.events.append(replace(said, at=self._moment(hour)))

    def _edit(self, said: Confirm, placed: float) -> Confirm:
        random = self.random
        change = random.random()
        if change < 0.65:
            said = replace(said, label=self._label())
        elif change < 0.8:
            said = replace(said, ship=self._day(placed, random.randint(0, 1)))
        else:
            confirmed = (event for event in self.events if isinstance(event, Confirm))
            back = random.choice([each for each in confirmed if each.key == said.key])
            said = replace(said, label=back.label, ship=back.ship)
        stated = random.random() < 0.15
        hour = random.uniform(placed, (said.at - self.zero) / timedelta(hours=1))
        return replace(said, facts=None, stated_at=self._moment(hour) if stated else None)

    def _swap(self) -> None:
        """Two packages carry each other's numbers, and are set right at nearly the same time."""
        said = [event for event in self.events if isinstance(event, Confirm)]
        one, other = self.random.choice(said), self.random.choice(said)
        for first, second in ((one, other), (other, one)):
            at = max(one.at, other.at) + timedelta(hours=2, seconds=self.random.uniform(0, 3))
            self.events.append(
                replace(first, at=at, label=second.label, facts=None, stated_at=None)
            )

    # --- what the marketplace does, and when all of it arrives

    def _waiver(self, number: int) -> None:
        random = self.random
        first = self.begins + timedelta(days=random.randint(0, 4))
        self.events.append(
            Waive(
                at=self._moment(random.uniform(0, 150)),
                subject=f"waiver-{number}",
                law=random.choice(sorted(set(self.accounts.values()))),
                name=f"waiver-{number}",
                first=first,
                last=first + timedelta(days=random.randint(0, 2)),
                carriers=tuple(random.sample(("ups", "usps", "fedex"), random.randint(0, 2))),
            )
        )

    def _erase(self) -> None:
        """An order is erased, near to something else; it may be confirmed again afterwards."""
        random = Random(f"erase {self.seed}")  # noqa: S311 - drawn apart, as stories were before
        confirmed = [event for event in self.events if isinstance(event, Confirm) and event.facts]
        if not confirmed or random.random() < 0.6:
            return
        said = random.choice(confirmed)
        near = random.choice([event for event in self.events if event.at >= said.at])
        at = near.at + timedelta(seconds=random.uniform(-1, 3))
        key = {"subject": said.subject, "account": said.account, "order": said.order}
        self.events.append(Erase(at=at, **key))
        if random.random() < 0.5:
            again = at + timedelta(minutes=random.choice((1, 15.9, 17, 60)))
            self.events.append(replace(said, at=again, stated_at=None))

    def _crowd(self) -> None:
        """Let many things happen at nearly the same moment: there the races are."""
        random = self.random
        for place, event in enumerate(self.events):
            if isinstance(event, Deliver) and random.random() < 0.4:
                other = random.choice(self.events)
                happened = max(scan.occurred_at for scan in event.scans)
                at = other.at + timedelta(seconds=random.uniform(-1, 3))
                if at > happened:
                    self.events[place] = replace(event, at=at)
