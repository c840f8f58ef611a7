"""What DynamoDB would bill for calls, by its documented rules.

A write costs a unit for each started KB of the larger of the old and the new item, whether or not
its condition holds; a read costs one for each started 4 KB of what it reads, half that where it
is eventually consistent, and as much as for an empty item where nothing is found. An item's size
is that of its attributes' names and values. Two engines are asked whether they bill the same in
``tests/contract/test_capacity_meter.py``.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from vtr.adapters.dynamodb.tables import TABLES

WRITE_BYTES = 1024
READ_BYTES = 4096

Item = Mapping[str, Mapping[str, Any]]


@dataclass
class Meter:
    """Units used since it began, and the calls that used them."""

    reads: float = 0
    writes: float = 0
    calls: list[str] = field(default_factory=list)
    sizes: dict[tuple[str, str], int] = field(default_factory=dict)
    """The bytes of each item that was written, by table and key."""

    def bill(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        match operation:
            case "PutItem":
                self._bill_put(request, answer)
            case "UpdateItem":
                self._bill_update(request)
            case "GetItem":
                units = _read_units([answer.get("Item", {})], consistent=_consistent(request))
                self._bill_read(f"GetItem {request['TableName']}", units)
            case "BatchGetItem":
                for table, keys in request["RequestItems"].items():
                    found = answer.get("Responses", {}).get(table, [])
                    missing: list[Item] = [{}] * (len(keys["Keys"]) - len(found))
                    units = sum(
                        _read_units([item], consistent=_consistent(keys))
                        for item in [*found, *missing]
                    )
                    self._bill_read(f"BatchGetItem {table} of {len(keys['Keys'])}", units)
            case "Query":
                units = _read_units(answer.get("Items", []), consistent=_consistent(request))
                self._bill_read(f"Query {request['TableName']}", units)
            case _:
                raise AssertionError(f"no rule bills a {operation} yet")

    def _bill_put(self, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        item = request["Item"]
        key = request["TableName"], json.dumps([item["pk"], item.get("sk")])
        size = size_of(item)
        units = ceil(max(size, self.sizes.get(key, 0)) / WRITE_BYTES)
        if "Error" not in answer:
            self.sizes[key] = size
        self.writes += units
        self.calls.append(f"PutItem {request['TableName']} {size} bytes: {units} write")

    def _bill_update(self, request: Mapping[str, Any]) -> None:
        """Bill a write, whether its condition held or not: what is updated are small counters."""
        self.writes += 1
        self.calls.append(f"UpdateItem {request['TableName']}: 1 write")

    def _bill_read(self, what: str, units: float) -> None:
        self.reads += units
        self.calls.append(f"{what}: {units} read")


@contextmanager
def metered() -> Iterator[Meter]:
    """Bill every call that the tables' shared client makes."""
    model: Any = TABLES["accounts"]
    events = model._get_connection().connection.client.meta.events  # noqa: SLF001 - no other way
    meter = Meter()

    def remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["metered_request"] = json.loads(params["body"])

    def bill(model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        meter.bill(model.name, context["metered_request"], parsed)

    events.register("before-call.dynamodb", remember)
    events.register("after-call.dynamodb", bill)
    try:
        yield meter
    finally:
        events.unregister("before-call.dynamodb", remember)
        events.unregister("after-call.dynamodb", bill)


def _consistent(request: Mapping[str, Any]) -> bool:
    return bool(request.get("ConsistentRead"))


def size_of(item: Item) -> int:
    """The bytes of an item: of its attributes' names, and of their values."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "B":
            return len(value if isinstance(value, bytes) else base64.b64decode(value))
        case "N":
            digits = value.replace(".", "").strip("-").strip("0")
            return (len(digits) + 1) // 2 + 1
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _size_of_value(each) for each in value)
        case "M":
            return 3 + len(value) + size_of(value)
    raise AssertionError(f"no rule sizes a {kind} yet")


def _read_units(items: Sequence[Item], *, consistent: bool) -> float:
    units = max(1, ceil(sum(size_of(item) for item in items) / READ_BYTES))
    return units if consistent else units / 2
