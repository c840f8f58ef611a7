"""What the check of a tracking number returns."""

from typing import Annotated

from msgspec import Meta, Struct

from vtr.domain.tracking_numbers import FormCheck

CarrierCode = Annotated[str, Meta(description="A carrier's canonical code.", examples=["ups"])]


CarrierName = Annotated[str, Meta(description="The carrier's name.", examples=["UPS"])]


NumberVerdict = Annotated[
    FormCheck,
    Meta(
        description="What the form of the number says of the stated carrier: something in it "
        "speaks for the carrier; it speaks for another; it fails the carrier's check digit, or is "
        "no number; nothing is known for it nor against it; it is blank, unreadable or several.",
    ),
]


class CheckedNumber(Struct, kw_only=True):
    """Whose number it is, whether it fits the carrier as stated, and what to do if it does not."""

    number: Annotated[
        str | float | bool | None,
        Meta(
            description="As it was sent; an integer that JSON's readers would cut, as a text; null "
            "for what is no number at all, such as a list.",
            examples=["1Z 999AA1 0123456784"],
        ),
    ]
    normalised: Annotated[
        str,
        Meta(description="As it is stored: 0-9 and A-Z alone; may be empty."),
    ]
    canonical: Annotated[
        str,
        Meta(
            description="The number that the carrier tracks, as it is compared with scans: of a "
            "longer barcode, the part that counts."
        ),
    ]
    carrier_stated: Annotated[str | None, Meta(description="As it was sent.")]
    carrier: Annotated[
        CarrierCode | None, Meta(description="Who goes by the stated name; null where nobody does.")
    ]
    carrier_suggestions: Annotated[
        list[str],
        Meta(description="Codes of those who may have been meant, likeliest first."),
    ]
    verdict: NumberVerdict
    well_formed_for: Annotated[
        tuple[str, ...],
        Meta(
            description="Codes of the carriers that something in it speaks for, one of each "
            "family, likeliest first."
        ),
    ]
    suggested_carrier: Annotated[
        CarrierCode | None,
        Meta(description="The carrier to state instead, where the number speaks for it."),
    ]
    suggested_carrier_name: CarrierName | None
    tier: Annotated[
        str | None,
        Meta(
            description="How much the form proves. A: prefix and check digit; B: check digit; "
            "C: prefix; D: the length alone.",
            extra_json_schema={"enum": ["A", "B", "C", "D", None]},
        ),
    ]
    hands_over_to: Annotated[
        CarrierCode | None,
        Meta(description="Whose number it is, where the stated carrier hands its parcels over."),
    ]
    damage: Annotated[
        tuple[str, ...],
        Meta(
            description="How the number was corrupted on its way here.", examples=[["stray_spaces"]]
        ),
    ]
    repairs: Annotated[
        tuple[str, ...], Meta(description="What was probably meant: one number, or none.")
    ]
    remedy: Annotated[
        str, Meta(description="What the seller can do; empty where there is nothing to do.")
    ]
    remedy_zh: Annotated[str, Meta(description="The same in Chinese.")]


class CheckedNumbers(Struct, kw_only=True):
    """An answer for each number, in the order sent."""

    results: list[CheckedNumber]
