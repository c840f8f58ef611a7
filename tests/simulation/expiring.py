"""Everything in the stores that is to expire, and until when it is kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from simulation.laws import MARGIN
from vtr.adapters.memory import MemoryPorts

Ends = dict[Any, date | None]


def expiring(memory: MemoryPorts) -> Iterator[tuple[str, dict[Any, Any], Ends]]:
    """Yield each kind of item by its name: the items, and the end of each; None if it has none."""
    orders = memory.orders._orders  # noqa: SLF001 - DynamoDB deletes without being called
    parcels = memory.parcels._parcels  # noqa: SLF001
    reports = memory.reports._reports  # noqa: SLF001
    yield "orders", orders, {key: order.kept_until for key, order in orders.items()}
    yield "parcels", parcels, {key: parcel.kept_until for key, parcel in parcels.items()}
    yield (
        "reports",
        reports,
        {key: (report.expires_at - MARGIN).date() for key, report in reports.items()},
    )
    for rows in memory.packages._buckets.values():  # noqa: SLF001
        yield "packages", rows, {key: row.kept_until for key, row in rows.items()}
    rates = memory.rates
    for counts in rates._buckets.values():  # noqa: SLF001
        yield "rates", counts, {key: rates._kept_until[key.account][key] for key in counts}  # noqa: SLF001
