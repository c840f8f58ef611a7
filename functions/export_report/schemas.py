"""What is asked of a report."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Day = Annotated[date, Meta(description="a day (YYYY-MM-DD)", examples=["2026-10-21"])]


class ReportBody(msgspec.Struct, kw_only=True):
    kind: Annotated[Literal["tracking"], Meta(description="tracking")] = "tracking"
    from_: Day | None = msgspec.field(name="from", default=None)
    to: Day | None = None
    category: Annotated[str, Meta(min_length=1, max_length=64, description="a category")] | None = (
        None
    )


class ReportPath(msgspec.Struct, kw_only=True):
    report_id: Annotated[
        str, Meta(min_length=1, max_length=64, description="an id of 1 to 64 characters")
    ]
