"""The path and body of report requests."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from vtr.api.types import Category, Day


class ReportBody(msgspec.Struct, kw_only=True):
    """Which packages; without days: those of the rate's window."""

    kind: Annotated[Literal["tracking"], Meta(description="tracking")] = "tracking"
    from_: Annotated[Day, Meta(title="The first anchor day")] | None = msgspec.field(
        name="from", default=None
    )
    to: (
        Annotated[Day, Meta(title="The last anchor day, at most 400 days after the first")] | None
    ) = None
    category: Annotated[Category, Meta(title="One category; without it, all of them")] | None = None


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
