"""The product over real HTTP: the real template on the local stack, every policy enforced."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest

from support.events import scans_body, signed
from support.stack import LocalStack, eventually, local_stack
from vtr.domain.accounts import Scope
from vtr_local.aws import OWNER, REGION

pytestmark = pytest.mark.e2e

UPS = "1Z999AA10123456784"
NOW = datetime.now(UTC).replace(microsecond=0)
SECONDS_TO_A_RATE = 10.0


def a_package(category: str = "electronics", number: str = UPS, **changes: Any) -> dict[str, Any]:
    order = {"placed_at": (NOW - timedelta(days=8)).isoformat(), "category": category}
    ship_date = (NOW - timedelta(days=6)).date().isoformat()
    package = {"carrier": "UPS", "tracking_number": number, "ship_date": ship_date, "order": order}
    return {**package, **changes}


def push(stack: LocalStack, number: str, *, secret: str = "") -> httpx.Response:
    scan = {
        "carrier": "ups",
        "tracking_number": number,
        "occurred_at": (NOW - timedelta(days=5)).isoformat(),
        "milestone": "accepted",
    }
    body = scans_body(scan)
    headers = signed(secret or stack.record.webhook_secret, body, datetime.now(UTC))
    with stack.http() as http:
        return http.post("/v1/webhooks/standard", content=body, headers=headers)


def counted(http: httpx.Client) -> tuple[int, int]:
    overall = http.get("/v1/rates").json()["overall"]
    return overall["valid"], overall["unconfirmed"]


def become(http: httpx.Client, rate: tuple[int, int]) -> bool:
    return eventually(lambda: counted(http) == rate, seconds=SECONDS_TO_A_RATE)


def written_report(http: httpx.Client) -> list[dict[str, str]]:
    """Ask for a report, follow it, and read it from where the answer points to."""
    asked = http.post("/v1/reports", json={})
    assert asked.status_code == 202, asked.text
    where = asked.headers["location"]
    assert eventually(lambda: http.get(where).json()["status"] == "done", seconds=20)
    document = http.get(f"{where}/document")
    assert document.status_code == 303
    with httpx.Client(trust_env=False) as anybody:
        downloaded = anybody.get(document.headers["location"])
    assert downloaded.status_code == 200, downloaded.text
    return list(csv.DictReader(io.StringIO(downloaded.text)))


@pytest.fixture
def http(real_stack: LocalStack, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A seller of this test's own, with every scope but the operator's."""
    account = re.sub("[^A-Za-z0-9]+", "-", request.node.name)[:40].strip("-")
    key = real_stack.create_key(Scope.SUBMIT, Scope.READ, Scope.REPORT, account=account)
    with real_stack.http(key) as client:
        yield client


def test_a_scan_is_in_the_rate_within_ten_seconds(
    real_stack: LocalStack, http: httpx.Client
) -> None:
    submitted = http.put("/v1/orders/114-1/packages/1", json=a_package())
    assert submitted.status_code == 201, submitted.text
    assert submitted.json()["state"] == "unconfirmed"
    assert become(http, (0, 1))
    assert push(real_stack, UPS).status_code == 200
    assert become(http, (1, 0))
    assert http.get("/v1/orders/114-1/packages/1").json()["reason"] == "VALID"
    assert real_stack.function_errors() == []


def test_the_packages_behind_a_number_are_listed_page_by_page(http: httpx.Client) -> None:
    lines = [
        {"order_id": f"114-{number}", "package_id": "1", **a_package("books", f"1Z{number}")}
        for number in range(5)
    ]
    batch = http.post("/v1/packages/batch", json={"packages": lines})
    assert batch.json()["accepted"] == 5, batch.text
    first = http.get("/v1/packages", params={"state": "unconfirmed", "limit": 3}).json()
    rest = http.get(
        "/v1/packages", params={"state": "unconfirmed", "cursor": first["next_cursor"]}
    ).json()
    found = [package["order_id"] for package in first["packages"] + rest["packages"]]
    assert sorted(found) == [f"114-{number}" for number in range(5)]
    assert rest["next_cursor"] is None


def test_a_report_is_downloaded_by_its_url_alone(http: httpx.Client) -> None:
    for number in range(3):
        http.put(f"/v1/orders/114-{number}/packages/1", json=a_package(number=f"1Z{number}"))
    rows = written_report(http)
    assert [row["Order ID"] for row in rows] == ["114-0", "114-1", "114-2"]
    assert {row["No Valid Tracking"] for row in rows} == {"X"}


def test_a_marketplaces_file_is_submitted_as_it_is(http: httpx.Client) -> None:
    said = a_package("books")
    columns = "order-id\tpackage-id\tship-date\tcarrier-name\ttracking-number\tplaced-at\tcategory"
    cells = ("114-1", "1", said["ship_date"], "UPS", UPS, said["order"]["placed_at"], "books")
    text = columns + "\r\n" + "\t".join(cells) + "\r\n"
    headers = {"content-type": "text/tab-separated-values"}
    answer = http.post("/v1/packages/batch", content=text.encode("utf-8-sig"), headers=headers)
    assert answer.json()["accepted"] == 1, answer.text


def test_saying_it_again_changes_nothing(real_stack: LocalStack, http: httpx.Client) -> None:
    route, number = "/v1/orders/114-1/packages/1", "1Z5R89390357567127"
    first = http.put(route, json=a_package(number=number))
    push(real_stack, number)
    assert become(http, (1, 0))
    before = http.get(route).json()
    again = http.put(route, json=a_package(number=number))
    push(real_stack, number)
    assert (first.status_code, again.status_code) == (201, 200)
    assert http.get(route).json() == before
    assert not eventually(lambda: counted(http) != (1, 0), seconds=4)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/orders/nowhere", None, 404, "order_not_found"),
        ("GET", "/v1/orders/nowhere/packages/1", None, 404, "package_not_found"),
        ("GET", "/v1/reports/nowhere", None, 404, "report_not_found"),
        ("PUT", "/v1/orders/114-1", "{", 400, "malformed_json"),
        ("PUT", "/v1/orders/114-1", "{}", 422, "invalid_request"),
        ("PUT", "/v1/orders/a b", "{}", 422, "invalid_request"),
        ("PUT", "/v1/orders/114-1", "[" + " " * 1_100_000, 413, "body_too_large"),
        ("GET", "/v1/packages?cursor=made-up", None, 400, "invalid_cursor"),
        ("GET", "/v1/packages?state=good", None, 422, "invalid_request"),
        ("POST", "/v1/webhooks/nobody", "{}", 404, "source_not_found"),
        ("POST", "/v1/webhooks/standard", "{}", 401, "unauthentic_webhook"),
    ],
)
def test_a_refusal_is_a_problem_document(
    http: httpx.Client, method: str, path: str, body: str | None, status: int, code: str
) -> None:
    answer = http.request(method, path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"]


def test_no_key_is_401_and_too_narrow_a_key_403(real_stack: LocalStack) -> None:
    with real_stack.http() as nobody:
        answer = nobody.get("/v1/rates")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert nobody.get("/v1/health").status_code == 200
    with real_stack.http(real_stack.create_key(Scope.REPORT)) as reporter:
        assert reporter.get("/v1/rates").status_code == 403


def test_another_accounts_order_is_not_there(real_stack: LocalStack, http: httpx.Client) -> None:
    http.put("/v1/orders/114-1/packages/1", json=a_package())
    with real_stack.http(real_stack.create_key(account="somebody-else")) as other:
        answer = other.get("/v1/orders/114-1/packages/1")
        assert (answer.status_code, answer.json()["code"]) == (404, "package_not_found")
        assert other.get("/v1/packages").json()["packages"] == []


def test_a_forged_scan_moves_no_rate(real_stack: LocalStack, http: httpx.Client) -> None:
    number = "1Z879E930346834440"
    http.put("/v1/orders/114-1/packages/1", json=a_package(number=number))
    forged = push(real_stack, number, secret="whsec_Zm9yZ2VkIHNlY3JldCBvZiBub2JvZHk=")
    assert forged.status_code == 401
    assert not eventually(lambda: counted(http)[0], seconds=4)


def test_the_whole_loop_runs_under_the_real_runtime_client(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Each function runs once, in an environment that has its own requirements and no more."""
    with local_stack(tmp_path_factory.mktemp("strict"), strict=True) as stack:
        with stack.http(stack.create_key()) as http:
            assert http.get("/v1/health").json() == {"status": "ok"}
            number = {"number": UPS, "carrier": "UPS"}
            assert http.post("/v1/tracking-numbers/check", json=number).status_code == 200
            submitted = http.put("/v1/orders/114-1/packages/1", json=a_package())
            assert submitted.status_code == 201, submitted.text
            assert push(stack, UPS).status_code == 200
            assert become(http, (1, 0))
            assert [row["State"] for row in written_report(http)] == ["valid"]
        turned = _run_schedule(stack)
        assert b'"recounts"' in turned, turned
        assert stack.function_errors() == []


def _run_schedule(stack: LocalStack) -> bytes:
    functions: Any = boto3.client(
        "lambda",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )
    (name,) = (
        function["FunctionName"]
        for function in functions.list_functions()["Functions"]
        if function["Handler"].startswith("schedule_recompute.")
    )
    answer: bytes = functions.invoke(FunctionName=name, Payload=b"{}")["Payload"].read()
    return answer
