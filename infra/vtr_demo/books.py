"""The shop's own books: what was sold, what was stated about it, and what really happened to it.

Nothing in here comes from the system under test. The oracle counts these.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from vtr.domain.policies import Waiver
from vtr_demo.labels import Label


class Scan(NamedTuple):
    """One carrier event about one label; ``retracts`` takes back an earlier milestone."""

    label: Label
    at: datetime
    milestone: str
    place: str = ""
    retracts: str = ""


class Statement(NamedTuple):
    """A line that the shop typed into the marketplace's form, and when.

    ``carrier`` is the one meant by the typed name; None if nobody could tell.
    """

    at: datetime
    carrier_typed: str
    carrier: str | None
    number_typed: str
    ship_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package: the labels really on it, what was stated about it, and what was scanned.

    ``statements`` are in the order of time.
    """

    labels: tuple[Label, ...]
    statements: tuple[Statement, ...]
    scans: tuple[Scan, ...] = ()
    method_class: str = "parcel"
    label_source: str = "seller"
    story: str = ""
    package_id: str = "1"

    @property
    def said(self) -> Statement:
        """The current statement."""
        return self.statements[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    order_id: str
    category: str
    placed_at: datetime
    promised: date
    value: str
    packages: tuple[Package, ...]
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything up to the midnight with which ``today`` begins.

    ``waivers`` are the marketplace's, for incidents at the shop's carriers in these weeks.
    """

    today: date
    orders: tuple[Order, ...]
    waivers: tuple[Waiver, ...]

    @property
    def packages(self) -> list[tuple[Order, Package]]:
        return [(order, package) for order in self.orders for package in order.packages]
