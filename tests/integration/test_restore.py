"""`vtr restore tables`, item by item; all of it runs on a stack in `tests/e2e/test_data.py`."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import boto3
import pytest

from integration.deployment import Deployment
from support.aws import STACK
from vtr.domain.errors import ThrottledError
from vtr.domain.packages import BucketKey
from vtr_cli import table_copies
from vtr_cli.deployed import Deployed
from vtr_cli.table_copies import (
    bring_back,
    drop_copies,
    latest_moment,
    make_copies,
    states,
    tables,
)
from vtr_client.errors import CommandError, InputError

KINDS = ("Orders", "Parcels", "Packages", "Rates", "Accounts", "Transient")
ORDERS, PACKAGES = f"{STACK}-OrdersTable", f"{STACK}-PackagesTable"
COPY = "at-20261130T093000Z"


class Tables(Deployed):
    """A stack of which only its tables are known."""

    def of_kind(self, kind: str) -> dict[str, str]:
        assert kind == "AWS::DynamoDB::Table"
        return {f"Data/{each}Table": f"{STACK}-{each}Table" for each in KINDS}


class Between:
    """DynamoDB with something that happens right after each batch was read."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self.happens: Callable[[Any], None] = _nothing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def batch_get_item(self, **asked: Any) -> Any:
        answer = self._dynamodb.batch_get_item(**asked)
        self.happens(answer)
        return answer


def _nothing(_: Any) -> None: ...


@pytest.fixture
def found(vtr: Deployment, monkeypatch: pytest.MonkeyPatch) -> Tables:
    # moto's tables are dictionaries that one thread at a time may walk through.
    monkeypatch.setattr(table_copies, "SEGMENTS", 1)
    monkeypatch.setattr(table_copies, "sleep", lambda _: None)
    return Tables(STACK, vtr.aws.ports(), {"dynamodb": Between(boto3.client("dynamodb"))})


def order(number: int, said: str) -> dict[str, Any]:
    return {"pk": {"S": f"acme#114-{number}"}, "order": {"S": said}, "version": {"N": "1"}}


def put(found: Tables, table: str, *items: dict[str, Any]) -> None:
    for item in items:
        found.client("dynamodb").put_item(TableName=table, Item=item)


def copied(found: Tables) -> None:
    for name in tables(found).values():
        found.client("dynamodb").update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    make_copies(found, COPY, datetime.now(UTC))
    assert set(states(found, COPY).values()) == {"ACTIVE"}


def said(found: Tables) -> dict[str, str]:
    items = found.client("dynamodb").scan(TableName=ORDERS)["Items"]
    return {item["pk"]["S"].rpartition("-")[2]: item["order"]["S"] for item in items}


def test_what_is_lost_comes_back_and_what_differs_only_if_asked_for(found: Tables) -> None:
    put(found, ORDERS, order(1, "same"), order(2, "lost"), order(3, "former"))
    copied(found)
    found.client("dynamodb").delete_item(TableName=ORDERS, Key={"pk": {"S": "acme#114-2"}})
    put(found, ORDERS, order(3, "garbled"), order(4, "later"))
    done = bring_back(found, "orders", COPY, overwrite=False)
    assert (done.same, done.missing, done.changed) == (1, 1, 1)
    assert said(found) == {"1": "same", "2": "lost", "3": "garbled", "4": "later"}
    done = bring_back(found, "orders", COPY, overwrite=True)
    assert (done.same, done.missing, done.changed) == (2, 0, 1)
    assert said(found) == {"1": "same", "2": "lost", "3": "former", "4": "later"}


def test_what_somebody_writes_meanwhile_is_later_than_the_copy_and_stays(found: Tables) -> None:
    put(found, ORDERS, order(1, "former"))
    copied(found)
    found.client("dynamodb").delete_item(TableName=ORDERS, Key={"pk": {"S": "acme#114-1"}})
    found.client("dynamodb").happens = lambda _: put(found, ORDERS, order(1, "anew"))
    assert bring_back(found, "orders", COPY, overwrite=False).missing == 0
    assert said(found) == {"1": "anew"}


def test_what_a_batch_leaves_unread_is_read_again_and_not_for_ever(found: Tables) -> None:
    put(found, ORDERS, order(1, "same"))
    copied(found)
    left = [2]

    def leave_unread(answer: Any) -> None:
        if left[0]:
            left[0] -= 1
            keys = [{"pk": item["pk"]} for item in answer["Responses"].pop(ORDERS)]
            answer["Responses"][ORDERS] = []
            answer["UnprocessedKeys"] = {ORDERS: {"Keys": keys}}

    found.client("dynamodb").happens = leave_unread
    assert bring_back(found, "orders", COPY, overwrite=True).same == 1
    left[0] = 99
    with pytest.raises(ThrottledError):
        bring_back(found, "orders", COPY, overwrite=True)


def test_the_buckets_of_rows_that_came_back_are_named(found: Tables) -> None:
    row = {"pk": {"S": "acme#2026-11-20#1"}, "sk": {"S": "books#114-1#1"}}
    put(found, PACKAGES, row)
    copied(found)
    assert bring_back(found, "packages", COPY, overwrite=False).buckets == set()
    found.client("dynamodb").delete_item(TableName=PACKAGES, Key=row)
    back = bring_back(found, "packages", COPY, overwrite=False)
    assert back.buckets == {BucketKey("acme", date(2026, 11, 20), 1)}


def test_what_expires_by_itself_is_not_copied(found: Tables) -> None:
    assert list(tables(found)) == ["accounts", "orders", "packages", "parcels", "rates"]


def test_a_copy_that_was_cut_off_can_be_completed_or_dropped(found: Tables) -> None:
    copied(found)
    found.client("dynamodb").delete_table(TableName=f"{ORDERS}-{COPY}")
    with pytest.raises(InputError, match=f"There is no copy {COPY} of {ORDERS}"):
        states(found, COPY)
    make_copies(found, COPY, datetime.now(UTC))
    assert set(states(found, COPY).values()) == {"ACTIVE"}
    found.client("dynamodb").delete_table(TableName=f"{ORDERS}-{COPY}")
    drop_copies(found, COPY)
    with pytest.raises(InputError, match=f"There is no copy {COPY} of any table"):
        drop_copies(found, COPY)


def test_a_stack_that_names_no_data_is_a_sentence(vtr: Deployment) -> None:
    class CloudFormation:
        def describe_stacks(self, **_: str) -> Any:
            return {"Stacks": [{"StackName": "vtr-data"}]}

    data = Deployed("vtr-data", vtr.aws.ports(), {"cloudformation": CloudFormation()})
    with pytest.raises(InputError, match="Name the functions' stack, not the data's"):
        _ = data.data_stack


def test_without_a_history_or_a_copy_the_command_says_so(found: Tables) -> None:
    with pytest.raises(CommandError, match="no point-in-time recovery"):
        latest_moment(found)
    with pytest.raises(InputError, match="There is no copy at-nowhere"):
        states(found, "at-nowhere")
