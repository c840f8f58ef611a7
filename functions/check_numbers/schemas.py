"""What is asked about tracking numbers: one, or up to 1,000."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

MAX_NUMBERS = 1000

Name = Annotated[str, Meta(max_length=200, description="a text of at most 200 characters")]


class NumberBody(msgspec.Struct, kw_only=True):
    """``number`` may be anything that a spreadsheet or a JSON file held in its place."""

    number: Any
    carrier: Name | None = None


class NumbersBody(msgspec.Struct, kw_only=True):
    numbers: Annotated[
        list[NumberBody],
        Meta(
            min_length=1,
            max_length=MAX_NUMBERS,
            description=f'a list of 1 to {MAX_NUMBERS} objects {{"number": …, "carrier": …}}',
        ),
    ]
