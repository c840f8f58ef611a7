"""Every field that cannot be used is named, with its rule and what to send instead."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integration.deployment import Answer, Deployment, deployment
from integration.problems import assert_problem
from integration.requests import SECURED, a_package, an_order, sent, without
from vtr.domain.accounts import Scope

ORDER = "/v1/orders/114-1"
PACKAGE = f"{ORDER}/packages/1"
KNOWN_ORDER = "/v1/orders/114-2"
LONG = "x" * 10_000


@pytest.fixture(scope="module")
def vtr() -> Iterator[Deployment]:
    """One deployment for all these tests: what is refused leaves nothing behind."""
    with deployment() as found:
        found.call("PUT", KNOWN_ORDER, an_order())
        yield found


def named(answer: Answer) -> set[str]:
    return {error["field"] for error in answer.json.get("errors", [])}


@pytest.mark.parametrize("field", ["placed_at", "category"])
def test_an_order_without_a_required_field(vtr: Deployment, field: str) -> None:
    assert_problem(vtr.call("PUT", ORDER, without(an_order(), field)), "invalid_request", field)


@pytest.mark.parametrize("field", ["carrier", "tracking_number", "ship_date"])
def test_a_package_without_a_required_field(vtr: Deployment, field: str) -> None:
    answer = vtr.call("PUT", PACKAGE, without(a_package(), field))
    assert_problem(answer, "invalid_request", field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("placed_at", None),
        ("placed_at", 1_760_000_000),
        ("placed_at", "yesterday"),
        ("placed_at", "2026-10-20"),
        ("placed_at", "2026-10-20T18:04:00"),
        ("placed_at", "2026-10-20T18:04:00+25:00"),
        ("placed_at", "2026-10-20T18:04:00 America/Los_Angeles"),
        ("placed_at", "2026-02-30T18:04:00Z"),
        ("placed_at", "0000-01-01T00:00:00Z"),
        ("placed_at", "0001-01-01T00:00:00+14:00"),
        ("placed_at", "9999-12-31T23:59:59-14:00"),
        ("placed_at", timedelta(days=-731)),
        ("placed_at", timedelta(hours=1)),
        ("category", None),
        ("category", ""),
        ("category", " "),
        ("category", 7),
        ("category", "a#b"),
        ("category", "two\nlines"),
        ("category", "nul\0"),
        ("category", LONG),
        ("promised_delivery_date", "27.10.2026"),
        ("promised_delivery_date", "2026-10-27T00:00:00Z"),
        ("promised_delivery_date", timedelta(days=401)),
        ("promised_delivery_date", timedelta(days=-30)),
        ("promised_delivery_date", "9999-12-31"),
        ("value", 24.9),
        ("value", "24.90 USD"),
        ("value.amount", -1),
        ("value.amount", "a lot"),
        ("value.amount", "1e400"),
        ("value.amount", "NaN"),
        ("value.amount", "Infinity"),
        ("value.amount", 10**12),
        ("value.currency", "usd"),
        ("value.currency", "DOLLAR"),
        ("value.currency", None),
        ("origin", "USA"),
        ("origin", "us"),
        ("origin", 1),
        ("destination", ["US"]),
    ],
)
def test_a_fact_of_an_order_that_cannot_be_used(vtr: Deployment, field: str, value: object) -> None:
    order = an_order()
    if field == "placed_at":
        del order["promised_delivery_date"]  # which would not fit it either
    outer, _, inner = field.partition(".")
    order[outer] = {**order[outer], inner: value} if inner else sent(field, value)
    assert_problem(vtr.call("PUT", ORDER, order), "invalid_request", field)
    inline = vtr.call("PUT", PACKAGE, a_package(order=order))
    also = {"ship_date"} & named(inline)
    assert_problem(inline, "invalid_request", f"order.{field}", *also)
    assert vtr.call("GET", ORDER).status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("carrier", 7),
        ("carrier", {"name": "UPS"}),
        ("carrier", "x" * 201),
        ("tracking_number", 1234567890),
        ("tracking_number", ["1Z"]),
        ("tracking_number", LONG),
        ("ship_date", None),
        ("ship_date", "today"),
        ("ship_date", "2026-13-01"),
        ("ship_date", "2026-10-21T00:00:00Z"),
        ("ship_date", timedelta(days=8)),
        ("ship_date", timedelta(days=-181)),
        ("ship_date", timedelta(days=-9)),
        ("ship_date", "0001-01-01"),
        ("ship_date", "9999-12-31"),
        ("method_class", "bicycle"),
        ("method_class", None),
        ("label_source", "carrier"),
        ("order", "114-1"),
        ("order", []),
    ],
)
def test_a_field_of_a_package_that_cannot_be_used(
    vtr: Deployment, field: str, value: object
) -> None:
    answer = vtr.call("PUT", PACKAGE, a_package(**{field: sent(field, value)}))
    assert_problem(answer, "invalid_request", field)
    assert vtr.call("GET", PACKAGE).status == 404


@pytest.mark.parametrize(
    "value",
    ["soon", timedelta(hours=1), timedelta(days=-8), "2026-10-20T18:04:00", 1_760_000_000],
)
def test_a_moment_of_confirmation_that_cannot_be(vtr: Deployment, value: object) -> None:
    key = vtr.key(Scope.SUBMIT, Scope.OPERATE)
    answer = vtr.call("PUT", PACKAGE, a_package(confirmed_at=sent("confirmed_at", value)), key=key)
    assert_problem(answer, "invalid_request", "confirmed_at")


@pytest.mark.parametrize(
    "value", ["soon", "2026-10-20T18:04:00", 7, timedelta(hours=1), timedelta(days=-800)]
)
def test_a_moment_of_cancellation_that_cannot_be(vtr: Deployment, value: object) -> None:
    vtr.call("PUT", ORDER, an_order())
    answer = vtr.call(
        "POST", f"{ORDER}/cancellation", {"cancelled_at": sent("cancelled_at", value)}
    )
    assert_problem(answer, "invalid_request", "cancelled_at")


@pytest.mark.parametrize(
    ("path", "body"),
    [(ORDER, an_order()), (PACKAGE, a_package()), (f"{KNOWN_ORDER}/cancellation", {})],
)
def test_a_field_that_nobody_knows(vtr: Deployment, path: str, body: dict[str, Any]) -> None:
    method = "POST" if path.endswith("cancellation") else "PUT"
    answer = vtr.call(method, path, {**body, "colour": "red"})
    assert_problem(answer, "invalid_request", "colour")


def test_a_field_that_nobody_knows_within_the_order(vtr: Deployment) -> None:
    answer = vtr.call("PUT", PACKAGE, a_package(order=an_order(vale={})))
    assert_problem(answer, "invalid_request", "order.vale")


def test_every_field_at_fault_is_named_at_once(vtr: Deployment) -> None:
    wrong = a_package(ship_date="?", method_class="?", order=an_order(category="", value=[]))
    fields = ("ship_date", "method_class", "order.category", "order.value")
    assert_problem(vtr.call("PUT", PACKAGE, wrong), "invalid_request", *fields)


@pytest.mark.parametrize(
    "order_id",
    [
        "",
        " ",
        "a b",
        "a#b",
        "é",
        "x" * 65,
        "a%2Fb",
        "a\n",
        "%00",
        "..;",
    ],
)
def test_an_order_id_of_other_characters(vtr: Deployment, order_id: str) -> None:
    answer = vtr.call("PUT", f"/v1/orders/{order_id}/packages/1", a_package())
    if "/" in order_id or "%2F" in order_id or not order_id:
        assert_problem(answer, "route_not_found")
    else:
        assert_problem(answer, "invalid_request", "order_id")


@pytest.mark.parametrize("package_id", ["a b", "x" * 65, "€", "30\n"])
def test_a_package_id_of_other_characters(vtr: Deployment, package_id: str) -> None:
    answer = vtr.call("PUT", f"{ORDER}/packages/{package_id}", a_package())
    assert_problem(answer, "invalid_request", "package_id")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "good"}, "state"),
        ({"state": ""}, "state"),
        ({"reason": "no_scan"}, "reason"),
        ({"category": "x" * 65}, "category"),
        ({"category": "a#b"}, "category"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-10-02", "to": "2026-10-01"}, "from"),
        ({"from": "2025-06-01", "to": "2026-10-01"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "50\n"}, "limit"),
        ({"cursor": "x" * 1001}, "cursor"),
        ({"sort": "asc"}, "sort"),
        ({"tracking_number": ""}, "tracking_number"),
        ({"tracking_number": "1" * 201}, "tracking_number"),
        ({"tracking_number": "1Z1", "state": "valid"}, "tracking_number"),
        ({"tracking_number": "1Z1", "limit": "5"}, "tracking_number"),
    ],
)
def test_a_filter_that_cannot_be_used(vtr: Deployment, query: dict[str, str], field: str) -> None:
    assert_problem(vtr.call("GET", "/v1/packages", query=query), "invalid_request", field)


@pytest.mark.parametrize(("method", "path", "_scope"), SECURED)
def test_a_parameter_that_a_route_does_not_know(
    vtr: Deployment, method: str, path: str, _scope: Scope
) -> None:
    body: Any = {} if method != "GET" else None
    answer = vtr.call(method, path, body, query={"colour": "red"})
    assert answer.json["code"] == "invalid_request"
    assert "colour: is not a field of this request. Leave it out;" in answer.json["detail"]


@pytest.mark.parametrize("days", ["0", "91", "-1", "1.5", "", "30\n", "٣"])
def test_a_length_of_history_that_cannot_be_used(vtr: Deployment, days: str) -> None:
    answer = vtr.call("GET", "/v1/rates/history", query={"days": days})
    assert_problem(answer, "invalid_request", "days")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "sales"}, "kind"),
        ({"from": "x"}, "from"),
        ({"to": 7}, "to"),
        ({"from": "2026-10-02", "to": "2026-10-01"}, "from"),
        ({"from": "2025-06-01"}, "from"),
        ({"category": ""}, "category"),
        ({"category": "a#b"}, "category"),
        ({"format": "xlsx"}, "format"),
    ],
)
def test_a_report_that_cannot_be_written(vtr: Deployment, body: dict[str, Any], field: str) -> None:
    assert_problem(vtr.call("POST", "/v1/reports", body), "invalid_request", field)


@pytest.mark.parametrize("body", [[], "text", 7, True])
def test_a_body_that_is_no_object(vtr: Deployment, body: object) -> None:
    content = {"content-type": "application/json"}
    text = '"text"' if body == "text" else str(body).lower()
    for method, path in (("PUT", ORDER), ("PUT", PACKAGE), ("POST", "/v1/reports")):
        answer = vtr.call(method, path, text, headers=content)
        assert_problem(answer, "invalid_request", "body")
