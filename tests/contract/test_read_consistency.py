"""Reads are eventually consistent, at half the price, but where a port says otherwise.

The emulators read what was just written either way, so this looks at what is asked of DynamoDB.
"""

from collections.abc import Callable

import pytest

from contract.builders import BUCKET, DAY, UPS_NUMBER
from contract.worlds import AwsWorld
from support.capacity import metered
from vtr.domain.packages import RowKey
from vtr.ports import Ports

ROW = RowKey(BUCKET, "Toys", "114-1", "1")
Read = Callable[[Ports], object]

CHEAP: dict[str, Read] = {
    "an account": lambda ports: ports.accounts.get("acme"),
    "an order": lambda ports: ports.orders.get("acme", "114-1"),
    "a parcel": lambda ports: ports.parcels.get(UPS_NUMBER),
    "several parcels": lambda ports: ports.parcels.get_many([UPS_NUMBER]),
    "a row": lambda ports: ports.packages.get(ROW),
    "the days' sums": lambda ports: ports.rates.days("acme"),
}
STRONG: dict[str, Read] = {
    "an account": lambda ports: ports.accounts.get("acme", consistent=True),
    "an order": lambda ports: ports.orders.get("acme", "114-1", consistent=True),
    "several orders": lambda ports: ports.orders.get_many([("acme", "114-1")]),
    "a parcel": lambda ports: ports.parcels.get(UPS_NUMBER, consistent=True),
    "a row": lambda ports: ports.packages.get(ROW, consistent=True),
    "rows": lambda ports: ports.packages.page(BUCKET),
    "claims": lambda ports: ports.packages.claims(BUCKET),
    "a bucket": lambda ports: ports.rates.bucket(BUCKET),
    "buckets": lambda ports: ports.rates.buckets("acme", DAY, DAY),
    "the days' sums": lambda ports: ports.rates.days("acme", consistent=True),
    "a report": lambda ports: ports.reports.get("acme", "5f0c"),
    "what was done to keys": lambda ports: ports.keys.changes("acme"),
}


@pytest.mark.parametrize(
    ("read", "units"),
    [
        *(pytest.param(read, 0.5, id=f"cheap: {what}") for what, read in CHEAP.items()),
        *(pytest.param(read, 1, id=f"strong: {what}") for what, read in STRONG.items()),
    ],
)
def test_each_read_is_as_consistent_as_its_port_says(
    aws_world: AwsWorld, read: Read, units: float
) -> None:
    with metered() as meter:
        read(aws_world.ports)
    assert meter.calls
    assert meter.reads == units * len(meter.calls)
