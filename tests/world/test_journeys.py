"""What a seller says and what sources send, as the world does it, and the reason that follows.

A line of ``journeys.jsonl`` is a confirmation (``put``), the bodies that are pushed after it, and
``right``. ``{{-5}}`` is the day five days ago, ``{{-5|}}`` the same without hyphens, ``{{now}}``
this moment, all in UTC.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from submit_tracking.schemas import PackageBody
from support.memory_world import World
from vtr.api.validation import read_fields
from vtr.domain.seller_messages import suggested_carrier, what_to_do
from vtr.domain.verdict import JudgedPackage
from vtr.sources import source
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.submit import confirm_package

NOW = datetime.now(UTC).replace(hour=20, minute=0, second=0, microsecond=0)
CASES = Path(__file__).with_name("journeys.jsonl").read_text("utf-8").splitlines()


def dated(text: str) -> Any:
    """The case with its days filled in."""

    def day(found: re.Match[str]) -> str:
        if found[1] == "now":
            return NOW.isoformat()
        at = NOW + timedelta(days=int(found[1]))
        return f"{at:%Y%m%d}" if found[2] else f"{at:%Y-%m-%d}"

    return json.loads(re.sub(r"\{\{(now|-?\d+)(\|?)\}\}", day, text))


def judged(case: dict[str, Any]) -> JudgedPackage:
    world = World()
    world.now = NOW
    body = read_fields(case["put"], PackageBody)
    confirm_package(world.ports, world.account, body.submission("111-0000001", "1"), NOW)
    for pushed in case["push"]:
        decoded = source(pushed["source"]).decode(json.dumps(pushed["body"]).encode())
        record_scans(world.ports, decoded.scans, NOW)
    return world.package()


@pytest.mark.parametrize("case", [dated(case) for case in CASES], ids=lambda case: str(case["id"]))
def test_a_journey_ends_in_the_right_reason(case: dict[str, Any]) -> None:
    package = judged(case)
    assert package.verdict.reason == case["right"]["reason"]
    if "suggested" in case["right"]:
        assert suggested_carrier(*package[:2]) == case["right"]["suggested"]


@pytest.mark.parametrize("case", [dated(case) for case in CASES], ids=lambda case: str(case["id"]))
def test_nobody_is_asked_to_hand_over_what_was_scanned(case: dict[str, Any]) -> None:
    package = judged(case)
    use = package.verdict.number_use
    held = package.verdict.scanned_by or (use and (use.physical or use.partner or use.waiting))
    assert not (held and "Hand the package over" in what_to_do(*package[:2]))
