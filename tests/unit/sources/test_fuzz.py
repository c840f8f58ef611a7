"""Whatever the bytes, a source decodes them or says that it cannot.

``VTR_FUZZ_BODIES`` sets how many bodies each source gets.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtr.domain.scans import Milestone, Physical, Scan
from vtr.sources import SOURCES, source
from vtr.sources.base import UnauthenticError, UndecodableError, WebhookRequest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
BODIES = int(os.environ.get("VTR_FUZZ_BODIES", "800"))
NOW = datetime(2026, 11, 20, tzinfo=UTC)

ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 10**300, 1.5, float("inf"), float("nan")),
    *("", " ", "\x00", "\ud800", "ß" * 100, "1Z" * 500, "2026-11-20", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "2026-02-30", "20261120", "24:00", "+99.99", "١٢٣", "DP", "yes"),
    *([], {}, [[]], [None], [{}], {"": ""}, {"code": {"code": []}}, [[[[[[]]]]]]),
]

every_source = pytest.mark.parametrize("name", SOURCES)
fuzzed = settings(
    max_examples=BODIES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def decode(name: str, body: bytes) -> None:
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


def damage(node: Any, chance: Random) -> Any:
    """Return *node* with some of its parts replaced, dropped, doubled or swapped."""
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


@every_source
def test_a_damaged_body_is_decoded_or_said_to_be_unreadable(name: str) -> None:
    bodies = [json.loads(path.read_bytes()) for path in (FIXTURES / name).glob("*.json")]
    run_on_damaged(bodies, lambda body: decode(name, body))


def run_on_damaged(bodies: list[Any], run: Callable[[bytes], None]) -> None:
    @fuzzed
    @given(st.sampled_from(bodies), st.integers(0, 2**64))
    def test(body: Any, seed: int) -> None:
        chance = Random(seed)  # noqa: S311 not for secrets
        damaged = json.dumps(damage(body, chance)).encode()
        run(damage_bytes(damaged, chance) if chance.random() < 0.3 else damaged)

    test()


@every_source
@settings(max_examples=BODIES // 10, deadline=None, database=None)
@given(body=st.binary(max_size=200) | st.text().map(lambda text: json.dumps([text]).encode()))
def test_any_bytes_at_all(name: str, body: bytes) -> None:
    decode(name, body)


@every_source
@settings(max_examples=BODIES // 10, deadline=None, database=None)
@given(
    body=st.binary(max_size=100),
    values=st.lists(st.text(), min_size=3, max_size=3),
    path_secret=st.text(),
)
def test_any_headers_at_all(name: str, body: bytes, values: list[str], path_secret: str) -> None:
    signing = (
        *("webhook-id", "webhook-timestamp", "webhook-signature", "authorization", "credential"),
        *("fdx-signature", "x-hmac", "x-hmac-signature", "shippo-auth-signature", "sign"),
        *("aftership-hmac-sha256", "timestamp", "signature", "x-shipengine-timestamp"),
        *("x-shipengine-rsa-sha256-key-id", "x-shipengine-rsa-sha256-signature"),
    )
    headers = {header: values[index % 3] for index, header in enumerate(signing)}
    request = WebhookRequest(body=body, headers=headers, path_secret=path_secret)
    with pytest.raises(UnauthenticError):
        source(name).verify(request, ["a secret that is none of those"], NOW)


@every_source
def test_ten_thousand_events_in_one_body(name: str) -> None:
    for path in (FIXTURES / name).glob("*.json"):
        document = json.loads(path.read_bytes(), object_hook=multiplied)
        decode(name, json.dumps(document).encode())


def multiplied(node: dict[str, Any]) -> dict[str, Any]:
    """Return *node* with its events ten thousand times, if it is what holds them."""
    events = {"scans", "scanEvents", "events", "tracking_details", "tracking_history", "trackinfo"}
    events |= {"checkpoints", "milestones", "eventHistory"}
    return {
        name: value * (10_000 // len(value)) if name in events and value else value
        for name, value in node.items()
    }
