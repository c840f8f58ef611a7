"""Orders, their packages, and the results of a batch."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from vtr.api.schemas.numbers import CarrierCode, CarrierName, NumberVerdict
from vtr.api.schemas.problems import Problem
from vtr.api.schemas.timestamps import Moment
from vtr.domain.verdict import Reason, State

LineId = Annotated[
    str | None,
    Meta(
        description="As it was sent; null where that was no text, left out where the "
        "line was no object."
    ),
]


class Money(Struct, kw_only=True):
    """An amount in a currency."""

    amount: Annotated[Decimal, Meta(description="A decimal, as a text.", examples=["24.90"])]
    currency: Annotated[str, Meta(description="ISO 4217.", examples=["USD"])]


class SuggestedCarrier(Struct, kw_only=True):
    """A carrier that may have been meant."""

    code: CarrierCode
    name: CarrierName


class StatedCarrier(Struct, kw_only=True):
    """The carrier as the seller named it, and who that is."""

    stated: Annotated[str, Meta(description="As it was sent.", examples=["U.P.S."])]
    code: Annotated[CarrierCode | None, Meta(description="Null where nobody goes by the name.")]
    name: CarrierName | None
    supported: Annotated[bool, Meta(description="Whether the marketplace can verify its numbers.")]
    suggestions: Annotated[
        list[SuggestedCarrier],
        Meta(description="Who may have been meant where nobody goes by the name, likeliest first."),
    ]


class StatedNumber(Struct, kw_only=True):
    """The tracking number as the seller typed it, and what its form says."""

    stated: Annotated[str, Meta(description="As it was sent.", examples=["1Z 999AA1 0123456784"])]
    normalised: Annotated[
        str | None,
        Meta(description="As it is compared with scans; null where it cannot be read."),
    ]
    check: NumberVerdict
    suggested_carrier: Annotated[
        CarrierCode | None,
        Meta(description="The carrier whose number this is, where another was stated."),
    ]


class ScanMark(Struct, kw_only=True):
    """What a scan that counts is known by, beside its time."""

    code: Annotated[str, Meta(description="The carrier's own code.", examples=["OR"])]
    place: Annotated[
        str | None,
        Meta(
            description="Country and postal code, else city and state; null where not given.",
            examples=["US 38118"],
        ),
    ]


class Evidence(Struct, kw_only=True):
    """What the carrier has said of the package. Null: nothing yet."""

    first_scan_at: Annotated[
        Moment | None, Meta(description="The first event of any kind, a label's included.")
    ]
    first_physical_scan_at: Annotated[
        Moment | None, Meta(description="When the package was first in the carrier's hands.")
    ]
    first_physical_scan: Annotated[
        ScanMark | None, Meta(description="Its code and place, where the carrier gave them.")
    ]
    delivered_at: Moment | None
    delivered: Annotated[
        ScanMark | None, Meta(description="Its code and place, where the carrier gave them.")
    ]
    scanned_by: Annotated[
        SuggestedCarrier | None,
        Meta(description="Another carrier that has scanned the number, where that is the reason."),
    ]


class Statement(Struct, kw_only=True):
    """One thing that was said of a package."""

    confirmed_at: Moment
    carrier: Annotated[str, Meta(description="As it was sent.")]
    tracking_number: Annotated[str, Meta(description="As it was sent.")]
    ship_date: date


class Package(Struct, kw_only=True):
    """A package: what the seller says, what the carrier says, and what follows."""

    order_id: Annotated[str, Meta(examples=["114-3941689-8772232"])]
    package_id: Annotated[str, Meta(examples=["1"])]
    category: Annotated[str, Meta(description="The order's category.", examples=["electronics"])]
    ship_date: date
    promised_delivery_date: date | None
    confirmed_at: Annotated[
        Moment,
        Meta(description="Since when the current carrier and number have been stated."),
    ]
    cancelled_at: Moment | None
    carrier: StatedCarrier
    tracking_number: StatedNumber
    state: Annotated[State, Meta(description="How the package counts.")]
    reason: Annotated[Reason, Meta(description="Why it counts so.")]
    rule: Annotated[
        str | None,
        Meta(description="The exemption or the waiver, where the state is `exempt`."),
    ]
    explanation: Annotated[str, Meta(description="The reason as a sentence to show the seller.")]
    what_to_do: Annotated[
        str | None,
        Meta(description="What the seller can do about it; null where there is nothing to do."),
    ]
    warnings: Annotated[
        list[str],
        Meta(
            description="What may be wrong although it is not refused: that others of the "
            "account's packages name the same number."
        ),
    ]
    due_at: Annotated[
        Moment, Meta(description="From then on a package without its scan is unconfirmed.")
    ]
    evidence: Evidence
    history: Annotated[
        list[Statement] | UnsetType,
        Meta(description="All that was said of the package, oldest first. Not in lists."),
    ] = UNSET


class Order(Struct, kw_only=True):
    """An order's facts and its packages."""

    order_id: Annotated[str, Meta(examples=["114-3941689-8772232"])]
    placed_at: Moment
    category: Annotated[str, Meta(examples=["electronics"])]
    promised_delivery_date: date | None
    value: Money | None
    origin: str | None
    destination: str | None
    cancelled_at: Moment | None
    packages: list[Package]


class PackageList(Struct, kw_only=True):
    """One page of packages."""

    packages: list[Package]
    next_cursor: Annotated[
        str | None,
        Meta(
            description="Send it as `cursor`, with the same filters, for the next page; null on "
            "the last one. A page may be short, or empty, and have a next one all the same."
        ),
    ]


class LineResult(Struct, kw_only=True):
    """What became of one line: either `package` or `problem` is there."""

    line: Annotated[int, Meta(description="Counted from 1, in the order sent.")]
    status: Annotated[
        int,
        Meta(description="What the line alone would have been answered with.", examples=[201]),
    ]
    order_id: LineId | UnsetType = UNSET
    package_id: LineId | UnsetType = UNSET
    package: Package | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class BatchResult(Struct, kw_only=True):
    """An answer for every line. No line holds another one up."""

    accepted: Annotated[int, Meta(description="Lines with a `package`.")]
    rejected: Annotated[int, Meta(description="Lines with a `problem`.")]
    results: list[LineResult]
