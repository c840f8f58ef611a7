"""Bodies as the world's sources send them, and what is right to read out of each.

A line of ``scans.jsonl`` is one case: the body, and the scans that it holds by what matters of
them. ``why`` says what is right about it, ``found`` where the shape or the habit is documented,
``confidence`` how well. A scan counts under each number of its parcel; whose the further numbers
are is not for a source to say.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from vtr.domain.scans import Scan
from vtr.sources import source

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("scans.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_body_holds_these_scans(case: Mapping[str, Any]) -> None:
    body = json.dumps(case["body"]).encode()
    left = [told for scan in source(case["source"]).decode(body).scans for told in under_each(scan)]
    for right in case["right"]:
        found = next((told for told in left if agrees(told, right)), None)
        assert found is not None, f"{case['why']}\nmissing: {right}\nleft: {left}"
        left.remove(found)
    assert left == [], case["why"]


def under_each(scan: Scan) -> Iterator[dict[str, str]]:
    """Yield what a scan says under its own number, and under each further number of the parcel."""
    told = {
        "milestone": str(scan.milestone),
        "physical": str(scan.physical),
        "physical_by": str(scan.physical_by),
        "occurred_at": scan.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "time_trust": str(scan.time_trust),
        "location": scan.location,
    }
    yield {**told, "carrier": scan.carrier, "tracking_number": scan.tracking_number}
    for number in scan.other_numbers:
        yield {**told, "tracking_number": number}


def agrees(told: Mapping[str, str], right: Mapping[str, str]) -> bool:
    return all(told.get(name, value) == value for name, value in right.items())
