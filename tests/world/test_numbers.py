"""Tracking numbers as sellers, scanners and spreadsheets write them, each with its source."""

import json
from pathlib import Path
from typing import Any

import pytest

from vtr.api.presenters.numbers import number_document
from vtr.domain.tracking_numbers import normalise

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("numbers.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_number_is_read_and_judged_as_its_carrier_would(case: dict[str, Any]) -> None:
    right = case["right"]
    found = number_document(case["number"], case["stated"])
    assert found["verdict"] in right.get("verdict", [found["verdict"]])
    assert found["canonical"] == right.get("canonical", found["canonical"])
    assert set(right.get("damage_includes", [])) <= set(found["damage"])
    assert set(right.get("well_formed_for_includes", [])) <= set(found["well_formed_for"])
    if "suggested_carrier" in right:
        assert found["suggested_carrier"] == right["suggested_carrier"]
    if "repairs" in right:
        # What is right as it is needs no repair.
        assert right["repairs"] in (list(found["repairs"]), [normalise(case["number"])])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_what_is_wrong_is_told_and_what_is_right_is_not(case: dict[str, Any]) -> None:
    found = number_document(case["number"], case["stated"])
    silent = found["verdict"] == "well_formed" and found["carrier"] is not None
    assert bool(found["remedy"]) is not silent
    assert bool(found["remedy_zh"]) is not silent
