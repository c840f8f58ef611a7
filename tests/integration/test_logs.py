"""What is logged: enough to find a request by, and nothing that was sent in it."""

import io
import json
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.requests import UPS, a_line, a_package, a_scan, an_order
from support.events import REQUEST_ID, http_event

PACKAGE = "/v1/orders/114-1/packages/1"


def lines(log: io.StringIO, message: str) -> list[dict[str, Any]]:
    logged = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in logged if line["message"] == message]


def test_nothing_that_a_caller_sent_is_logged(vtr: Deployment, log: io.StringIO) -> None:
    secret = vtr.key().split("_", 2)[2]
    vtr.call("PUT", PACKAGE, a_package(carrier="Top Secret Couriers"))
    vtr.scan(a_scan(place="Secret Street 1"))
    assert lines(log, "recorded")
    for private in (secret, "Top Secret", "Secret Street", UPS[0], "whsec_"):
        assert private not in log.getvalue()


def test_every_request_leaves_one_line_to_find_it_by(vtr: Deployment, log: io.StringIO) -> None:
    vtr.call("GET", "/v1/rates")
    (line,) = lines(log, "answered")
    assert (line["route"], line["status"]) == ("GET /v1/rates", 200)
    assert line["account"] == "acme"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/webhooks/upss/hush-hush",
        "/v1/webhooks/standard/hush-hush",
        "/v1/webhook/ups/hush-hush",
        "/v1/orders/1/2/3/hush-hush",
    ],
)
def test_a_secret_in_a_path_is_logged_nowhere_however_it_is_mistyped(
    vtr: Deployment, log: io.StringIO, path: str
) -> None:
    answer = vtr.send(http_event("POST", path, body="{}"))
    assert 400 <= answer.status < 500
    (line,) = lines(log, "refused")
    assert (line["code"], line["request_id"]) == (answer.json["code"], REQUEST_ID)
    for part in ("hush", "upss", "/1/2/3"):
        assert part not in log.getvalue()


def test_a_line_says_what_it_alone_can_say(vtr: Deployment, log: io.StringIO) -> None:
    """The log stream names the function and the group the stack; half a line is saved by that."""
    vtr.call("GET", "/v1/rates")
    (line,) = lines(log, "answered")
    assert line.keys() == {
        *("level", "message", "timestamp", "function_request_id", "request_id"),
        *("account", "key", "route", "status"),
    }


def test_a_refusal_names_its_code(vtr: Deployment, log: io.StringIO) -> None:
    vtr.call("GET", PACKAGE)
    (line,) = lines(log, "refused")
    assert line["code"] == "package_not_found"


def test_who_changed_what_is_audited(vtr: Deployment, log: io.StringIO) -> None:
    key_id = vtr.key().split("_")[1]
    vtr.call("PUT", "/v1/orders/114-1", an_order())
    vtr.call("PUT", PACKAGE, a_package())
    vtr.call("POST", "/v1/orders/114-1/cancellation")
    batch = {"packages": [a_line("114-2", UPS[1]), {}, a_line("114-3", UPS[2])]}
    vtr.call("POST", "/v1/packages/batch", batch)
    report = vtr.call("POST", "/v1/reports").json["report_id"]
    vtr.settle()
    vtr.call("GET", f"/v1/reports/{report}/document")
    audited = lines(log, "audit")
    assert [line["audit"] for line in audited] == [
        {"action": "order.placed", "order": "114-1"},
        {"action": "package.confirmed", "order": "114-1", "package": "1"},
        {"action": "order.cancelled", "order": "114-1"},
        {"action": "package.confirmed", "order": "114-2", "package": "1"},
        {"action": "package.confirmed", "order": "114-3", "package": "1"},
        {"action": "report.requested", "report": report},
        {"action": "report.downloaded", "report": report},
    ]
    for line in audited:
        assert (line["account"], line["key"]) == ("acme", key_id)
        assert line["timestamp"]


def test_what_was_refused_or_only_read_is_not_audited(vtr: Deployment, log: io.StringIO) -> None:
    vtr.call("PUT", PACKAGE, a_package(order=None))
    vtr.call("GET", "/v1/rates")
    vtr.call("GET", "/v1/reports/0123456789abcdef/document")
    assert lines(log, "audit") == []


@pytest.mark.parametrize(
    "odd", ["1\n{}", "1\r\n", "\x1b[2J", "\u2028", "\x00", '"}', "%0a%0d", "\ud800"]
)
def test_no_id_makes_a_line_of_its_own(vtr: Deployment, log: io.StringIO, odd: str) -> None:
    vtr.call("GET", f"/v1/orders/{odd}")
    vtr.call("PUT", f"/v1/orders/114-1/packages/{odd}", a_package())
    vtr.send(http_event("POST", f"/v1/webhooks/{odd}", body="{}", headers={odd: odd}))
    found = log.getvalue().split("\n")
    assert found.pop() == ""
    assert all(json.loads(line)["message"] in {"answered", "refused", "failed"} for line in found)
    assert all(line.isprintable() for line in found)


def test_one_accounts_name_does_not_stay_for_the_next_caller(
    vtr: Deployment, log: io.StringIO
) -> None:
    vtr.call("GET", "/v1/rates")
    vtr.call("GET", "/v1/rates", key="")
    assert "account" not in lines(log, "answered")[-1]


def test_what_went_wrong_inside_is_logged_with_its_cause(vtr: Deployment, log: io.StringIO) -> None:
    key = vtr.key()
    vtr.aws.drop_tables()
    vtr.call("GET", "/v1/rates", key=key)
    (line,) = lines(log, "failed")
    assert line["level"] == "ERROR"
    assert "Traceback" in line["exception"]


def test_what_went_wrong_is_found_by_the_id_that_the_caller_was_told(
    vtr: Deployment, log: io.StringIO
) -> None:
    key = vtr.key()
    vtr.aws.drop_tables()
    vtr.call("GET", "/v1/rates", key=key)
    (line,) = lines(log, "failed")
    assert REQUEST_ID in line.values()
