"""`vtr cost`: the bill by service, the dearest lines, and the simpler designs beside it."""

import json
from pathlib import Path

import pytest

from support.command_line import CommandLine
from vtr_cli.cost import dollars

PAGE = Path(__file__).parents[3] / "docs" / "cost.md"


def test_the_bill_has_every_service_the_dearest_first_and_the_sum_last(vtr: CommandLine) -> None:
    ran = vtr("cost", "--packages-per-day", "1e6", "--scans-per-package", "8")
    assert ran.exit_code == 0
    heading, columns, dearest, *_ = ran.out.splitlines()
    assert heading.startswith("1,000,000 packages a day of 1,000 accounts, 8 scans each")
    assert columns.split() == ["Service", "A", "month", "A", "million", "packages", "Share"]
    assert dearest.startswith("DynamoDB")
    for design in ("as built", "every event", "counters", "the whole window"):
        assert design in ran.out


def test_the_page_on_costs_shows_what_the_command_prints(vtr: CommandLine) -> None:
    shown = {" ".join(line.split()) for line in PAGE.read_text("utf-8").splitlines()}
    for line in vtr("cost").out.splitlines():
        assert " ".join(line.split()) in shown, "paste the output of vtr cost"


def test_programs_get_every_line_with_its_price(vtr: CommandLine) -> None:
    document = json.loads(vtr("cost", "--accounts", "10", "--json").out)
    assert document["accounts"] == 10
    total = sum(line["usd"] for line in document["lines"])
    assert document["usd_per_month"] == pytest.approx(total)
    assert sum(document["services"].values()) == pytest.approx(total)
    assert document["designs"][0]["usd_per_month"] == pytest.approx(total)


def test_a_region_without_prices_is_refused(vtr: CommandLine) -> None:
    ran = vtr("cost", "--region", "moon-1")
    assert ran.exit_code != 0
    assert "us-east-1" in ran.err


@pytest.mark.parametrize(
    ("usd", "text"),
    [(0.004, "0.00"), (9.994, "9.99"), (12.4, "12"), (1249, "1,200"), (99_600, "100,000")],
)
def test_dollars_are_rounded_to_what_is_known(usd: float, text: str) -> None:
    assert dollars(usd) == text
