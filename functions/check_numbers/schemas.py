"""The number check's bodies, of one number or up to 1,000; the list of carriers' query."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

MAX_NUMBERS = 1000

Name = Annotated[
    str, Meta(max_length=200, description="a text of at most 200 characters", examples=["FedEx"])
]


class NumberBody(msgspec.Struct, kw_only=True):
    """One number, and the carrier if one was stated."""

    number: Annotated[
        Any,
        Meta(
            title="Whatever a spreadsheet or a file held in the number's place",
            examples=["1Z 999AA1 0123456784"],
        ),
    ]
    carrier: Annotated[Name, Meta(title="The carrier as stated, by any name")] | None = None


class NumbersBody(msgspec.Struct, kw_only=True):
    """Many numbers, each of them answered."""

    numbers: Annotated[
        list[NumberBody],
        Meta(
            min_length=1,
            max_length=MAX_NUMBERS,
            description=f'a list of 1 to {MAX_NUMBERS} objects {{"number": …, "carrier": …}}',
        ),
    ]


class CarriersQuery(msgspec.Struct, kw_only=True):
    q: Annotated[Name, Meta(title="What one of its names has in it")] | None = None
