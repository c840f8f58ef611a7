"""What may not be asked of a state: what is not there, is frozen, is full or is not ready."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.problems import assert_problem
from integration.requests import UPS, a_line, a_package, a_scan, ago, an_order, without

ORDER = "/v1/orders/114-1"
PACKAGE = f"{ORDER}/packages/1"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", ORDER, "order_not_found"),
        ("POST", f"{ORDER}/cancellation", "order_not_found"),
        ("GET", PACKAGE, "package_not_found"),
        ("GET", "/v1/reports/0123456789abcdef", "report_not_found"),
        ("GET", "/v1/reports/0123456789abcdef/document", "report_not_found"),
    ],
)
def test_what_is_not_there_and_what_is_anothers_look_the_same(
    vtr: Deployment, method: str, path: str, code: str
) -> None:
    def ask() -> Any:
        answer = vtr.call(method, path)
        assert_problem(answer, code)
        return without(answer.json, "request_id")

    nowhere = ask()
    other = vtr.key(account="other")
    vtr.call("PUT", PACKAGE, a_package(), key=other)
    report = vtr.call("POST", "/v1/reports", {}, key=other).json["report_id"]
    assert vtr.call("GET", PACKAGE, key=other).status == 200
    assert ask() == nowhere
    assert vtr.call("GET", f"/v1/reports/{report}").status == 404


def test_a_package_that_the_order_does_not_have(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    assert_problem(vtr.call("GET", f"{ORDER}/packages/2"), "package_not_found")


def test_a_package_of_an_order_that_nobody_knows(vtr: Deployment) -> None:
    answer = vtr.call("PUT", PACKAGE, without(a_package(), "order"))
    assert_problem(answer, "order_unknown")


def test_a_category_that_changes(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    toys = an_order(category="toys")
    assert_problem(vtr.call("PUT", ORDER, toys), "category_frozen")
    assert_problem(vtr.call("PUT", PACKAGE, a_package(order=toys)), "category_frozen")
    other_package = vtr.call("PUT", f"{ORDER}/packages/2", a_package(UPS[1], order=toys))
    assert_problem(other_package, "category_frozen")
    assert vtr.call("GET", ORDER).json["category"] == "electronics"


@pytest.mark.parametrize(
    "edit", [{"carrier": "USPS"}, {"tracking_number": UPS[1]}, {"ship_date": None}]
)
def test_an_edit_after_delivery(vtr: Deployment, edit: dict[str, Any]) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.scan(a_scan(), a_scan(milestone="delivered", occurred_at=ago(minutes=1)))
    before = vtr.call("GET", PACKAGE).json
    changed = a_package(**{name: value or before["due_at"][:10] for name, value in edit.items()})
    assert_problem(vtr.call("PUT", PACKAGE, changed), "delivered")
    assert vtr.call("GET", PACKAGE).json == before
    assert vtr.call("PUT", PACKAGE, a_package()).status == 200


def test_an_edit_beyond_the_fiftieth(vtr: Deployment) -> None:
    for number in range(50):
        assert vtr.call("PUT", PACKAGE, a_package(carrier=f"UPS {number}")).status < 400
    assert_problem(vtr.call("PUT", PACKAGE, a_package()), "too_many_edits")
    assert vtr.call("GET", PACKAGE).json["carrier"]["stated"] == "UPS 49"


def test_a_package_beyond_the_hundredth(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    orders = vtr.aws.ports().orders
    order = orders.get("acme", "114-1")
    assert order is not None
    more = {str(n): replace(order.packages["1"], package_id=str(n)) for n in range(1, 100)}
    orders.save(replace(order, packages=more))
    assert vtr.call("PUT", f"{ORDER}/packages/100", a_package()).status == 201
    assert_problem(vtr.call("PUT", f"{ORDER}/packages/101", a_package()), "too_many_packages")
    assert len(vtr.call("GET", ORDER).json["packages"]) == 100


def test_a_document_after_its_lifetime(vtr: Deployment) -> None:
    where = vtr.call("POST", "/v1/reports").headers["location"]
    vtr.settle()
    done = vtr.call("GET", where).json
    assert done["document_until"] > done["finished_at"]
    reports = vtr.aws.ports().reports
    report = reports.get("acme", done["report_id"])
    assert report is not None
    reports.save(replace(report, finished_at=datetime.now(UTC) - timedelta(days=30)))
    assert vtr.call("GET", where).json["status"] == "expired"
    assert_problem(vtr.call("GET", f"{where}/document"), "report_expired")


def test_a_document_before_its_report_is_done(vtr: Deployment) -> None:
    where = vtr.call("POST", "/v1/reports").headers["location"]
    assert_problem(vtr.call("GET", f"{where}/document"), "report_not_ready")


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "é", "=" * 10, base64.urlsafe_b64encode(b"x" * 60).decode()]
)
def test_a_cursor_that_nobody_gave_out(vtr: Deployment, cursor: str) -> None:
    answer = vtr.call("GET", "/v1/packages", query={"cursor": cursor})
    assert_problem(answer, "invalid_cursor")


def test_a_cursor_of_another_account_or_of_other_filters(vtr: Deployment) -> None:
    other = vtr.key(account="other")
    for key in (vtr.key(), other):
        lines = {"packages": [a_line(f"114-{number}") for number in range(3)]}
        vtr.call("POST", "/v1/packages/batch", lines, key=key)
    cursor = vtr.call("GET", "/v1/packages", query={"limit": "1"}).json["next_cursor"]
    query = {"cursor": cursor, "limit": "2"}
    assert vtr.call("GET", "/v1/packages", query=query).status == 200
    assert_problem(vtr.call("GET", "/v1/packages", query=query, key=other), "invalid_cursor")
    changed = {**query, "state": "valid"}
    assert_problem(vtr.call("GET", "/v1/packages", query=changed), "invalid_cursor")
