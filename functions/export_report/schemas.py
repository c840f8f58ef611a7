"""What is asked of a report."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Day = Annotated[date, Meta(description="a day (YYYY-MM-DD)", examples=["2026-10-21"])]


class ReportBody(msgspec.Struct, kw_only=True):
    """Which packages; without days: those of the rate's window."""

    kind: Annotated[Literal["tracking"], Meta(description="tracking")] = "tracking"
    from_: Annotated[Day, Meta(title="The first anchor day")] | None = msgspec.field(
        name="from", default=None
    )
    to: (
        Annotated[Day, Meta(title="The last anchor day, at most 400 days after the first")] | None
    ) = None
    category: (
        Annotated[
            str,
            Meta(
                pattern=r"^[^\x00-\x1f\x7f#]{1,64}$",
                title="One category; without it, all of them",
                description="a category, as an order has it",
                examples=["electronics"],
            ),
        ]
        | None
    ) = None


class ReportPath(msgspec.Struct, kw_only=True):
    report_id: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=64,
            title="The `report_id` that you were given",
            description="an id of 1 to 64 characters",
            examples=["0f8e5c2ab14d4c6f9d0f7f1f2a3b4c5d"],
        ),
    ]
