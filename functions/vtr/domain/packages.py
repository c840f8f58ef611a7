"""What the seller says of packages: each statement, and the claim that is judged."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from vtr.domain.errors import TooManyEditsError
from vtr.domain.evidence import Evidence
from vtr.domain.tracking_numbers import canonical_number, identify, normalise

MAX_STATEMENTS = 50
"""Statements kept of one package; its history is never cut, so further edits are refused."""


class Money(NamedTuple):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class ParcelKey:
    """What names a parcel: the number that its carrier tracks (``canonical_number``).

    One number is one item, whoever states it and whoever scans it, so that a wrong carrier meets
    the scans of the right one; inside it evidence is kept by carrier family. ``former`` are the
    keys, carrier and number, under which the parcel may lie since before that was so.
    """

    number: str
    former: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def as_new(self) -> "ParcelKey":
        """The key for a package that is only now confirmed: none to look for under former keys.

        Should there be a parcel all the same, by another package, the next scan or the reconcile
        finds it.
        """
        return ParcelKey(self.number)


@lru_cache(maxsize=4096)
def parcel_of(carrier: str | None, tracking_number: str) -> ParcelKey | None:
    """Return the parcel that a carrier and a number mean; None where either cannot be read."""
    if carrier is None or not tracking_number:
        return None
    codes = dict.fromkeys((*_likeliest(tracking_number), carrier))
    former = tuple(f"{code}#{tracking_number}" for code in codes)
    return ParcelKey(canonical_number(tracking_number, carrier), former)


def parcel_numbered(number: str) -> ParcelKey:
    """Return the parcel of a canonical *number*, whoever carries it."""
    return ParcelKey(number, tuple(f"{code}#{number}" for code in _likeliest(number)))


def parcels_named(number: str) -> frozenset[ParcelKey]:
    """Return the parcels that a *number* as typed may mean, whoever carries it."""
    normalised = normalise(number)
    carriers = {None, *(one.carrier for one in identify(normalised).candidates)}
    found = {canonical_number(normalised, carrier) for carrier in carriers}
    return frozenset(map(parcel_numbered, filter(None, found)))


def _likeliest(number: str) -> tuple[str, ...]:
    return identify(number).well_formed_for[:1]


class PackageKey(NamedTuple):
    account: str
    order_id: str
    package_id: str


class BucketKey(NamedTuple):
    """The packages of one account and anchor day that are counted together.

    An account starts with one shard a day; a busy one has more, so that no partition takes more
    writes than it can.
    """

    account: str
    day: date
    shard: int = 0


class RowKey(NamedTuple):
    """Where the judged package lies among its account's packages."""

    bucket: BucketKey
    category: str
    order_id: str
    package_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing a seller said of a package: it went out with this carrier, number and day.

    ``carrier_stated`` and ``number_stated`` are as typed; ``carrier`` is the canonical code that
    the name resolved to, ``tracking_number`` the normalised number, empty where it is unreadable.
    """

    confirmed_at: datetime
    carrier_stated: str
    carrier: str | None
    number_stated: str
    tracking_number: str
    ship_date: date
    method_class: str = "parcel"
    label_source: str = "seller"

    @property
    def bytes(self) -> int:
        """About how much it takes in store: its texts, and 240 for the rest."""
        texts = (self.carrier_stated, self.number_stated, self.tracking_number, self.carrier or "")
        return 240 + _bytes_of(texts)

    def says_the_same_as(self, other: "Statement") -> bool:
        return replace(self, confirmed_at=other.confirmed_at) == other

    @property
    def tracking(self) -> tuple[str | None, str]:
        return self.carrier or self.carrier_stated, self.tracking_number or self.number_stated

    @property
    def parcel(self) -> ParcelKey | None:
        return parcel_of(self.carrier, self.tracking_number)


def _bytes_of(texts: Iterable[str]) -> int:
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def _in_order(statement: Statement) -> tuple[datetime, str]:
    """Statements of one moment need an order that does not depend on which came first."""
    return statement.confirmed_at, repr(statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The history of one package, oldest statement first; the last one is what holds.

    ``shard`` is where it is counted: drawn once, so that it stays when its account grows. ``days``
    are the anchor days it was ever counted on, the current one last.
    """

    package_id: str
    shard: int
    history: tuple[Statement, ...]
    days: tuple[date, ...] = ()

    @property
    def current(self) -> Statement:
        return self.history[-1]

    @property
    def tracking_confirmed_at(self) -> datetime:
        """Since when the carrier and number that hold now have been stated without a break."""
        since = self.current.confirmed_at
        for statement in reversed(self.history):
            if statement.tracking != self.current.tracking:
                break
            since = statement.confirmed_at
        return since

    @property
    def parcels(self) -> tuple[ParcelKey, ...]:
        """Every parcel ever named, the current one first."""
        named = (statement.parcel for statement in reversed(self.history))
        return tuple(dict.fromkeys(key for key in named if key is not None))

    def stating(self, statement: Statement) -> "Package":
        """The package with one more statement, wherever in time it belongs."""
        if statement in self.history:
            return self
        if len(self.history) >= MAX_STATEMENTS:
            raise TooManyEditsError(
                f"package {self.package_id} was edited {MAX_STATEMENTS} times. "
                "Settle what is true and ask the marketplace to set the package right."
            )
        return replace(self, history=tuple(sorted((*self.history, statement), key=_in_order)))

    def counted_on(self, day: date) -> "Package":
        earlier = tuple(other for other in self.days if other != day)
        return replace(self, days=(*earlier, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The claim that is judged: what the seller says of a package now, with the order's facts.

    ``confirmed_at`` is since when the current carrier and number have been stated. ``revision``
    counts the order's changes; a later one replaces an earlier one wherever they meet. A hold keeps
    the package until ``held_until``, even though its day has ended.
    """

    account: str
    policy: str
    order_id: str
    package_id: str
    shard: int
    revision: int
    placed_at: datetime
    category: str
    carrier_stated: str
    carrier: str | None
    number_stated: str
    tracking_number: str
    ship_date: date
    confirmed_at: datetime
    promised_delivery_date: date | None = None
    value: Money | None = None
    origin: str | None = None
    destination: str | None = None
    method_class: str = "parcel"
    label_source: str = "seller"
    cancelled_at: datetime | None = None
    held_until: date | None = None

    @property
    def bytes(self) -> int:
        """About how much it takes in store: its texts, and 240 for the rest."""
        ids = (self.account, self.order_id, self.package_id, self.category)
        said = (self.carrier_stated, self.carrier or "", self.number_stated, self.tracking_number)
        return 240 + _bytes_of((*ids, *said))

    @property
    def key(self) -> PackageKey:
        return PackageKey(self.account, self.order_id, self.package_id)

    @property
    def parcel(self) -> ParcelKey | None:
        return parcel_of(self.carrier, self.tracking_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """A package as it is counted: the claim, and the evidence that its verdict was read from.

    Of two writes of one row the later stands: by ``confirmation.revision``, then by
    ``parcel_version``. ``is_tombstone``: the package is counted on another day since; the row
    stays, so that a late writer does not bring it back. It is kept until the day ``kept_until``.
    """

    key: RowKey
    confirmation: Confirmation
    evidence: Evidence
    parcel_version: int
    is_tombstone: bool = False
    kept_until: date | None = None


class RowClaim(NamedTuple):
    """A row's claim, without the evidence: for lists and reports, which read that from parcels."""

    key: RowKey
    confirmation: Confirmation
