"""A batch is answered line by line: no line stops another, in JSON or in a file."""

import io
from typing import Any

import pytest

from integration.deployment import Answer, Deployment
from integration.problems import assert_problem, assert_problem_document
from integration.requests import SHIPPED, UPS, a_line, a_package, ago, day, without
from submit_tracking.confirm import RESERVE_SECONDS
from support.aws import STACK
from support.events import Context
from support.faulty_client import Fault, faulty_line
from vtr.adapters.aws_clients import BUDGETS
from vtr.domain.accounts import Scope

BATCH = "/v1/packages/batch"
TSV = {"content-type": "text/tab-separated-values; charset=utf-8"}
ORDERS, ATTEMPTS = f"{STACK}-OrdersTable", BUDGETS["dynamodb"].attempts
HEADER = "order-id\tpackage-id\tship-date\tcarrier-name\ttracking-number\tplaced-at\tcategory"


def send_lines(vtr: Deployment, *lines: Any, **more: Any) -> Answer:
    return vtr.call("POST", BATCH, {"packages": list(lines)}, **more)


def send_file(vtr: Deployment, text: str, **more: Any) -> Answer:
    return vtr.call("POST", BATCH, text, headers=TSV, **more)


def a_row(order_id: str, **cells: str) -> str:
    row = {
        "package-id": "1",
        "ship-date": SHIPPED.isoformat(),
        "carrier-name": "UPS",
        "tracking-number": UPS[0],
        "placed-at": ago(days=7),
        "category": "books",
    }
    return "\t".join([order_id, *{**row, **cells}.values()])


def stored(vtr: Deployment) -> list[str]:
    found = vtr.call("GET", "/v1/packages", query={"limit": "200"}).json["packages"]
    return sorted(package["order_id"] for package in found)


def test_every_bad_line_is_refused_and_every_good_one_kept(vtr: Deployment) -> None:
    lines = [
        a_line("114-1"),
        a_line("114-2", ship_date="tomorrow"),
        "not an object",
        without(a_line("114-4"), "order"),
        a_line("a b"),
        without(a_line(""), "order_id"),
        a_line("114-7", colour="red"),
        a_line("114-8", confirmed_at=ago(days=6)),
        a_line("114-9", package_id=7),
        a_line("114-10"),
    ]
    answer = send_lines(vtr, *lines)
    assert answer.status == 200
    assert (answer.json["accepted"], answer.json["rejected"]) == (2, 8)
    results = answer.json["results"]
    assert [result["line"] for result in results] == list(range(1, 11))
    expected = {
        2: ("invalid_request", ["ship_date"]),
        3: ("invalid_request", ["body"]),
        4: ("order_unknown", []),
        5: ("invalid_request", ["order_id"]),
        6: ("invalid_request", ["order_id"]),
        7: ("invalid_request", ["colour"]),
        8: ("scope_missing", []),
        9: ("invalid_request", ["package_id"]),
    }
    for line, (code, fields) in expected.items():
        assert_problem_document(results[line - 1]["problem"], code, fields)
        assert results[line - 1]["status"] == results[line - 1]["problem"]["status"]
    assert results[1]["order_id"] == "114-2"
    assert stored(vtr) == ["114-1", "114-10"]


def test_a_line_says_whether_its_package_is_new(vtr: Deployment) -> None:
    results = send_lines(vtr, a_line("114-1"), a_line("114-1"), a_line("114-2")).json["results"]
    assert [result["status"] for result in results] == [201, 200, 201]
    assert [result["package"]["order_id"] for result in results] == ["114-1", "114-1", "114-2"]


def test_of_two_lines_on_one_package_the_later_one_stands(vtr: Deployment) -> None:
    send_lines(vtr, a_line("114-1", carrier="USPS"), a_line("114-1", carrier="UPS"))
    package = vtr.call("GET", "/v1/orders/114-1/packages/1").json
    assert package["carrier"]["stated"] == "UPS"


def test_one_order_comes_in_several_lines(vtr: Deployment) -> None:
    first = a_line("114-1")
    second = without(a_line("114-1", UPS[1], package_id="2"), "order")
    assert send_lines(vtr, first, second).json["accepted"] == 2
    assert len(vtr.call("GET", "/v1/orders/114-1").json["packages"]) == 2


def test_an_operators_lines_may_say_when_they_were_confirmed(vtr: Deployment) -> None:
    key = vtr.key(Scope.SUBMIT, Scope.OPERATE)
    line = a_line("114-1", confirmed_at=ago(days=6))
    (result,) = send_lines(vtr, line, key=key).json["results"]
    assert result["package"]["confirmed_at"] == ago(days=6).replace("+00:00", "Z")


@pytest.mark.parametrize(
    "body", [{}, {"packages": []}, {"packages": {}}, {"packages": None}, [], {"lines": []}]
)
def test_a_batch_without_lines(vtr: Deployment, body: object) -> None:
    assert_problem(vtr.call("POST", BATCH, body), "invalid_request", "packages")


def test_a_batch_of_more_than_500_lines_keeps_none(vtr: Deployment) -> None:
    answer = send_lines(vtr, *(a_line(f"114-{number}") for number in range(501)))
    assert_problem(answer, "invalid_request", "packages")
    assert stored(vtr) == []


def test_a_file_is_read_by_the_names_of_its_columns(vtr: Deployment) -> None:
    columns = (
        "category\torder-id\tpackage-id\tcarrier-name\ttracking-number\tship-date\tplaced-at"
        "\tpromised-delivery-date\tvalue-amount\tvalue-currency\torigin\tdestination"
        "\tmethod-class\tlabel-source\tremark"
    )
    cells = [
        *("books", "114-1", "1", " UPS ", UPS[0], SHIPPED.isoformat(), ago(days=7)),
        *(day(1), "9.90", "USD", "US", "CA", "letter", "seller", '"quoted'),
    ]
    answer = send_file(vtr, f"\ufeff{columns}\r\n" + "\t".join(cells) + "\r\n\r\n")
    assert answer.json["accepted"] == 1, answer.text
    order = vtr.call("GET", "/v1/orders/114-1").json
    assert order["value"] == {"amount": "9.90", "currency": "USD"}
    assert (order["category"], order["destination"]) == ("books", "CA")
    (package,) = order["packages"]
    assert (package["state"], package["rule"]) == ("exempt", "letter-under-10-usd")
    assert package["carrier"]["stated"] == "UPS"


def test_a_files_bad_lines_hold_no_good_one_back(vtr: Deployment) -> None:
    rows = [
        a_row("114-1"),
        a_row("114-2", **{"ship-date": "10/21/2026"}),
        a_row("114-3", **{"tracking-number": "", "carrier-name": ""}),
        "114-4",
        a_row("114-5", category=""),
        a_row("114-6"),
    ]
    results = send_file(vtr, "\n".join([HEADER, *rows])).json["results"]
    assert [result["status"] for result in results] == [201, 422, 201, 422, 422, 201]
    assert_problem_document(results[1]["problem"], "invalid_request", ["ship_date"])
    assert_problem_document(results[4]["problem"], "invalid_request", ["order.category"])
    assert results[2]["package"]["reason"] == "INVALID_ID"
    assert stored(vtr) == ["114-1", "114-3", "114-6"]


@pytest.mark.parametrize(
    "text",
    [
        "order-id\tship-date\n114-1\t2026-10-21",
        "order-id,package-id,ship-date,carrier-name,tracking-number\n1,1,2026-10-21,UPS,1Z",
        "\n",
        HEADER.upper().replace("-", "_"),
    ],
    ids=["columns lacking", "commas", "nothing", "other names"],
)
def test_a_file_without_the_columns(vtr: Deployment, text: str) -> None:
    assert_problem(send_file(vtr, text), "malformed_file")


def test_a_file_that_is_no_text(vtr: Deployment) -> None:
    answer = vtr.call("POST", BATCH, b"\xff\xfe\x00PK\x03", headers=TSV, in_base64=True)
    assert_problem(answer, "malformed_file")


def test_a_file_of_one_endless_line(vtr: Deployment) -> None:
    answer = send_file(vtr, HEADER + "\n" + a_row("x" * 200_000))
    assert answer.status in {200, 400}
    assert "internal_error" not in answer.text


def test_a_file_without_lines(vtr: Deployment) -> None:
    assert_problem(send_file(vtr, HEADER), "invalid_request", "packages")


def test_a_file_in_base64_is_the_same_file(vtr: Deployment) -> None:
    text = "\n".join([HEADER, a_row("114-1", **{"carrier-name": "Poșta Română"})])
    (result,) = send_file(vtr, text, in_base64=True).json["results"]
    assert result["package"]["carrier"]["stated"] == "Poșta Română"


def test_a_batch_says_the_same_as_single_calls(vtr: Deployment) -> None:
    vtr.call("PUT", "/v1/orders/114-1/packages/1", a_package())
    (result,) = send_lines(vtr, a_line("114-1")).json["results"]
    assert result["status"] == 200
    assert result["package"] == vtr.call("GET", "/v1/orders/114-1/packages/1").json


TEARING = ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
"""What ends a line for Python's `str.splitlines`, and for no file."""


@pytest.mark.parametrize("mark", TEARING, ids=lambda mark: f"U+{ord(mark):04X}")
def test_a_mark_within_a_cell_does_not_tear_its_line(vtr: Deployment, mark: str) -> None:
    row = a_row("114-1", **{"carrier-name": f"UPS{mark}Ground"})
    (result,) = send_file(vtr, f"{HEADER}\n{row}\n").json["results"]
    assert result["status"] == 201, result
    assert result["package"]["tracking_number"]["stated"] == UPS[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_where_any_system_ends_it(vtr: Deployment, end: str) -> None:
    rows = [HEADER, a_row("114-1"), "", a_row("114-2"), ""]
    assert send_file(vtr, end.join(rows)).json["accepted"] == 2


def test_a_line_that_fails_holds_no_other_one_up(vtr: Deployment, log: io.StringIO) -> None:
    vtr.key()
    lines = [a_line("114-1"), a_line("114-2"), a_line("114-3")]
    with faulty_line() as line:
        line.plan("PutItem", ORDERS, lambda: None)
        for _ in range(ATTEMPTS):
            line.plan("PutItem", ORDERS, Fault.FAILED)
        answer = send_lines(vtr, *lines)
        assert line.is_as_planned
    assert (answer.status, answer.json["accepted"], answer.json["rejected"]) == (200, 2, 1)
    failed = answer.json["results"][1]
    assert (failed["status"], failed["order_id"]) == (500, "114-2")
    assert_problem_document(failed["problem"], "internal_error")
    assert "Traceback" in log.getvalue()
    assert stored(vtr) == ["114-1", "114-3"]
    assert [each["status"] for each in send_lines(vtr, *lines).json["results"]] == [200, 201, 200]


def test_a_line_that_is_throttled_is_to_be_sent_again(vtr: Deployment) -> None:
    vtr.key()
    with faulty_line() as line:
        line.plan("PutItem", ORDERS, lambda: None)
        for _ in range(ATTEMPTS):
            line.plan("PutItem", ORDERS, Fault.THROTTLED)
        results = send_lines(vtr, a_line("114-1"), a_line("114-2"), a_line("114-3")).json["results"]
    assert [result["status"] for result in results] == [201, 503, 201]
    assert_problem_document(results[1]["problem"], "throttled")


def test_no_line_is_begun_that_could_not_be_answered_in_time(
    vtr: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([29.0, RESERVE_SECONDS, RESERVE_SECONDS - 0.1, RESERVE_SECONDS - 5])
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 1000 * next(left))
    answer = send_lines(vtr, *(a_line(f"114-{number}") for number in range(4)))
    assert (answer.json["accepted"], answer.json["rejected"]) == (2, 2)
    assert [result["status"] for result in answer.json["results"]] == [201, 201, 503, 503]
    assert_problem_document(answer.json["results"][2]["problem"], "out_of_time")
    assert answer.headers["retry-after"] == "5"
    assert stored(vtr) == ["114-0", "114-1"]


def test_a_batch_with_lines_to_send_again_may_be_sent_again_under_its_key(vtr: Deployment) -> None:
    vtr.key()
    lines, headers = [a_line("114-1"), a_line("114-2")], {"Idempotency-Key": "batch-1"}
    with faulty_line() as line:
        for _ in range(ATTEMPTS):
            line.plan("PutItem", ORDERS, Fault.THROTTLED)
        first = send_lines(vtr, *lines, headers=headers)
    assert first.json["rejected"] == 1
    again = send_lines(vtr, *lines, headers=headers)
    assert "idempotent-replayed" not in again.headers
    assert [result["status"] for result in again.json["results"]] == [201, 200]
    once_more = send_lines(vtr, *lines, headers=headers)
    assert once_more.headers["idempotent-replayed"] == "true"
    assert "retry-after" not in again.headers
