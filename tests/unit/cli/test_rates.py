"""`vtr rates`: the table, its bars, and the document for programs."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from support.command_line import CommandLine
from support.stub_api import Answer, stub_api
from vtr_client.rates import BAR_CELLS, bar, percent, print_rates


def entry(**fields: Any) -> dict[str, Any]:
    counts = {"packages": 300, "valid": 240, "unconfirmed": 12, "pending": 40, "exempt": 8}
    forecast = {"rate": 0.8219, "status": "missed"}
    return {**counts, "rate": 0.9523, "status": "met", "forecast": forecast, **fields}


DOCUMENT = {
    "account": "acme",
    "policy": "amazon-us",
    "as_of": "2026-11-23T09:30:00Z",
    "window": {"from": "2026-10-25", "to": "2026-11-23", "days": 30},
    "target": {"rate": 0.95, "comparator": ">="},
    "overall": entry(),
    "categories": [
        entry(category="books", rate=0.9, status="missed"),
        entry(category="toys", rate=None, status="no_data"),
    ],
}


def test_the_table_has_a_row_a_category_and_the_overall_rate_last(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/rates": lambda _: Answer(200, DOCUMENT)}) as api:
        ran = vtr.speaking_to(api)("rates")
    heading, columns, books, toys, *_, overall = ran.out.splitlines()
    assert heading == (
        "acme under amazon-us: 2026-10-25 to 2026-11-23 (30 days), target >= 95.00 %"
    )
    assert columns.split() == [
        *("Category", "Rate", "Status", "Forecast"),
        *("Valid", "Unconfirmed", "Pending", "Exempt", "Packages"),
    ]
    assert books.split()[2:] == [
        "90.00",
        "%",
        "missed",
        "82.19",
        "%",
        "240",
        "12",
        "40",
        "8",
        "300",
    ]
    assert toys.split()[2:5] == ["-", "no", "data"]
    assert overall.split()[0] == "overall"


def test_a_pipe_gets_neither_colours_nor_a_progress_bar(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/rates": lambda _: Answer(200, DOCUMENT)}) as api:
        ran = vtr.speaking_to(api)("rates")
    assert "\x1b" not in ran.out + ran.err
    assert ran.err == ""


def test_json_is_the_documents_own_content(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/rates": lambda _: Answer(200, DOCUMENT)}) as api:
        ran = vtr.speaking_to(api)("rates", "--json")
    assert json.loads(ran.out) == DOCUMENT


@pytest.mark.parametrize(
    ("rate", "drawn"),
    [
        (1.0, "████████████████████"),
        (0.95, "███████████████████░"),
        (0.9499, "██████████████████░┃"),
        (0.5, "██████████░░░░░░░░░┃"),
        (0.0, "░░░░░░░░░░░░░░░░░░░┃"),
        (None, "░░░░░░░░░░░░░░░░░░░┃"),
    ],
)
def test_a_bar_short_of_the_target_shows_where_it_is(rate: float | None, drawn: str) -> None:
    assert bar(rate, 0.95) == drawn
    assert len(drawn) == BAR_CELLS


def test_a_rate_is_written_as_it_was_cut() -> None:
    assert percent(0.9499) == "94.99 %"
    assert percent(None) == "-"
    assert bar(0.5, 0.95, ascii_only=True) == "##########.........|"


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_narrow_screen_nothing_is_left_out_or_broken(width: int) -> None:
    out = Console(file=io.StringIO(), width=width)
    print_rates(out, DOCUMENT)
    assert isinstance(out.file, io.StringIO)
    lines = out.file.getvalue().splitlines()
    assert "books  ███████┃ 90.00 % missed, forecast 82.19 %" in lines
    assert lines[-1] == "  240 valid, 12 unconfirmed, 40 pending, 8 exempt of 300"
    assert lines[-2].startswith("overall  ")


def test_the_history_is_a_line_a_day(vtr: CommandLine) -> None:
    days = [entry(date="2026-11-22", rate=None, status="no_data"), entry(date="2026-11-23")]
    with stub_api({"GET /v1/rates/history": lambda _: Answer(200, {"days": days})}) as api:
        ran = vtr.speaking_to(api)("rates", "--days", "2")
    assert api.requests[0].query == {"days": "2"}
    assert ran.out.splitlines() == [
        "2026-11-22         -  no data   240 valid, 12 unconfirmed, 40 pending, 8 exempt of 300",
        "2026-11-23   95.23 %  met       240 valid, 12 unconfirmed, 40 pending, 8 exempt of 300",
    ]
    assert vtr("rates", "--days", "91").exit_code == 2
