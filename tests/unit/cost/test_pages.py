"""The tables of the documents are what the commands print."""

from pathlib import Path

import pytest

from vtr_cost.scale import LIMITS, Limit, at, partition_writes, tables

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_on_scale_has_the_tables_that_the_model_gives() -> None:
    page = (DOCS / "scale.md").read_text("utf-8")
    for table in tables().split("\n\n"):
        assert table in page, "run python -m vtr_cost.scale"


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_is_reached_where_it_says(limit: Limit) -> None:
    reached = limit.reached_at()
    if reached == float("inf"):
        assert limit.load(at(1e10)) < limit.most
    else:
        assert limit.load(at(reached)) >= limit.most
        assert limit.load(at(reached * 0.99)) < limit.most


def test_no_size_of_account_brings_a_partition_near_its_limit() -> None:
    assert max(partition_writes(at(10.0**power)) for power in range(3, 10)) < 100
