"""Every type that the API returns; a function imports only those that it uses."""

from typing import Annotated

from msgspec import Meta, Struct

from vtr.api.schemas.carriers import Carrier, CarrierList
from vtr.api.schemas.orders import (
    BatchResult,
    Evidence,
    LineResult,
    Money,
    Order,
    Package,
    PackageList,
    StatedCarrier,
    StatedNumber,
    Statement,
    SuggestedCarrier,
)
from vtr.api.schemas.problems import FieldError, Problem
from vtr.api.schemas.rates import (
    CategoryRate,
    Counts,
    DayRate,
    Forecast,
    Health,
    Rate,
    RateHistory,
    Report,
    ReportDocument,
    Target,
    Window,
)

__all__ = [
    "BatchResult",
    "Carrier",
    "CarrierList",
    "CategoryRate",
    "Counts",
    "DayRate",
    "DeliveryAnswer",
    "Evidence",
    "FieldError",
    "Forecast",
    "Health",
    "LineResult",
    "Money",
    "Order",
    "Package",
    "PackageList",
    "Problem",
    "Rate",
    "RateHistory",
    "Report",
    "ReportDocument",
    "StatedCarrier",
    "StatedNumber",
    "Statement",
    "SuggestedCarrier",
    "Target",
    "Window",
]


class DeliveryAnswer(Struct, kw_only=True):
    """How a body of the source `standard` was read."""

    accepted: Annotated[
        int | None,
        Meta(description="The number of scans taken; null for a body too large to read at once."),
    ]
    skipped: Annotated[
        list[str], Meta(description="Why each of the others was left out, and what to send.")
    ]
    doubts: Annotated[
        list[str], Meta(description="What of the scans taken is not understood, and what to send.")
    ]
