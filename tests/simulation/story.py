"""A story: what sellers say and carriers report, and when it arrives. All of it from a seed."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from simulation.laws import LAWS

BEGINNINGS = (date(2026, 3, 5), date(2026, 6, 14), date(2026, 10, 21), date(2026, 10, 30))
"""Two of them lie before a turn of the clocks in America or Europe."""

CATEGORIES = ("Toys", "Home", "Pets")


class Label(NamedTuple):
    """A carrier and a number as typed, and what is known of them by construction."""

    carrier_typed: str
    carrier: str | None
    number_typed: str
    number: str
    form: str = "fits"
    """``fits``, ``other`` (another carrier's), ``malformed`` or ``unreadable``."""

    @property
    def parcel(self) -> tuple[str, str] | None:
        return (self.carrier, self.number) if self.carrier and self.number else None


UPS = ("1Z8683861491421203", "1Z6001878515028072", "1Z1269328468478395", "1Z2243689089826447")
USPS = ("9400148207500562809862", "9400121723045091733210", "9400159635034903123584")
FEDEX = ("686435888340", "040873597155", "199028721010")

RIGHT = (
    *(Label("UPS", "ups", number, number) for number in UPS),
    *(Label("usps", "usps", number, number) for number in USPS),
    *(Label("Federal Express", "fedex", number, number) for number in FEDEX),
)
WRONG = (
    *(Label("USPS", "usps", number, number, "other") for number in UPS[:2]),
    Label("UPS", "ups", "1Z12", "1Z12", "malformed"),
    Label("UPS", "ups", "1Z8683861491421203#", "", "unreadable"),
    Label("UPS", "ups", "", "", "unreadable"),
    Label("Pigeon Post", None, UPS[0], UPS[0], "fits"),
    Label("YunExpress", "yunexpress", "YT2621200705470145", "YT2621200705470145"),
    Label("ups", "ups", "1z 8683 8614-91421203", "1Z8683861491421203"),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    placed_at: datetime
    category: str
    promised: date | None = None
    value: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that arrives at a moment. ``subject`` is what it belongs to, for a short trace."""

    at: datetime
    subject: str


@dataclass(frozen=True, kw_only=True)
class Confirm(Event):
    account: str
    order: str
    package: str
    label: Label
    ship: date
    method: str = "parcel"
    facts: Facts | None = None
    stated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Place(Event):
    account: str
    order: str
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Cancel(Event):
    account: str
    order: str


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One scan as a carrier reports it. ``trust``: ``offset``, ``local`` or ``date``."""

    carrier: str
    number: str
    kind: str
    occurred_at: datetime
    physical: str
    partner: bool = False
    trust: str = "offset"
    unique_id: str = ""
    test: bool = False


@dataclass(frozen=True, kw_only=True)
class Deliver(Event):
    scans: tuple[Reported, ...]


@dataclass(frozen=True, kw_only=True)
class Waive(Event):
    law: str
    name: str
    first: date
    last: date
    carriers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Story:
    seed: int
    begins: date
    ends: datetime
    accounts: dict[str, str]
    events: list[Event] = field(default_factory=list)

    @property
    def subjects(self) -> list[str]:
        return sorted({event.subject for event in self.events})

    def without_subject(self, subject: str) -> "Story":
        return replace(self, events=[e for e in self.events if e.subject != subject])

    def without_event(self, event: Event) -> "Story":
        return replace(self, events=[e for e in self.events if e is not event])


def story_of(seed: int) -> Story:
    return _Teller(seed).story()


class _Teller:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same story every time
        self.begins = self.random.choice(BEGINNINGS)
        self.zero = datetime.combine(self.begins, time(8), UTC)
        names = ("acme", "bolt", "crane")[: self.random.randint(2, 3)]
        self.accounts = {name: self.random.choice(sorted(LAWS)) for name in names}
        self.events: list[Event] = []
        self.seed = seed

    def story(self) -> Story:
        for number in range(self.random.randint(6, 14)):
            self._order(number)
        for label in RIGHT:
            if self.random.random() < 0.8:
                self._parcel(label)
        self._parcel(WRONG[2])
        for number in range(self.random.choice((0, 0, 1, 2))):
            self._waiver(number)
        self._crowd()
        ends = self.zero + timedelta(days=self.random.randint(9, 16))
        return Story(
            seed=self.seed,
            begins=self.begins,
            ends=ends,
            accounts=self.accounts,
            events=sorted(self.events, key=lambda event: (event.at, repr(event))),
        )

    def _moment(self, first_hour: float, last_hour: float) -> datetime:
        micros = int(self.random.uniform(first_hour, last_hour) * 3600 * 10**6)
        return self.zero + timedelta(microseconds=micros)

    def _order(self, number: int) -> None:
        random = self.random
        account = random.choice(sorted(self.accounts))
        order = f"order-{number}"
        placed_hour = random.uniform(0, 96)
        facts = Facts(
            placed_at=self._moment(placed_hour, placed_hour),
            category=random.choice(CATEGORIES),
            promised=self._day(placed_hour, random.randint(1, 6))
            if random.random() < 0.7
            else None,
            value=Decimal(random.choice(("4.99", "25.00"))) if random.random() < 0.5 else None,
        )
        subject = f"{account}/{order}"
        inline = random.random() < 0.5
        if not inline:
            self.events.append(
                Place(
                    at=facts.placed_at, subject=subject, account=account, order=order, facts=facts
                )
            )
        for package in "12"[: random.choice((1, 1, 2))]:
            self._package(subject, account, order, package, facts, placed_hour)
        if random.random() < 0.2:
            at = self._moment(placed_hour + 1, placed_hour + 100)
            self.events.append(Cancel(at=at, subject=subject, account=account, order=order))
        if random.random() < 0.3:
            changed = replace(facts, promised=self._day(placed_hour, random.randint(1, 6)))
            if random.random() < 0.3:
                changed = replace(changed, category="Changed")
            at = self._moment(placed_hour + 1, placed_hour + 60)
            self.events.append(
                Place(at=at, subject=subject, account=account, order=order, facts=changed)
            )

    def _day(self, hour: float, ahead: int) -> date:
        return (self.zero + timedelta(hours=hour)).date() + timedelta(days=ahead)

    def _package(
        self, subject: str, account: str, order: str, package: str, facts: Facts, placed_hour: float
    ) -> None:
        random = self.random
        ship = self._day(placed_hour, random.randint(0, 2))
        hour = placed_hour + random.uniform(0.1, 40)
        method = random.choice(("parcel",) * 8 + ("letter", "freight"))
        said = Confirm(
            at=self._moment(hour, hour),
            subject=subject,
            account=account,
            order=order,
            package=package,
            label=random.choice(RIGHT if random.random() < 0.7 else WRONG),
            ship=ship,
            method=method,
            facts=facts,
        )
        self.events.append(said)
        for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
            hour += random.choice((0.0003, 0.01, 2, 20))
            said = self._edit(replace(said, at=self._moment(hour, hour)), placed_hour)
            self.events.append(said)
            if random.random() < 0.3:
                hour += random.choice((0.0003, 1))
                self.events.append(replace(said, at=self._moment(hour, hour)))

    def _edit(self, said: Confirm, placed_hour: float) -> Confirm:
        random = self.random
        change = random.random()
        earlier = [e for e in self.events if isinstance(e, Confirm) and e.subject == said.subject]
        if change < 0.5:
            said = replace(said, label=random.choice(RIGHT))
        elif change < 0.65:
            said = replace(said, label=random.choice(WRONG))
        elif change < 0.8:
            said = replace(said, ship=self._day(placed_hour, random.randint(0, 2)))
        elif earlier:
            back = random.choice(earlier)
            said = replace(said, label=back.label, ship=back.ship)
        stated = random.random() < 0.15
        at = self._moment(placed_hour, (said.at - self.zero) / timedelta(hours=1))
        return replace(said, facts=None, stated_at=at if stated else None)

    def _parcel(self, label: Label) -> None:
        random = self.random
        if label.carrier is None:
            return
        with_ids = random.random() < 0.3
        if random.random() < 0.3:
            self._life(label, random.uniform(-24 * 130, -24 * 120), "old" if with_ids else "")
        if random.random() < 0.85:
            self._life(label, random.uniform(0, 110), "new" if with_ids else "")

    def _life(self, label: Label, hour: float, unique_id: str) -> None:
        random = self.random
        kinds = [("label", "no")] if random.random() < 0.8 else []
        if random.random() < 0.75:
            journey = ["accepted", *["transit"] * random.randint(0, 4)]
            kinds += [(kind, random.choice(("yes", "yes", "yes", "ambiguous"))) for kind in journey]
        if random.random() < 0.5:
            kinds.append(("delivered", "yes"))
        scans = []
        for kind, physical in kinds:
            hour += random.uniform(1, 30)
            scans.append(
                Reported(
                    carrier=label.carrier or "",
                    number=label.number,
                    kind=kind,
                    occurred_at=self._moment(hour, hour),
                    physical=physical,
                    partner=kind == "accepted" and random.random() < 0.2,
                    trust=random.choice(("offset", "offset", "offset", "local", "date")),
                    unique_id=unique_id,
                    test=random.random() < 0.03,
                )
            )
        self._deliveries(label, scans)

    def _deliveries(self, label: Label, scans: list[Reported]) -> None:
        """Told one by one or several at once, late, out of order, and some of them twice."""
        random = self.random
        told = [*scans, *(scan for scan in scans if random.random() < 0.2)]
        random.shuffle(told)
        while told:
            size = random.choice((1, 1, 1, 2, 4))
            together, told = told[:size], told[size:]
            newest = max(*(scan.occurred_at for scan in together), self.zero)
            at = newest + timedelta(hours=random.choice((0.01, 0.2, 3, 30, 70)) * random.random())
            subject = f"{label.carrier}/{label.number}"
            self.events.append(Deliver(at=at, subject=subject, scans=tuple(together)))

    def _waiver(self, number: int) -> None:
        random = self.random
        first = self.begins + timedelta(days=random.randint(0, 4))
        carriers = frozenset(random.sample(("ups", "usps", "fedex"), random.randint(0, 2)))
        self.events.append(
            Waive(
                at=self._moment(0, 200),
                subject=f"waiver-{number}",
                law=random.choice(sorted(set(self.accounts.values()))),
                name=f"waiver-{number}",
                first=first,
                last=first + timedelta(days=random.randint(0, 2)),
                carriers=carriers,
            )
        )

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
