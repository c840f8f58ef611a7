"""What sellers, shops and platforms call a carrier, each with its public source."""

import json
from pathlib import Path
from typing import Any

import pytest

from vtr.domain.carriers import resolve

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("names.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_name_means_its_carrier_and_other_words_mean_none(case: dict[str, Any]) -> None:
    assert resolve(case["stated"]) == case["right"]["carrier"]


@pytest.mark.parametrize("name", ["Star Express", "City Logistics", "UPS Store", "Upstate Courier"])
def test_a_name_that_only_begins_like_a_carriers_is_not_taken_for_it(name: str) -> None:
    assert resolve(name) is None
