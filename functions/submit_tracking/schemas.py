"""What a seller's system sends: orders, packages, cancellations, batches."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vtr.domain.packages import Money, OrderFacts
from vtr.domain.submissions import Submission

Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._:-]{1,64}$",
        description="1 to 64 letters, digits or any of . _ : -",
        examples=["114-3941689-8772232"],
    ),
]
Moment = Annotated[
    datetime,
    Meta(
        tz=True,
        description="a moment with its offset from UTC (RFC 3339)",
        examples=["2026-10-20T18:04:00Z"],
    ),
]
Day = Annotated[date, Meta(description="a day (YYYY-MM-DD)", examples=["2026-10-21"])]
Category = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f#]{1,64}$",
        description="1 to 64 characters, no control characters and no #",
        examples=["electronics"],
    ),
]
Country = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{2}$", description="a country code (ISO 3166-1 alpha-2)", examples=["US"]),
]
Typed = Annotated[
    str,
    Meta(max_length=200, description="a text of at most 200 characters", examples=["UPS"]),
]
Number = Annotated[
    str,
    Meta(
        max_length=200,
        description="a text of at most 200 characters",
        examples=["1Z999AA10123456784"],
    ),
]


class MoneyBody(msgspec.Struct, kw_only=True):
    amount: Annotated[
        Decimal, Meta(description="an amount from 0 to 10⁹, as a text", examples=["24.90"])
    ]
    currency: Annotated[
        str,
        Meta(pattern=r"^[A-Z]{3}$", description="a currency code (ISO 4217)", examples=["USD"]),
    ]


class OrderBody(msgspec.Struct, kw_only=True):
    placed_at: Moment
    category: Category
    promised_delivery_date: Day | None = None
    value: MoneyBody | None = None
    origin: Country | None = None
    destination: Country | None = None

    def facts(self) -> OrderFacts:
        value = Money(self.value.amount, self.value.currency) if self.value else None
        return OrderFacts(
            placed_at=self.placed_at,
            category=self.category,
            promised_delivery_date=self.promised_delivery_date,
            value=value,
            origin=self.origin,
            destination=self.destination,
        )


class PackageBody(msgspec.Struct, kw_only=True):
    carrier: Typed | None
    tracking_number: Number | None
    ship_date: Day
    method_class: Annotated[
        Literal["parcel", "letter", "freight"],
        Meta(description="parcel, letter or freight", examples=["parcel"]),
    ] = "parcel"
    label_source: Annotated[
        Literal["seller", "marketplace"],
        Meta(description="seller or marketplace", examples=["seller"]),
    ] = "seller"
    order: OrderBody | None = None
    confirmed_at: Moment | None = None

    def submission(self, order_id: str, package_id: str) -> Submission:
        return Submission(
            order_id=order_id,
            package_id=package_id,
            carrier=self.carrier or "",
            tracking_number=self.tracking_number or "",
            ship_date=self.ship_date,
            method_class=self.method_class,
            label_source=self.label_source,
            facts=self.order.facts() if self.order else None,
            confirmed_at=self.confirmed_at,
        )


class LineBody(PackageBody, kw_only=True):
    """One line of a batch: a package with its ids."""

    order_id: Identifier
    package_id: Identifier


class PackagePath(msgspec.Struct, kw_only=True):
    order_id: Identifier
    package_id: Identifier


class OrderPath(msgspec.Struct, kw_only=True):
    order_id: Identifier


class CancellationBody(msgspec.Struct, kw_only=True):
    cancelled_at: Moment | None = None
