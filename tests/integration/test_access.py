"""Who may call, and which bodies are read at all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.deployment import Deployment, deployment
from integration.problems import DOCUMENTED, assert_problem
from integration.requests import SECURED, a_package, ago
from vtr.api.problems import STATUS_OF
from vtr.domain.accounts import Scope
from vtr.use_cases.manage_keys import create_key, open_account

ORDER = "/v1/orders/114-1"
PACKAGE = f"{ORDER}/packages/1"

each_secured = pytest.mark.parametrize(("method", "path", "scope"), SECURED)


@pytest.fixture(scope="module")
def vtr() -> Iterator[Deployment]:
    """One deployment for all these tests: what is refused leaves nothing behind."""
    with deployment() as found:
        yield found


def test_every_code_is_documented_with_its_status() -> None:
    ours = {**STATUS_OF, "internal_error": 500}
    assert {**ours, "too_many_requests": 429} == DOCUMENTED


@each_secured
def test_a_call_without_a_key(vtr: Deployment, method: str, path: str, scope: Scope) -> None:
    answer = vtr.call(method, path, {}, key="")
    assert_problem(answer, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert scope not in answer.text


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer vtr_",
        "Bearer vtr_0123456789abcdef",
        "Bearer vtr_0123456789abcdef_secret",
        "Basic dnRyOnZ0cg==",
        "Bearer sk_live_0123456789abcdef_secret",
        "Bearer " + "x" * 10_000,
        "Bearer vtr_é_ü",
    ],
)
def test_a_key_that_is_none_of_ours(vtr: Deployment, authorization: str) -> None:
    answer = vtr.call("GET", "/v1/rates", key="", headers={"authorization": authorization})
    assert_problem(answer, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_with_another_secret_looks_like_one_that_never_was(vtr: Deployment) -> None:
    known, never = vtr.key().rpartition("_")[0], "vtr_0123456789abcdef"
    wrong = [vtr.call("GET", "/v1/rates", key=f"{key_id}_wrong") for key_id in (known, never)]
    assert wrong[0].text == wrong[1].text
    assert_problem(wrong[0], "unauthenticated")


def test_a_key_that_expired(vtr: Deployment) -> None:
    ports, now = vtr.aws.ports(), datetime.now(UTC)
    account = open_account(ports, "acme", "amazon-us")
    key = create_key(ports, account, [Scope.READ], now, now - timedelta(seconds=1))
    assert_problem(vtr.call("GET", "/v1/rates", key=key), "unauthenticated")


@each_secured
def test_a_key_without_the_scope(vtr: Deployment, method: str, path: str, scope: Scope) -> None:
    others = [other for other in Scope if other is not scope]
    answer = vtr.call(method, path, {}, key=vtr.key(*others))
    assert_problem(answer, "scope_missing")
    assert f"'{scope}'" in answer.json["detail"]


def test_a_moment_of_confirmation_needs_the_scope_of_an_operator(vtr: Deployment) -> None:
    body = a_package(confirmed_at=ago(days=6))
    assert_problem(vtr.call("PUT", PACKAGE, body), "scope_missing")
    assert vtr.call("GET", PACKAGE).status == 404


def test_health_needs_no_key(vtr: Deployment) -> None:
    answer = vtr.call("GET", "/v1/health", key="")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/nothing"), ("GET", "/"), ("PUT", "/v1/orders/1/packages")]
)
def test_a_route_that_is_not_there(vtr: Deployment, method: str, path: str) -> None:
    assert_problem(vtr.call(method, path), "route_not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/v1/rates", "GET"),
        ("DELETE", "/v1/orders/114-1", "GET, PUT"),
        ("GET", "/v1/webhooks/ups", "POST"),
    ],
)
def test_a_method_that_a_route_does_not_take(
    vtr: Deployment, method: str, path: str, allowed: str
) -> None:
    answer = vtr.call(method, path)
    assert_problem(answer, "method_not_allowed")
    assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed


WRITES = [("PUT", ORDER), ("PUT", PACKAGE), ("POST", "/v1/reports"), ("POST", "/v1/packages/batch")]
each_write = pytest.mark.parametrize(("method", "path"), WRITES)


@each_write
@pytest.mark.parametrize(
    ("body", "in_base64"),
    [
        ("{", False),
        ("{'placed_at': 1}", False),
        ('{"a": 1} {"b": 2}', False),
        ('{"a": NaN}', False),
        ('{"a": "\\ud800"}', False),
        ("[" * 100_000, False),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, False),
        (b'{"category": "\xff"}', True),
        (b"\xff\xfe{\x00}\x00", True),
    ],
    ids=["cut off", "python", "two", "NaN", "surrogate", "lists", "objects", "bytes", "utf-16"],
)
def test_a_body_that_is_no_json(
    vtr: Deployment, method: str, path: str, body: Any, *, in_base64: bool
) -> None:
    content = {"content-type": "application/json"}
    answer = vtr.call(method, path, body, headers=content, in_base64=in_base64)
    assert_problem(answer, "malformed_json")


@each_write
@pytest.mark.parametrize("in_base64", [False, True])
def test_a_body_that_is_too_large(
    vtr: Deployment, method: str, path: str, *, in_base64: bool
) -> None:
    answer = vtr.call(method, path, "[" + " " * 1_048_576, in_base64=in_base64)
    assert_problem(answer, "body_too_large")


@each_write
@pytest.mark.parametrize("media_type", ["application/xml", "multipart/form-data", "image/png"])
def test_a_media_type_that_nobody_reads(
    vtr: Deployment, method: str, path: str, media_type: str
) -> None:
    answer = vtr.call(method, path, "<a/>", headers={"content-type": f"{media_type}; charset=x"})
    assert_problem(answer, "unsupported_media_type")


@pytest.mark.parametrize("in_base64", [False, True])
def test_a_body_in_base64_is_the_same_body(vtr: Deployment, *, in_base64: bool) -> None:
    answer = vtr.call("PUT", PACKAGE, a_package(carrier="Poșta Română"), in_base64=in_base64)
    assert answer.json["carrier"]["stated"] == "Poșta Română"
