"""Request bodies from sellers' systems: orders, packages, cancellations, batches."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vtr.api.types import Category, Country, Day, Moment, OrderId, PackageId
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import Money
from vtr.domain.submissions import Submission

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
    """What the buyer paid. Some exemptions ask for it."""

    amount: Annotated[
        str,
        Meta(
            pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$(?!\n)",
            description="an amount below 10⁹ with at most four decimals, as a text",
            examples=["24.90"],
        ),
    ]
    currency: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{3}$(?!\n)", description="a currency code (ISO 4217)", examples=["USD"]
        ),
    ]


class OrderBody(msgspec.Struct, kw_only=True):
    """What the marketplace knows of an order."""

    placed_at: Annotated[Moment, Meta(title="When the buyer placed the order")]
    category: Annotated[Category, Meta(title="The item's category; frozen by the first write")]
    promised_delivery_date: (
        Annotated[Day, Meta(title="The day by which delivery was promised")] | None
    ) = None
    value: MoneyBody | None = None
    origin: Annotated[Country, Meta(title="Where the package comes from")] | None = None
    destination: Annotated[Country, Meta(title="Where the package goes")] | None = None

    def facts(self) -> OrderFacts:
        value = Money(Decimal(self.value.amount), self.value.currency) if self.value else None
        return OrderFacts(
            placed_at=self.placed_at,
            category=self.category.strip(),
            promised_delivery_date=self.promised_delivery_date,
            value=value,
            origin=self.origin,
            destination=self.destination,
        )


class PackageBody(msgspec.Struct, kw_only=True):
    """A package as it went out."""

    carrier: Annotated[Typed, Meta(title="Who carries it, by any of its names")] | None
    tracking_number: Annotated[Number, Meta(title="The number on the label")] | None
    ship_date: Annotated[Day, Meta(title="The day on which the package left")]
    method_class: Annotated[
        Literal["parcel", "letter", "freight"],
        Meta(title="How it travels", description="parcel, letter or freight", examples=["parcel"]),
    ] = "parcel"
    label_source: Annotated[
        Literal["seller", "marketplace"],
        Meta(
            title="Who bought the label", description="seller or marketplace", examples=["seller"]
        ),
    ] = "seller"
    order: Annotated[
        OrderBody | None, Meta(title="The order's facts; needed while the order is not known")
    ] = None
    confirmed_at: (
        Annotated[
            Moment,
            Meta(title="When the seller confirmed, if not now; needs the scope `operate`"),
        ]
        | None
    ) = None

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

    order_id: OrderId
    package_id: PackageId


class CancellationBody(msgspec.Struct, kw_only=True):
    cancelled_at: Annotated[Moment, Meta(title="When, if not now")] | None = None
