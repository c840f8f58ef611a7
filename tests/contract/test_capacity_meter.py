"""The meter bills what two engines say was consumed: writes by both, reads by dynalite.

The emulator says 1 or 0.5 for any read, whatever its size, so it is no witness for reads. Where an
engine departs from AWS's rules, ``DEPARTS`` has its figure and the rule that it breaks.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from support.capacity import Meter, size_of
from support.capacity_engines import Answer, Call, EngineError, ask_dynalite, ask_emulator

TABLE = "metered"
TYPES = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
CREATE = Call(
    "CreateTable",
    {
        "TableName": TABLE,
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": TYPES,
        "BillingMode": "PAY_PER_REQUEST",
    },
)
NEVER = {"ConditionExpression": "attribute_not_exists(pk)"}

AWS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
READ_RULE = f"{AWS}read-write-operations.html"
SIZE_RULE = f"{AWS}CapacityUnitCalculations.html"

DEPARTS = {
    ("dynalite", "accents that take a second KB"): (1, f"strings count in UTF-8: {SIZE_RULE}"),
    ("dynalite", "query that finds nothing"): (0, f"nothing costs the least read: {READ_RULE}"),
    ("dynalite", "query that finds nothing, consistent"): (0, f"the same: {READ_RULE}"),
}


def key(name: str) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": name}}


def sized(name: str, size: int, **attributes: Any) -> dict[str, Any]:
    """An item of so many bytes, these attributes among them."""
    item = {**key(name), "x": {"S": ""}, **attributes}
    return {**item, "x": {"S": "y" * (size - size_of(item))}}


def put(item: dict[str, Any], **more: Any) -> Call:
    return Call("PutItem", {"TableName": TABLE, "Item": item, **more})


def get(name: str, *, consistent: bool = False) -> Call:
    return Call("GetItem", {"TableName": TABLE, "Key": key(name), "ConsistentRead": consistent})


def get_many(*names: str, consistent: bool = False) -> Call:
    keys = {"Keys": [key(name) for name in names], "ConsistentRead": consistent}
    return Call("BatchGetItem", {"RequestItems": {TABLE: keys}})


def query(begins: str, *, consistent: bool = False) -> Call:
    request = {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :s)",
        "ExpressionAttributeValues": {":p": {"S": "p"}, ":s": {"S": begins}},
        "ConsistentRead": consistent,
    }
    return Call("Query", request)


NESTED = {"M": {"list": {"L": [{"N": "12345"}, {"S": "city"}, {"BOOL": True}]}, "empty": {"L": []}}}

WRITES = {
    "the smallest item": put(key("a")),
    "one byte below 1 KB": put(sized("b1", 1023)),
    "1 KB": put(sized("b2", 1024)),
    "one byte above 1 KB": put(sized("b3", 1025)),
    "4 KB": put(sized("c1", 4096)),
    "one byte above 4 KB": put(sized("c2", 4097)),
    "20 KB": put(sized("d", 20_480)),
    "grown from 1 KB to 3": put(sized("b2", 3000)),
    "shrunk from 3 KB to 100 bytes": put(sized("b2", 100)),
    "small over small again": put(sized("b2", 100)),
    "accents that take a second KB": put({**key("e"), "x": {"S": "é" * 700}}),
    "bytes": put({**key("f"), "x": {"B": "AAEC" * 340}}),
    "a number, 1 KB": put(sized("g1", 1024, n={"N": "1234567890123456789"})),
    "a number, one byte above 1 KB": put(sized("g2", 1025, n={"N": "1234567890123456789"})),
    "nested, 1 KB": put(sized("h1", 1024, n=NESTED)),
    "nested, one byte above 1 KB": put(sized("h2", 1025, n=NESTED)),
    "true, and nothing": put({**key("i"), "x": {"BOOL": True}, "n": {"NULL": True}}),
}
READS = {
    **{
        f"{name}{', consistent' if consistent else ''}": call
        for consistent in (False, True)
        for name, call in {
            "a small item": get("a", consistent=consistent),
            "an item of 4 KB": get("c1", consistent=consistent),
            "an item of one byte more": get("c2", consistent=consistent),
            "an item of 20 KB": get("d", consistent=consistent),
            "an item that is not there": get("nowhere", consistent=consistent),
            "a batch, one of them missing": get_many("a", "c2", "nowhere", consistent=consistent),
            "query of one small item": query("a", consistent=consistent),
            "query of many, summed before it is rounded": query("b", consistent=consistent),
            "query of 8 KB and a byte": query("c", consistent=consistent),
            "query that finds nothing": query("nowhere", consistent=consistent),
        }.items()
    }
}


def consumed(answer: Answer) -> float:
    found = answer["ConsumedCapacity"]
    (entry,) = found if isinstance(found, list) else [found]
    return float(entry["CapacityUnits"])


def compared(
    engine: str, calls: dict[str, Call], answers: list[Answer], asked: dict[str, Call]
) -> Iterator[tuple[str, float, float]]:
    """The name of each of these calls, what the engine says, and what it should by the meter."""
    meter = Meter()
    for (name, call), answer in zip(calls.items(), answers, strict=True):
        before = meter.reads + meter.writes
        meter.bill(call.operation, call.request, answer)
        if name in asked:
            billed = meter.reads + meter.writes - before
            told, _ = DEPARTS.get((engine, name), (billed, ""))
            assert (engine, name) not in DEPARTS or told != billed, "it departs no more"
            yield name, consumed(answer), told


def asked_for_capacity(calls: dict[str, Call]) -> list[Call]:
    told = {"ReturnConsumedCapacity": "TOTAL"}
    return [CREATE, *(Call(call.operation, {**call.request, **told}) for call in calls.values())]


@pytest.fixture(scope="module")
def dynalite() -> list[Answer]:
    try:
        return ask_dynalite(asked_for_capacity(WRITES | READS))[1:]
    except EngineError as error:
        pytest.skip(f"dynalite cannot be asked: {error}")


def test_writes_are_billed_as_the_emulator_says() -> None:
    answers = ask_emulator(asked_for_capacity(WRITES))[1:]
    for name, told, billed in compared("emulator", WRITES, answers, WRITES):
        assert billed == told, name


def test_writes_are_billed_as_dynalite_says(dynalite: list[Answer]) -> None:
    for name, told, billed in compared("dynalite", WRITES | READS, dynalite, WRITES):
        assert billed == told, name


def test_reads_are_billed_as_dynalite_says(dynalite: list[Answer]) -> None:
    for name, told, billed in compared("dynalite", WRITES | READS, dynalite, READS):
        assert billed == told, name


@pytest.mark.parametrize(
    ("there", "refused", "units"), [(100, 100, 1), (3000, 100, 3), (100, 3000, 3)]
)
def test_a_refused_write_costs_as_much_as_the_larger_of_the_two_items(
    there: int, refused: int, units: int
) -> None:
    """No engine tells: an error has no consumed capacity. The rule: see READ_RULE."""
    calls = [put(sized("a", there)), put(sized("a", refused), **NEVER)]
    first, second = ask_emulator([CREATE, *calls])[1:]
    assert "ConditionalCheckFailedException" in second["__type"]
    meter = Meter()
    meter.bill("PutItem", calls[0].request, first)
    before = meter.writes
    meter.bill("PutItem", calls[1].request, {"Error": second})
    assert meter.writes - before == units
