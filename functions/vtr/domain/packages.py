"""What the seller says of packages: each statement, and the claim that is judged."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from vtr.domain.errors import (
    TooManyEditsError,
)
from vtr.domain.evidence import Evidence
from vtr.domain.tracking_numbers import identify

MAX_STATEMENTS = 50
"""Statements kept of one package; its history is never cut, so further edits are refused."""


class Money(NamedTuple):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


class ParcelKey(NamedTuple):
    """What names a parcel: the canonical carrier code and the normalised tracking number."""

    carrier: str
    tracking_number: str


@lru_cache(maxsize=4096)
def parcel_of(carrier: str | None, tracking_number: str) -> ParcelKey | None:
    """The parcel that a carrier and a number mean; None where either cannot be read.

    Where a carrier hands its parcels over to another one under that one's numbers, both speak of
    the same parcel, and it goes by the carrier whose number it is.
    """
    if carrier is None or not tracking_number:
        return None
    owner = identify(tracking_number, carrier).hands_over_to
    return ParcelKey(owner or carrier, tracking_number)


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

    def says_the_same_as(self, other: "Statement") -> bool:
        return replace(self, confirmed_at=other.confirmed_at) == other

    @property
    def tracking(self) -> tuple[str | None, str]:
        return self.carrier or self.carrier_stated, self.tracking_number or self.number_stated

    @property
    def parcel(self) -> ParcelKey | None:
        return parcel_of(self.carrier, self.tracking_number)


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
    counts the order's changes; a later one replaces an earlier one wherever they meet.
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
    ``parcel_version``. ``is_tombstone``: the package is counted on another
    day since; the row stays, so that a late writer does not bring it back.
    """

    key: RowKey
    confirmation: Confirmation
    evidence: Evidence
    parcel_version: int
    is_tombstone: bool = False


class RowClaim(NamedTuple):
    """A row's claim, without the evidence: for lists and reports, which read that from parcels."""

    key: RowKey
    confirmation: Confirmation
