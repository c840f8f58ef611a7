"""The list of carriers."""

from typing import Annotated

from msgspec import Meta, Struct

from vtr.api.schemas.numbers import CarrierCode, CarrierName


class Carrier(Struct, kw_only=True):
    """A carrier that a submission may name."""

    code: CarrierCode
    name: CarrierName
    country: Annotated[
        str,
        Meta(description="Its home country (ISO 3166-1 alpha-2).", examples=["US"]),
    ]
    other_names: Annotated[
        list[str],
        Meta(description="What else it goes by. Case, blanks and punctuation are no matter."),
    ]
    supported: Annotated[
        bool, Meta(description="Whether the marketplace can verify its numbers today.")
    ]


class CarrierList(Struct, kw_only=True):
    """Carriers, the best known of each market first."""

    carriers: list[Carrier]
