"""A table that is throttled: the caller is told to come again, and what can do without it does."""

from typing import Any

import pytest

from integration.deployment import Deployment
from integration.problems import assert_problem
from integration.requests import an_order
from support.aws import STACK
from support.faulty_client import Fault, faulty_line
from vtr.adapters.aws_clients import BUDGETS

CALLS = [
    ("PUT", "/v1/orders/114-1", an_order(), "OrdersTable", "PutItem"),
    ("GET", "/v1/orders/114-1", None, "OrdersTable", "GetItem"),
    ("GET", "/v1/packages", None, "PackagesTable", "Query"),
    ("POST", "/v1/reports", {}, "RatesTable", "PutItem"),
]


@pytest.mark.parametrize(("method", "path", "body", "table", "operation"), CALLS)
def test_who_calls_while_a_table_is_throttled_is_told_when_to_call_again(
    vtr: Deployment, method: str, path: str, body: Any, table: str, operation: str
) -> None:
    vtr.key()
    with faulty_line() as line:
        for _ in range(BUDGETS["dynamodb"].attempts):
            line.plan(operation, f"{STACK}-{table}", Fault.THROTTLED)
        answer = vtr.call(method, path, body)
        assert line.is_as_planned
    assert_problem(answer, "throttled")
    assert int(answer.headers["retry-after"]) > 0


def test_who_cannot_be_told_whether_a_request_was_repeated_is_told_when_to_call_again(
    vtr: Deployment,
) -> None:
    vtr.call("GET", "/v1/rates")  # notes the key's use
    with faulty_line() as line:
        for _ in range(BUDGETS["dynamodb"].attempts):
            line.plan("PutItem", f"{STACK}-TransientTable", Fault.THROTTLED)
        headers = {"idempotency-key": "once"}
        answer = vtr.call("PUT", "/v1/orders/114-1", an_order(), headers=headers)
    assert_problem(answer, "throttled")


def test_a_key_works_while_its_use_cannot_be_noted(vtr: Deployment) -> None:
    vtr.key()
    with faulty_line() as line:
        for _ in range(BUDGETS["dynamodb"].attempts):
            line.plan("GetItem", f"{STACK}-TransientTable", Fault.THROTTLED)
        assert vtr.call("GET", "/v1/rates").status == 200
        assert line.is_as_planned
