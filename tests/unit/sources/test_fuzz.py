"""Whatever the bytes, a source decodes them or says that it cannot.

``VTR_FUZZ_BODIES`` sets how many damaged bodies each source gets; ``make fuzz`` looks further.
"""

import json
import os
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.fuzzing import bodies_of, damaged, decode_or_refuse
from vtr.domain.errors import UnauthenticWebhookError
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import WebhookRequest

BODIES = int(os.environ.get("VTR_FUZZ_BODIES", "10000"))
NOW = datetime(2026, 11, 20, tzinfo=UTC)

every_source = pytest.mark.parametrize("name", SOURCES)


@every_source
def test_a_damaged_body_is_decoded_or_said_to_be_unreadable(name: str) -> None:
    documents = [json.loads(body) for body in bodies_of(name)]
    chance = Random(name)  # noqa: S311 not for secrets
    for _ in range(BODIES):
        decode_or_refuse(name, damaged(chance.choice(documents), chance))


@every_source
@settings(max_examples=200, deadline=None, database=None)
@given(body=st.binary(max_size=200) | st.text().map(lambda text: json.dumps([text]).encode()))
def test_any_bytes_at_all(name: str, body: bytes) -> None:
    decode_or_refuse(name, body)


@every_source
@settings(max_examples=200, deadline=None, database=None)
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
    with pytest.raises(UnauthenticWebhookError):
        source(name).verify(request, ["a secret that is none of those"], NOW)


@every_source
def test_ten_thousand_events_in_one_body(name: str) -> None:
    for body in bodies_of(name):
        document = json.loads(body, object_hook=multiplied)
        decode_or_refuse(name, json.dumps(document).encode())


def multiplied(node: dict[str, Any]) -> dict[str, Any]:
    """Return *node* with its events ten thousand times, if it is what holds them."""
    events = {"scans", "scanEvents", "events", "tracking_details", "tracking_history", "trackinfo"}
    events |= {"checkpoints", "milestones", "eventHistory"}
    return {
        name: value * (10_000 // len(value)) if name in events and value else value
        for name, value in node.items()
    }
