"""Bodies of carriers and aggregators, damaged; and what must hold of whatever comes of them."""

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from vtr.domain.scans import Milestone, Physical, Scan
from vtr.sources import source
from vtr.sources.shared.base import UndecodableError

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"

ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 10**300, 1.5, float("inf"), float("nan")),
    *("", " ", "\x00", "\ud800", "ß" * 100, "1Z" * 500, "2026-11-20", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "2026-02-30", "20261120", "24:00", "+99.99", "١٢٣", "DP", "yes"),
    *([], {}, [[]], [None], [{}], {"": ""}, {"code": {"code": []}}, [[[[[[]]]]]]),
]


def bodies_of(name: str) -> list[bytes]:
    """The source's own fixtures, in the same order everywhere."""
    return [path.read_bytes() for path in sorted((FIXTURES / name).glob("*.json"))]


def decode_or_refuse(name: str, body: bytes) -> None:
    """Decode *body*; whatever is neither sound scans nor the source's own refusal is raised."""
    try:
        found = source(name).decode(body)
    except UndecodableError as error:
        assert error.detail  # noqa: PT017 not being raised is as good
    else:
        for scan in found.scans:
            check(scan)
        assert all(found.skipped)


def check(scan: Scan) -> None:
    assert scan.occurred_at.utcoffset() == timedelta(0)
    assert 2000 <= scan.occurred_at.year <= 2100
    assert scan.tracking_number.isalnum()
    assert scan.tracking_number.isascii()
    assert len(scan.tracking_number) <= 64
    assert scan.carrier
    assert scan.codes
    assert len("".join((*scan.codes, scan.place, scan.unique_id, scan.retracts))) <= 1000
    "".join((*scan.codes, scan.place, scan.carrier, scan.unique_id, scan.retracts)).encode()
    if scan.milestone is Milestone.UNKNOWN and scan.source != "standard":
        assert scan.physical is not Physical.YES


def damaged(document: Any, chance: Random) -> bytes:
    """*document* as JSON with wrong types, missing and doubled parts; some cut or bent."""
    body = json.dumps(damage(document, chance)).encode()
    return damage_bytes(body, chance) if chance.random() < 0.3 else body


def damage(node: Any, chance: Random) -> Any:
    """*node* with some of its parts replaced, dropped, doubled or swapped."""
    if chance.random() < 0.06:
        return chance.choice(ODD_VALUES)
    if isinstance(node, dict):
        kept = [(name, damage(value, chance)) for name, value in node.items()]
        return dict(pair for pair in kept if chance.random() > 0.04)
    if isinstance(node, list):
        parts = [damage(part, chance) for part in node]
        chance.shuffle(parts)
        return parts * chance.choice((1, 1, 1, 2))
    if isinstance(node, str) and node.startswith("{"):
        return json.dumps(damage(json.loads(node), chance))
    return node


def damage_bytes(body: bytes, chance: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.randrange(len(changed)) if chance.random() < 0.2 else None])
