"""What every operation is billed. A figure that rises is a regression; one that falls, a record."""

from pathlib import Path

import pytest

from integration.log_volume import log_bytes
from support.operations import Bill, bills, measured
from vtr_cost import MEASURED

PAGE = Path(__file__).parents[2] / "docs" / "capacity.md"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def billed() -> dict[str, Bill]:
    return {bill.operation: bill for bill in bills()}


def test_a_package_life_costs_seven_writes_and_five_reads(billed: dict[str, Bill]) -> None:
    life = billed["a package's life"]
    assert life.writes <= 7.0
    assert life.reads <= 5.0


def test_an_edit_costs_four_writes(billed: dict[str, Bill]) -> None:
    assert billed["edit of the number"].writes <= 4.0


def test_what_is_told_again_writes_nothing(billed: dict[str, Bill]) -> None:
    assert billed["a duplicate of any"].writes == 0
    assert billed["the same submission again"].writes == 0
    assert billed["recount, nothing changed"].writes == 0


def test_the_rate_is_one_read(billed: dict[str, Bill]) -> None:
    assert billed["rate"].reads <= 1.0


def test_the_page_of_figures_is_what_is_measured(billed: dict[str, Bill]) -> None:
    lines = [f"| {b.operation} | {b.writes:g} | {b.reads:g} |" for b in billed.values()]
    assert "\n".join(lines) in PAGE.read_text(encoding="utf-8")


def test_the_page_has_the_bytes_of_log_that_are_measured() -> None:
    lines = [f"| {work} | {size} |" for work, size in sorted(log_bytes().items())]
    assert "\n".join(lines) in PAGE.read_text(encoding="utf-8")


def test_the_cost_model_counts_with_what_is_measured(billed: dict[str, Bill]) -> None:
    assert MEASURED.read_text("utf-8") == measured(list(billed.values()))
