"""What DynamoDB is billed for, by the meter that the tests have."""

from collections.abc import Iterator

from benchmarks.figures import Budget, Figure
from support.operations import bills

BUDGETS = {
    "a package's life": (7, 5),
    "edit of the number": (4, None),
    "a duplicate of any": (0, None),
    "rate": (None, 1),
}
FLOORS = {"a package's life": 3}
"""Order, parcel and package once each."""


def figures() -> Iterator[Figure]:
    for bill in bills():
        if bill.operation in BUDGETS:
            writes, reads = BUDGETS[bill.operation]
            floor = FLOORS.get(bill.operation)
            yield Figure(
                name=f"units written: {bill.operation}",
                value=bill.writes,
                unit="WRU",
                beside="three items once each" if floor else "",
                reference=floor,
                budget=None if writes is None else Budget(at_most=writes),
            )
            yield Figure(
                name=f"units read: {bill.operation}",
                value=bill.reads,
                unit="RRU",
                budget=None if reads is None else Budget(at_most=reads),
            )
