"""Path and query parameters of the routes for rates and packages."""

from typing import Annotated

import msgspec
from msgspec import Meta

from vtr.api.types import Category, Day
from vtr.domain.verdict import Reason, State


class HistoryQuery(msgspec.Struct, kw_only=True):
    days: Annotated[
        str,
        Meta(
            title="How many days, today the last",
            pattern=r"^([1-9]|[1-8]\d|90)$(?!\n)",
            description="a number from 1 to 90",
            examples=["30"],
            extra_json_schema={"minimum": 1, "maximum": 90},
        ),
    ] = "30"


class PackagesQuery(msgspec.Struct, kw_only=True):
    state: (
        Annotated[
            State,
            Meta(
                title="How they count",
                description=f"one of {', '.join(State)}",
                examples=["unconfirmed"],
            ),
        ]
        | None
    ) = None
    reason: (
        Annotated[
            Reason,
            Meta(
                title="Why they count so",
                description=f"one of {', '.join(Reason)}",
                examples=["NO_SCAN"],
            ),
        ]
        | None
    ) = None
    category: Category | None = None
    from_: Annotated[Day, Meta(title="The first anchor day")] | None = msgspec.field(
        name="from", default=None
    )
    to: (
        Annotated[Day, Meta(title="The last anchor day, at most 400 days after the first")] | None
    ) = None
    tracking_number: (
        Annotated[
            str,
            Meta(
                title="The packages that name this number, whatever their day; goes with no other "
                "parameter",
                min_length=1,
                max_length=200,
                description="a text of 1 to 200 characters",
                examples=["1Z999AA10123456784"],
            ),
        ]
        | None
    ) = None
    cursor: (
        Annotated[
            str,
            Meta(title="Where to go on", max_length=1000, description="a next_cursor"),
        ]
        | None
    ) = None
    limit: Annotated[
        str,
        Meta(
            title="Packages a page, at most",
            pattern=r"^([1-9]|[1-9]\d|1\d\d|200)$(?!\n)",
            description="a number from 1 to 200",
            examples=["50"],
            extra_json_schema={"minimum": 1, "maximum": 200},
        ),
    ] = "50"

    @property
    def filters(self) -> str:
        """Return what a cursor is bound to: the filters, not the page size."""
        parts = (self.state, self.reason, self.category, self.from_, self.to)
        return msgspec.json.encode(parts).decode()
