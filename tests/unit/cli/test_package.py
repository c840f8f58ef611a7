"""`vtr package`: one package, all of an order's, and the documents for programs."""

import json
from typing import Any

from support.command_line import CommandLine
from support.stub_api import Answer, problem, stub_api


def package(**more: Any) -> dict[str, Any]:
    evidence = {
        "first_scan_at": "2026-11-20T10:00:00Z",
        "first_physical_scan_at": "2026-11-21T10:00:00Z",
        "first_physical_scan": {"code": "OR", "place": "US 38118"},
        "delivered_at": None,
        "delivered": None,
        "scanned_by": {"code": "fedex", "name": "FedEx"},
    }
    said = {
        "confirmed_at": "2026-11-20T09:00:00Z",
        "carrier": "U.P.S.",
        "tracking_number": "1Z 1",
        "ship_date": "2026-11-20",
    }
    return {
        "order_id": "o/1",
        "package_id": "1",
        "category": "books",
        "ship_date": "2026-11-20",
        "promised_delivery_date": None,
        "confirmed_at": "2026-11-20T09:00:00Z",
        "cancelled_at": None,
        "carrier": {"stated": "U.P.S.", "code": "ups", "name": "UPS", "suggestions": []},
        "tracking_number": {"stated": "1Z 1", "normalised": "1Z1", "check": "malformed"},
        "state": "unconfirmed",
        "reason": "CARRIER_MISMATCH",
        "rule": None,
        "explanation": "You said UPS; FedEx scanned it on 2026-11-21.",
        "what_to_do": "Change the carrier to FedEx.",
        "due_at": "2026-11-23T09:00:00Z",
        "evidence": evidence,
        "history": [said],
        **more,
    }


def test_a_package_is_shown_with_evidence_and_history(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/orders/o%2F1/packages/1": lambda _: Answer(200, package())}) as api:
        ran = vtr.speaking_to(api)("package", "o/1", "1")
    assert ran.exit_code == 0, ran.err
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "o/1 / 1  unconfirmed CARRIER_MISMATCH",
        "  Why                 You said UPS; FedEx scanned it on 2026-11-21.",
        "  What to do          Change the carrier to FedEx.",
        "  Carrier             U.P.S. (UPS)",
        "  Number              1Z 1 (1Z1)",
        "  Number's form       malformed",
        "  Category            books",
        "  Shipped             2026-11-20",
        "  Due                 2026-11-23T09:00:00Z",
        "  First scan          2026-11-20T10:00:00Z",
        "  First physical scan 2026-11-21T10:00:00Z  OR  US 38118",
        "  Scanned by          FedEx",
        "  Said 2026-11-20T09:00:00Z U.P.S. 1Z 1, shipped 2026-11-20",
    ]


def test_without_an_id_all_packages_of_the_order(vtr: CommandLine) -> None:
    order = {"packages": [{"package_id": "1"}, {"package_id": "2"}]}
    routes = {
        "GET /v1/orders/o-1": lambda _: Answer(200, order),
        "GET /v1/orders/o-1/packages/1": lambda _: Answer(200, package()),
        "GET /v1/orders/o-1/packages/2": lambda _: Answer(200, package(package_id="2")),
    }
    with stub_api(routes) as api:
        ran = vtr.speaking_to(api)("package", "o-1", "--json")
    assert [json.loads(line)["package_id"] for line in ran.out.splitlines()] == ["1", "2"]


def test_an_order_that_is_not_there_is_a_sentence(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/orders/o-1": lambda _: problem(404, "There is no order o-1.")}) as api:
        ran = vtr.speaking_to(api)("package", "o-1")
    assert (ran.exit_code, ran.err) == (1, "There is no order o-1.\n")
