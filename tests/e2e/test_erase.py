"""`vtr erase` on the real stack: what was accepted, recorded, archived and reported is gone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from support.command_line import CommandLine
from support.crashes import deliver, is_drained, submit
from support.stack import LocalStack, eventually
from vtr_cli import erase
from vtr_demo.labels import ups
from vtr_local.aws import LocalAws
from vtr_local.keys import ACCOUNT

pytestmark = pytest.mark.e2e

NUMBER, ORDER = ups(9_000_001).number, "erase-1"
"""A number of its own: what scans prove of it outlives the erasure."""


@pytest.fixture
def vtr(real_stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, which waits for what is still to be counted, and not for the clock."""

    def wait_until_counted() -> None:
        assert eventually(lambda: is_drained(real_stack, "RecountsQueueUrl"), seconds=60)

    monkeypatch.setattr(erase, "wait_for_writers", wait_until_counted)
    return CommandLine(real_stack.home.root, {})


def a_package(order_id: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    facts = {"placed_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", "category": "Toys"}
    return {
        "order_id": order_id,
        "package_id": "1",
        "carrier": "UPS",
        "tracking_number": NUMBER,
        "ship_date": f"{now:%Y-%m-%d}",
        "order": facts,
    }


def a_scan() -> dict[str, Any]:
    return {
        "carrier": "ups",
        "tracking_number": NUMBER,
        "milestone": "accepted",
        "occurred_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def archived(stack: LocalStack) -> list[str]:
    s3 = LocalAws(stack.endpoint).s3
    (bucket,) = (each["Name"] for each in s3.list_buckets()["Buckets"] if "bucket" in each["Name"])
    found = s3.list_object_versions(Bucket=bucket, Prefix="raw/")
    return [each["Key"] for each in found.get("Versions", [])]


def state(http: httpx.Client) -> str | None:
    found = http.get(f"/v1/orders/{ORDER}/packages/1")
    return found.json()["state"] if found.is_success else None


def test_an_order_is_erased_and_may_be_confirmed_anew(
    real_stack: LocalStack, vtr: CommandLine
) -> None:
    before = archived(real_stack)
    submit(real_stack, [a_package(ORDER)])
    deliver(real_stack, [[a_scan()]])
    with real_stack.http(real_stack.create_key()) as http:
        assert eventually(lambda: state(http) == "valid", seconds=60)
        assert eventually(lambda: archived(real_stack) != before, seconds=60)
        ran = vtr("erase", "order", ACCOUNT, ORDER, "--yes", "--json")
        assert ran.exit_code == 0, ran.err
        erased = json.loads(ran.out)["erased"]
        assert (erased["orders"], erased["packages"], erased["archived"]) == (1, 1, 1)
        assert archived(real_stack) == before
        assert state(http) is None
        submit(real_stack, [a_package(ORDER)])
        assert state(http) == "valid"


def test_an_account_is_erased(real_stack: LocalStack, vtr: CommandLine) -> None:
    key = real_stack.create_key(account="leaving")
    with real_stack.http(key) as http:
        body = {"packages": [a_package("leaving-1")]}
        assert http.post("/v1/packages/batch", json=body).json()["accepted"] == 1
        ran = vtr("erase", "account", "leaving", "--yes", "--json")
        assert ran.exit_code == 0, ran.err
        assert json.loads(ran.out)["erased"]["orders"] == 1
    ran = vtr("erase", "receipts", "--json")
    assert "leaving" in {each["account"] for each in json.loads(ran.out)}
    assert vtr("erase", "account", "leaving", "--yes").exit_code != 0
