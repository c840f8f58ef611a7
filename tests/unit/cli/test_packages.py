"""`vtr packages`: filters, pages, and the table."""

import json
from typing import Any

from support.command_line import CommandLine
from support.stub_api import Answer, Request, stub_api
from vtr.domain.verdict import Reason, State

PACKAGES = "GET /v1/packages"


def package(number: int) -> dict[str, Any]:
    return {
        "order_id": f"o-{number}",
        "package_id": "1",
        "category": "books",
        "ship_date": "2026-10-21",
        "carrier": {"stated": "USPS"},
        "tracking_number": {"stated": "1Z999AA10123456784"},
        "state": "unconfirmed",
        "reason": "CARRIER_MISMATCH",
        "what_to_do": "Change the carrier to UPS.",
    }


def pages(request: Request) -> Answer:
    """Serve 500 packages, as many a page as asked for."""
    start = int(request.query.get("cursor", "0"))
    stop = min(start + int(request.query["limit"]), 500)
    cursor = str(stop) if stop < 500 else None
    found = [package(number) for number in range(start, stop)]
    return Answer(200, {"packages": found, "next_cursor": cursor})


def test_only_the_filters_that_were_given_are_sent(vtr: CommandLine) -> None:
    with stub_api({PACKAGES: pages}) as api:
        vtr.speaking_to(api)("packages", "--state", "unconfirmed", "--from", "2026-10-01")
    assert api.requests[0].query == {
        "state": "unconfirmed",
        "from": "2026-10-01",
        "limit": "50",
    }


def test_pages_are_followed_until_the_limit(vtr: CommandLine) -> None:
    with stub_api({PACKAGES: pages}) as api:
        ran = vtr.speaking_to(api)("packages", "--limit", "450", "--json")
    document = json.loads(ran.out)
    assert [found["order_id"] for found in document["packages"]] == [f"o-{n}" for n in range(450)]
    assert document["next_cursor"] == "450"
    assert [request.query["limit"] for request in api.requests] == ["200", "200", "50"]


def test_a_row_says_why_and_what_to_do_and_the_end_says_that_there_is_more(
    vtr: CommandLine,
) -> None:
    with stub_api({PACKAGES: pages}) as api:
        ran = vtr.speaking_to(api)("packages", "--limit", "2")
    row = ran.out.splitlines()[1]
    assert "unconfirmed CARRIER_MISMATCH" in row
    assert row.endswith("Change the carrier to UPS.")
    assert ran.err == "These are the first 2; --limit shows more.\n"


def test_nothing_found_is_said(vtr: CommandLine) -> None:
    nothing = Answer(200, {"packages": [], "next_cursor": None})
    with stub_api({PACKAGES: lambda _: nothing}) as api:
        ran = vtr.speaking_to(api)("packages")
    assert (ran.exit_code, ran.out, ran.err) == (0, "", "No package matches.\n")


def test_a_state_or_a_reason_may_be_in_any_case(vtr: CommandLine) -> None:
    none: dict[str, Any] = {"packages": [], "next_cursor": None}
    with stub_api({"GET /v1/packages": lambda _: Answer(200, none)}) as api:
        ran = vtr.speaking_to(api)("packages", "--state", "VALID", "--reason", "no_scan")
    assert ran.exit_code == 0, ran.err
    query = api.requests[0].query
    assert (query["state"], query["reason"]) == ("valid", "NO_SCAN")


def test_help_lists_every_state_and_every_reason(vtr: CommandLine) -> None:
    words = vtr("packages", "-h").out.replace("│", " ").split()
    assert {*State, *Reason} <= {word.strip(",.") for word in words}
