"""What is asked for in a path or a query string."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from vtr.domain.verdict import Reason, State

Identifier = Annotated[
    str, Meta(min_length=1, max_length=64, description="an id of 1 to 64 characters")
]
Day = Annotated[date, Meta(description="a day (YYYY-MM-DD)", examples=["2026-10-21"])]


class OrderPath(msgspec.Struct, kw_only=True):
    order_id: Identifier


class PackagePath(msgspec.Struct, kw_only=True):
    order_id: Identifier
    package_id: Identifier


class HistoryQuery(msgspec.Struct, kw_only=True):
    days: Annotated[
        str,
        Meta(pattern=r"^([1-9]|[1-8]\d|90)$", description="a number from 1 to 90", examples=["30"]),
    ] = "30"


class PackagesQuery(msgspec.Struct, kw_only=True):
    state: Annotated[State, Meta(description=f"one of {', '.join(State)}")] | None = None
    reason: Annotated[Reason, Meta(description=f"one of {', '.join(Reason)}")] | None = None
    category: Annotated[str, Meta(max_length=64, description="a category")] | None = None
    from_: Day | None = msgspec.field(name="from", default=None)
    to: Day | None = None
    cursor: Annotated[str, Meta(max_length=1000, description="a next_cursor")] | None = None
    limit: Annotated[
        str,
        Meta(
            pattern=r"^([1-9]|[1-9]\d|1\d\d|200)$",
            description="a number from 1 to 200",
            examples=["50"],
        ),
    ] = "50"

    @property
    def filters(self) -> str:
        """What a cursor belongs to: the filters, not the page size."""
        parts = (self.state, self.reason, self.category, self.from_, self.to)
        return msgspec.json.encode(parts).decode()
