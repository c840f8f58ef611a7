"""Field types that several routes take, each defined once, with its rule and an example."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

Day = Annotated[date, Meta(description="a day (YYYY-MM-DD)", examples=["2026-10-21"])]
Moment = Annotated[
    datetime,
    Meta(
        tz=True,
        description="a moment with its offset from UTC (RFC 3339)",
        examples=["2026-10-20T18:04:00Z"],
    ),
]
Category = Annotated[
    str,
    Meta(
        pattern=r"^(?=.*\S)[^\x00-\x1f\x7f#]{1,64}$(?!\n)",
        description="1 to 64 characters, no control characters and no #, and not blank",
        examples=["electronics"],
    ),
]
"""Taken without the blanks around it: with them it would be another category, for ever."""

Country = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{2}$(?!\n)",
        description="a country code (ISO 3166-1 alpha-2)",
        examples=["US"],
    ),
]


def _identifier(title: str, example: str) -> Meta:
    return Meta(
        title=title,
        pattern=r"^[A-Za-z0-9._:-]{1,64}$(?!\n)",
        description="1 to 64 letters, digits or any of . _ : -",
        examples=[example],
    )


OrderId = Annotated[str, _identifier("The marketplace's order id", "114-3941689-8772232")]
PackageId = Annotated[str, _identifier("Your id of the package", "1")]


class OrderPath(Struct, kw_only=True):
    order_id: OrderId


class PackagePath(Struct, kw_only=True):
    order_id: OrderId
    package_id: PackageId
