"""The packing desk: print a label, hand the package over, type what was sent into the form."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from vtr_demo.books import Scan, Statement
from vtr_demo.labels import Label, Printer

ZONE = ZoneInfo("America/Los_Angeles")
HOME = "Eugene, OR"
TOWNS = ("Austin, TX", "Boise, ID", "Chicago, IL", "Denver, CO", "Nashville, TN", "Tampa, FL")

# The ways in which people write a carrier's name.
SPELLINGS = {
    "usps": ("USPS", "USPS", "usps", "U.S.P.S.", "US Postal Service"),
    "ups": ("UPS", "UPS", "UPS Ground", "United Parcel Service"),
    "fedex": ("FedEx", "FedEx", "Fed Ex", "FedEx Ground"),
    "dhl": ("DHL", "DHL Express"),
    "ontrac": ("OnTrac",),
    "lasership": ("LaserShip", "Lasership"),
    "amazon": ("Amazon Shipping",),
    "canada_post": ("Canada Post",),
    "royal_mail": ("Royal Mail",),
    "yunexpress": ("YunExpress", "Yun Express"),
    "fedex_freight": ("FedEx Freight",),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one package is packed: the day it leaves, its running number, and its random source."""

    day: date
    running: int
    dice: Random

    def print(self, printer: Printer, running: int | None = None) -> Label:
        return printer(self.running if running is None else running)

    def at(self, day: int, hour: int) -> datetime:
        """Return a random minute of that hour, this many days after the package left."""
        minute = self.dice.randrange(60)
        return datetime.combine(self.day + timedelta(days=day), time(hour, minute), ZONE)

    def says(
        self,
        carrier: str | None,
        number: str,
        *,
        typed: str | None = None,
        at: datetime | None = None,
        ship_date: date | None = None,
    ) -> Statement:
        """Return a line of the form, by default typed on the evening of the day."""
        name = typed if carrier is None else self.dice.choice(SPELLINGS[carrier])
        return Statement(
            at=at or self.at(0, 19),
            carrier_typed=name or "",
            carrier=carrier,
            number_typed=number,
            ship_date=ship_date or self.day,
        )

    def journey(self, label: Label, *, handed_over: int = 0) -> tuple[Scan, ...]:
        """Return the scans from label to letter box. The carrier collects at four."""
        town = self.dice.choice(TOWNS)
        days = handed_over + self.dice.randint(2, 5)
        return (
            Scan(label, self.at(0, 10), "label_created", HOME),
            Scan(label, self.at(handed_over, 16), "accepted", HOME),
            Scan(label, self.at(handed_over + 1, 4), "arrived", town),
            Scan(label, self.at(days, 8), "out_for_delivery", town),
            Scan(label, self.at(days, 14), "delivered", town),
        )
