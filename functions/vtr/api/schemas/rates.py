"""Rates, the reports behind them, and the API's health."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from vtr.api.schemas.timestamps import Moment
from vtr.domain.rates import Status
from vtr.domain.reports import ReportStatus
from vtr.domain.verdict import Reason

Ratio = Annotated[
    float,
    Meta(description="Valid ÷ (valid + unconfirmed), cut to four places; null where none is due."),
]
OnceDone = Annotated[int | None, Meta(description="Null until the report is done.")]


class Health(Struct, kw_only=True):
    """The API is up."""

    status: Literal["ok"]


class Window(Struct, kw_only=True):
    """The anchor days that a rate covers, both included, in the policy's time zone."""

    from_: date = field(name="from")
    to: date
    days: Annotated[int, Meta(examples=[30])]


class Target(Struct, kw_only=True):
    """What the marketplace asks for: `rate comparator target`."""

    rate: Annotated[float, Meta(examples=[0.95])]
    comparator: Annotated[str, Meta(examples=[">="])]


class Forecast(Struct, kw_only=True):
    """What the rate becomes if nothing more is scanned: the pending ones count against it."""

    rate: Ratio | None
    status: Status


class Counts(Struct, kw_only=True):
    """Packages by state, and the rate that follows."""

    packages: Annotated[int, Meta(description="All of them, whatever their state.")]
    valid: Annotated[int, Meta(description="Due or not, and proven.")]
    unconfirmed: Annotated[int, Meta(description="Due, and not proven: they count against.")]
    pending: Annotated[int, Meta(description="Not due yet; they do not count.")]
    exempt: Annotated[int, Meta(description="Not measured; they do not count.")]
    rate: Ratio | None
    status: Annotated[Status, Meta(description="How the rate stands against the target.")]
    forecast: Annotated[Forecast, Meta(description="The rate if nothing more is scanned.")]
    reasons: Annotated[
        dict[Reason, int],
        Meta(description="The unconfirmed ones by reason.", examples=[{"NO_SCAN": 4}]),
    ]


class CategoryRate(Counts, kw_only=True):
    """The rate of one category."""

    category: Annotated[str, Meta(examples=["books"])]


class DayRate(Counts, kw_only=True):
    """The rate that a past day had, judged with what is known now."""

    day: Annotated[date, Meta(description="The last day of the rate's window.")] = field(
        name="date"
    )


class RateHistory(Struct, kw_only=True):
    """Past rates, oldest first; today's is the last."""

    days: list[DayRate]


class Rate(Struct, kw_only=True):
    """The valid tracking rate, overall and by category."""

    account: Annotated[str, Meta(description="The key's account.", examples=["acme"])]
    policy: Annotated[str, Meta(description="Whose rules hold.", examples=["amazon-us"])]
    as_of: Moment
    window: Window
    target: Target
    overall: Counts
    categories: list[CategoryRate]


class Report(Struct, kw_only=True):
    """A report, and how far it is."""

    report_id: Annotated[str, Meta(examples=["0f8e5c2ab14d4c6f9d0f7f1f2a3b4c5d"])]
    kind: Literal["tracking"]
    status: ReportStatus
    from_: Annotated[date, Meta(description="The first anchor day.")] = field(name="from")
    to: Annotated[date, Meta(description="The last anchor day.")]
    category: Annotated[str | None, Meta(description="Null: every category.")]
    requested_at: Moment
    finished_at: Moment | None
    rows: OnceDone
    bytes: OnceDone
    document_until: Annotated[
        Moment | None, Meta(description="Until when it can be downloaded. Null: not done.")
    ]


class ReportDocument(Struct, kw_only=True):
    """Where a report's document is."""

    url: Annotated[str, Meta(description="Needs no key; keep it to yourself.")]
    expires_at: Moment
