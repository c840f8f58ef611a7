"""The words of a story: what sellers say and carriers report, and when it arrives."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from zlib import crc32


class Label(NamedTuple):
    """A carrier and a number as typed, and what is known of them by construction."""

    carrier_typed: str
    carrier: str | None
    number_typed: str
    number: str
    form: str = "fits"
    """``fits``, ``other`` (another carrier's), ``malformed`` or ``unreadable``."""

    tracked: str = ""
    """What the carrier tracks, where the number on the label is longer than that."""

    scanners: tuple[str, ...] = ()
    """Who scans the parcel; the carrier itself where nobody else is said."""

    linked: str = ""
    """Another number of the same parcel, which its carrier names with its scans."""

    @property
    def parcel(self) -> str | None:
        return (self.tracked or self.number or None) if self.carrier else None

    @property
    def names(self) -> tuple[str, str]:
        """Carrier and number as far as they can be read, else as typed."""
        return self.carrier or self.carrier_typed, self.number or self.number_typed


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

    @cached_property
    def fate(self) -> int:
        """What its faults are drawn from: the same in every story that it is in."""
        return crc32(repr(self).encode())


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """What a seller says of an order."""

    account: str
    order: str

    @property
    def key(self) -> tuple[str, str]:
        return self.account, self.order


@dataclass(frozen=True, kw_only=True)
class Confirm(Said):
    package: str
    label: Label
    ship: date
    method: str = "parcel"
    facts: Facts | None = None
    stated_at: datetime | None = None

    def says_the_same_as(self, other: "Confirm") -> bool:
        mine, theirs = self.label, other.label
        return (mine.carrier_typed, mine.number_typed, self.ship, self.method) == (
            *(theirs.carrier_typed, theirs.number_typed),
            *(other.ship, other.method),
        )


@dataclass(frozen=True, kw_only=True)
class Place(Said):
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Cancel(Said):
    pass


@dataclass(frozen=True, kw_only=True)
class Erase(Event):
    """The operator has an order erased."""

    account: str
    order: str

    @property
    def key(self) -> tuple[str, str]:
        return self.account, self.order


@dataclass(frozen=True, kw_only=True)
class Hold(Said):
    """An operator keeps an order for an open appeal."""

    until: date


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One scan as a carrier reports it.

    ``number`` is as the source has it, ``tracked`` what the carrier tracks of it, ``linked``
    another number of the parcel that it names. ``trust`` is ``offset``, ``local`` or ``date``.
    ``retracts`` is the code of an earlier scan that is taken back.
    """

    carrier: str
    number: str
    kind: str
    code: str
    occurred_at: datetime
    physical: str
    partner: bool = False
    trust: str = "offset"
    unique_id: str = ""
    retracts: str = ""
    test: bool = False
    tracked: str = ""
    linked: str = ""

    @property
    def parcel(self) -> str:
        return self.tracked or self.number


@dataclass(frozen=True, kw_only=True)
class Deliver(Event):
    scans: tuple[Reported, ...]


@dataclass(frozen=True, kw_only=True)
class Waive(Event):
    law: str
    name: str
    first: date
    last: date
    carriers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Restore(Event):
    """A row of an account comes back from a backup, without what was scanned since."""

    account: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """``shards`` is how many each account has, ``accounts`` their laws by name.

    One that ``ends_for_good`` is played on until all of it is forgotten; ``holds`` come at its end.
    """

    seed: int
    begins: date
    ends: datetime
    accounts: dict[str, str]
    shards: int
    events: list[Event] = field(default_factory=list)
    ends_for_good: bool = False
    holds: tuple[Hold, ...] = ()

    @property
    def subjects(self) -> list[str]:
        return sorted({event.subject for event in self.events})

    def without_subject(self, subject: str) -> "Story":
        return replace(self, events=[e for e in self.events if e.subject != subject])

    def without_event(self, event: Event) -> "Story":
        return replace(self, events=[e for e in self.events if e is not event])
