"""Whatever the API answers: waits are waited, and texts are shown and not obeyed."""

import json
from typing import Any

import pytest

from support.command_line import CommandLine
from support.stub_api import Answer, Request, problem, stub_api

PACKAGES = "GET /v1/packages"
BATCH = "POST /v1/packages/batch"
STEERING = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\r",
    "\x08",
    "\x00",
    "\x7f",
]


def page(text: str) -> dict[str, Any]:
    package = {
        "order_id": "o-1",
        "package_id": "1",
        "category": text,
        "ship_date": "2026-10-21",
        "carrier": {"stated": f"UPS{text}"},
        "tracking_number": {"stated": f"1Z{text}"},
        "state": "unconfirmed",
        "reason": "NO_SCAN",
        "what_to_do": f"Call {text}.",
    }
    return {"packages": [package], "next_cursor": None}


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_a_text_cannot_steer_the_terminal(vtr: CommandLine, text: str) -> None:
    with stub_api({PACKAGES: lambda _: Answer(200, page(text))}) as api:
        ran = vtr.speaking_to(api)("packages")
    assert "UPS" in ran.out
    assert text[0] not in ran.out


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_in_json_it_is_escaped_and_whole(vtr: CommandLine, text: str) -> None:
    with stub_api({PACKAGES: lambda _: Answer(200, page(text))}) as api:
        ran = vtr.speaking_to(api)("packages", "--json")
    assert text[0] not in ran.out
    assert json.loads(ran.out)["packages"] == page(text)["packages"]


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_nor_can_a_refusal(vtr: CommandLine, text: str) -> None:
    with stub_api({PACKAGES: lambda _: problem(422, f"No {text} here.")}) as api:
        ran = vtr.speaking_to(api)("packages")
    assert "here." in ran.err
    assert text[0] not in ran.err


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_nor_can_a_line_of_a_file(vtr: CommandLine, text: str) -> None:
    entry = {"order_id": f"o-1{text}", "package_id": text}
    result = entry | {"line": 1, "status": 422, "problem": {"detail": f"No {text}."}}
    with stub_api({BATCH: lambda _: Answer(200, {"results": [result]})}) as api:
        ran = vtr.speaking_to(api)("submit", "-", "--format", "jsonl", stdin=json.dumps(entry))
    assert "line 1     o-1" in ran.out
    assert text[0] not in ran.out


def test_who_is_told_to_wait_waits_and_goes_on(vtr: CommandLine) -> None:
    wait = Answer(429, {"title": "Too much", "detail": "Wait."}, {"Retry-After": "0"})
    answers = [wait, wait, Answer(200, page("books"))]

    def answer(_: Request) -> Answer:
        return answers.pop(0)

    with stub_api({PACKAGES: answer}) as api:
        ran = vtr.speaking_to(api)("packages")
    assert ran.exit_code == 0
    assert "books" in ran.out
    assert ran.err.count("going on in 0 s") == 2
    assert len({json.dumps(request.query) for request in api.requests}) == 1


@pytest.mark.parametrize("told", [{}, {"Retry-After": "soon"}, {"Retry-After": "-1"}])
def test_without_a_time_to_wait_it_is_a_refusal(vtr: CommandLine, told: dict[str, str]) -> None:
    refusal = Answer(429, {"message": "Too Many Requests"}, told)
    with stub_api({PACKAGES: lambda _: refusal}) as api:
        ran = vtr.speaking_to(api)("packages")
    assert ran.exit_code == 1
    assert len(api.requests) == 1
