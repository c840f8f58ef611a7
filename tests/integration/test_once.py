"""Idempotency-Key: what is sent again is done once, and answered as it was."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from integration.deployment import Answer, Deployment
from integration.problems import assert_problem
from integration.requests import UPS, a_line, a_package, an_order
from support.events import http_event
from support.faulty_client import Fault, faulty_line
from vtr.adapters.dynamodb.tables import TABLES
from vtr.domain.accounts import Scope

ORDER = "/v1/orders/114-1"
PACKAGE = f"{ORDER}/packages/1"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"

JSON = {"content-type": "application/json"}

UNSAFE = [
    ("PUT", ORDER, an_order()),
    ("PUT", PACKAGE, a_package()),
    ("POST", f"{ORDER}/cancellation", {}),
    ("POST", "/v1/packages/batch", {"packages": [a_line("114-1"), a_line("114-2", UPS[1])]}),
    ("POST", "/v1/reports", {}),
]
each_unsafe = pytest.mark.parametrize(("method", "path", "body"), UNSAFE)


def call(
    vtr: Deployment, method: str, path: str, body: Any, name: str = KEY, **more: Any
) -> Answer:
    return vtr.call(method, path, body, headers={**JSON, "idempotency-key": name}, **more)


class CutOffError(BaseException):
    """The execution environment ends in the middle of a run."""


@contextmanager
def when_orders_are_written(error: BaseException) -> Iterator[None]:
    """Raise an error wherever an order is about to be written."""
    model: Any = TABLES["orders"]
    events = model._get_connection().connection.client.meta.events  # noqa: SLF001 - no other way

    def stop(params: dict[str, Any], **_: Any) -> None:
        if json.loads(params["body"])["TableName"] == model.Meta.table_name:
            raise error

    events.register("before-call.dynamodb.PutItem", stop)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb.PutItem", stop)


@each_unsafe
def test_a_request_sent_again_is_answered_as_it_was(
    vtr: Deployment, method: str, path: str, body: Any
) -> None:
    if method == "POST":
        vtr.call("PUT", ORDER, an_order())
    first = call(vtr, method, path, body)
    again = call(vtr, method, path, body)
    assert first.status < 300
    assert (again.status, again.text) == (first.status, first.text)
    assert "idempotent-replayed" not in first.headers
    assert again.headers == {**first.headers, "idempotent-replayed": "true"}


def test_a_report_is_asked_for_once(vtr: Deployment) -> None:
    for _ in range(3):
        call(vtr, "POST", "/v1/reports", {})
    assert len(vtr.aws.take("ReportsQueue")) == 1
    call(vtr, "POST", "/v1/reports", {}, "another")
    vtr.call("POST", "/v1/reports", {})
    assert len(vtr.aws.take("ReportsQueue")) == 2


def test_an_answer_is_repeated_although_the_world_went_on(vtr: Deployment) -> None:
    first = call(vtr, "PUT", PACKAGE, a_package())
    vtr.call("PUT", PACKAGE, a_package(UPS[1]))
    assert call(vtr, "PUT", PACKAGE, a_package()).text == first.text
    assert vtr.call("GET", PACKAGE).json["tracking_number"]["stated"] == UPS[1]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", PACKAGE, a_package(UPS[1])),
        ("PUT", f"{ORDER}/packages/2", a_package()),
        ("POST", "/v1/packages/batch", {"packages": [a_line("114-1")]}),
        ("POST", "/v1/reports", {}),
    ],
    ids=["body", "path", "route", "function"],
)
def test_a_key_that_comes_with_another_request_is_refused(
    vtr: Deployment, method: str, path: str, body: Any
) -> None:
    vtr.environment.setenv("AWS_LAMBDA_FUNCTION_NAME", "submit")
    first = call(vtr, "PUT", PACKAGE, a_package())
    vtr.environment.setenv("AWS_LAMBDA_FUNCTION_NAME", "export" if "reports" in path else "submit")
    assert_problem(call(vtr, method, path, body), "idempotency_key_reused")
    assert vtr.call("GET", PACKAGE).json == first.json
    assert vtr.aws.take("ReportsQueue") == []


def test_one_accounts_key_is_none_of_anothers(vtr: Deployment) -> None:
    call(vtr, "PUT", PACKAGE, a_package())
    other = vtr.key(account="other")
    answer = call(vtr, "PUT", PACKAGE, a_package(UPS[1]), key=other)
    assert answer.status == 201
    assert answer.json["tracking_number"]["stated"] == UPS[1]


def test_keys_of_one_account_share_their_idempotency_keys(vtr: Deployment) -> None:
    call(vtr, "PUT", PACKAGE, a_package())
    again = call(vtr, "PUT", PACKAGE, a_package(), key=vtr.key(Scope.SUBMIT))
    assert again.headers["idempotent-replayed"] == "true"


def test_a_replay_is_for_those_who_may_call_and_no_one_else(vtr: Deployment) -> None:
    call(vtr, "PUT", PACKAGE, a_package())
    assert_problem(call(vtr, "PUT", PACKAGE, a_package(), key="vtr_a_b"), "unauthenticated")
    reader = vtr.key(Scope.READ)
    assert_problem(call(vtr, "PUT", PACKAGE, a_package(), key=reader), "scope_missing")


def test_a_refusal_is_not_kept_and_the_mended_request_may_use_the_key(vtr: Deployment) -> None:
    answer = call(vtr, "PUT", PACKAGE, a_package(order=None))
    assert_problem(answer, "order_unknown")
    assert call(vtr, "PUT", PACKAGE, a_package()).status == 201


def test_a_failure_of_our_own_is_not_kept(vtr: Deployment) -> None:
    vtr.call("PUT", ORDER, an_order())
    with when_orders_are_written(OSError("no network")):
        assert_problem(call(vtr, "PUT", PACKAGE, a_package()), "internal_error")
    assert call(vtr, "PUT", PACKAGE, a_package()).status == 201


def test_a_request_while_the_first_is_under_way_is_refused(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    event = http_event(
        "PUT", PACKAGE, body=a_package(UPS[1]), key=vtr.key(), headers={"idempotency-key": KEY}
    )
    with when_orders_are_written(CutOffError()), pytest.raises(CutOffError):
        vtr.invoke("submit_tracking", event, remaining_seconds=20)
    answer = call(vtr, "PUT", PACKAGE, a_package(UPS[1]))
    assert_problem(answer, "idempotency_key_in_flight")
    assert_problem(call(vtr, "PUT", PACKAGE, a_package(UPS[2])), "idempotency_key_reused")


def test_a_run_that_was_cut_off_holds_the_key_no_longer_than_it_could_have_run(
    vtr: Deployment,
) -> None:
    vtr.call("PUT", ORDER, an_order())
    event = http_event(
        "PUT", PACKAGE, body=a_package(), key=vtr.key(), headers={"idempotency-key": KEY}
    )
    with when_orders_are_written(CutOffError()), pytest.raises(CutOffError):
        vtr.invoke("submit_tracking", event, remaining_seconds=-1)
    assert call(vtr, "PUT", PACKAGE, a_package()).status == 201


def test_an_answer_is_kept_for_a_day(vtr: Deployment) -> None:
    before = time.time()
    call(vtr, "PUT", PACKAGE, a_package())
    table: Any = TABLES["transient"]
    (kept,) = [item for item in table.scan() if item.pk.startswith("IDEMPOTENCY#")]
    assert 24 * 3600 - 1 <= kept.expiration - before <= 25 * 3600


def its_time_is_over() -> None:
    """Let the run that claimed a key be one that cannot be under way any more."""
    table: Any = TABLES["transient"]
    (claim,) = [item for item in table.scan() if item.pk.startswith("IDEMPOTENCY#")]
    table._get_connection().connection.client.update_item(  # noqa: SLF001 - no other way
        TableName=table.Meta.table_name,
        Key={"pk": {"S": claim.pk}},
        UpdateExpression="SET in_progress_expiration = :past",
        ExpressionAttributeValues={":past": {"N": "0"}},
    )


def test_a_key_that_was_claimed_unanswered_is_held_and_then_done_once(vtr: Deployment) -> None:
    table: Any = TABLES["transient"]
    assert vtr.call("GET", PACKAGE).status == 404  # from now on the key's use is noted
    with faulty_line() as line:
        line.plan("PutItem", table.Meta.table_name, Fault.LOST)
        assert_problem(call(vtr, "PUT", PACKAGE, a_package()), "idempotency_key_in_flight")
        assert line.is_as_planned
    assert vtr.call("GET", PACKAGE).status == 404
    its_time_is_over()
    assert call(vtr, "PUT", PACKAGE, a_package()).status == 201
    assert call(vtr, "PUT", PACKAGE, a_package()).headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb", "a\x00b"])
def test_a_key_that_cannot_be_one(vtr: Deployment, key: str) -> None:
    answer = call(vtr, "PUT", PACKAGE, a_package(), key)
    assert_problem(answer, "invalid_idempotency_key")
    assert "Idempotency-Key" in answer.json["detail"]
    assert vtr.call("GET", PACKAGE).status == 404


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e"', "~!{}"])
def test_a_key_of_any_visible_characters(vtr: Deployment, key: str) -> None:
    assert call(vtr, "PUT", PACKAGE, a_package(), key).status == 201
    assert call(vtr, "PUT", PACKAGE, a_package(), key).headers["idempotent-replayed"] == "true"


def test_a_key_on_what_is_safe_anyway_is_passed_over(vtr: Deployment) -> None:
    numbers = [call(vtr, "POST", "/v1/tracking-numbers/check", {"number": n}) for n in UPS[:2]]
    assert [answer.status for answer in numbers] == [200, 200]
    assert call(vtr, "GET", "/v1/rates", None).status == 200
    assert call(vtr, "GET", "/v1/rates", None).headers.get("idempotent-replayed") is None


def test_an_answer_too_large_to_be_kept_is_given_all_the_same(vtr: Deployment) -> None:
    chance = Random(1)  # noqa: S311 - no secret, but hard to compress
    order_id = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(300_000))
    batch = json.dumps({"packages": [{"order_id": order_id}]}, ensure_ascii=False)
    answer = call(vtr, "POST", "/v1/packages/batch", batch)
    assert (answer.status, answer.json["rejected"]) == (200, 1)
    again = call(vtr, "POST", "/v1/packages/batch", batch)
    assert_problem(again, "idempotency_key_in_flight")
