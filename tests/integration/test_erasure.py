"""An order and an account are erased while the functions are at work, and no store has a trace."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from integration.deployment import Deployment
from integration.problems import assert_problem
from integration.requests import UPS, a_package, a_scan
from support.aws import BUCKET, data_template
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Scan
from vtr.sources import source
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.erase import Command
from vtr.use_cases.erase_account import erase_account
from vtr.use_cases.erase_order import erase_order
from vtr_local.template import resources

PACKAGE = "/v1/orders/114-1/packages/1"
OTHER = "/v1/orders/114-2/packages/1"


def a_command(wait: Callable[[], object], **changes: Any) -> Command:
    def decode(delivery: AcceptedDelivery) -> list[Scan]:
        return list(source(delivery.source).decode(delivery.body).scans)

    return Command(
        **{
            "by": "ada",
            "clock": lambda: datetime.now(UTC),
            "wait": lambda: [wait(), None][1],
            "decode": decode,
            **changes,
        }
    )


def stored(vtr: Deployment, *words: str) -> list[str]:
    """Return the tables and objects in which one of these words is found."""
    dynamo = boto3.client("dynamodb")
    found = []
    for table in dynamo.list_tables()["TableNames"]:
        items = dynamo.scan(TableName=table)["Items"]
        found += [table] if any(word in repr(items) for word in words) else []
    for key in vtr.aws.object_keys():
        content = vtr.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        text = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        found += [key] if any(word.encode() in text for word in words) else []
    return found


def a_shop(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    vtr.call("PUT", OTHER, a_package(UPS[1]))
    vtr.scan(a_scan())
    vtr.scan(a_scan(tracking_number=UPS[1]))
    assert vtr.call("POST", "/v1/reports", {}).status == 202
    vtr.settle()


def test_an_order_is_erased_from_tables_archive_and_reports(vtr: Deployment) -> None:
    a_shop(vtr)
    assert any(key.startswith("reports/") for key in stored(vtr, "114-1"))
    assert any(key.startswith("raw/") for key in stored(vtr, UPS[0]))

    def meanwhile() -> None:
        vtr.settle()
        assert_problem(vtr.call("PUT", PACKAGE, a_package()), "order_being_erased")
        assert_problem(vtr.call("GET", PACKAGE), "package_not_found")

    ports = vtr.aws.ports()
    receipt = erase_order(ports, account_of(ports, "acme"), "114-1", a_command(meanwhile))
    assert stored(vtr, "114-1") == []
    assert all(not key.startswith(("raw/", "reports/")) for key in stored(vtr, UPS[0]))
    assert vtr.call("GET", OTHER).json["state"] == "valid"
    assert receipt.erased["archived"] == receipt.erased["reports"] == 1


def test_an_order_that_is_confirmed_again_is_a_new_one(vtr: Deployment) -> None:
    a_shop(vtr)
    ports = vtr.aws.ports()
    erase_order(ports, account_of(ports, "acme"), "114-1", a_command(vtr.settle))
    assert vtr.call("PUT", PACKAGE, a_package()).status == 201
    vtr.settle()
    package = vtr.call("GET", PACKAGE).json
    assert (package["state"], len(package["history"])) == ("valid", 1)


def test_an_account_is_erased_and_another_keeps_all_it_has(vtr: Deployment) -> None:
    a_shop(vtr)
    other = vtr.key(account="bolt")
    vtr.call("PUT", PACKAGE, a_package(), key=other)
    vtr.call("POST", "/v1/reports", {}, key=other)
    vtr.settle()
    ports = vtr.aws.ports()
    erase_account(ports, "acme", a_command(vtr.settle))
    assert_problem(vtr.call("GET", PACKAGE), "unauthenticated")
    (accounts,) = {table for table in stored(vtr, "acme") if "/" not in table}
    kept = boto3.client("dynamodb").scan(TableName=accounts)["Items"]
    mine = {item["pk"]["S"].partition("#")[0] for item in kept if "acme" in repr(item)}
    assert mine == {"KEYS", "ERASURES"}
    assert stored(vtr, "114-2") == []
    assert vtr.call("GET", PACKAGE, key=other).json["state"] == "valid"
    assert [key for key in vtr.aws.object_keys() if key.startswith("reports/bolt/")]


@pytest.mark.parametrize("again", [False, True])
def test_bodies_about_a_number_that_two_accounts_claim_go_only_if_told_so(
    vtr: Deployment, *, again: bool
) -> None:
    a_shop(vtr)
    vtr.call("PUT", PACKAGE, a_package(), key=vtr.key(account="bolt"))
    ports = vtr.aws.ports()
    command = a_command(vtr.settle, shared=again)
    receipt = erase_order(ports, account_of(ports, "acme"), "114-1", command)
    assert receipt.erased["archived"] == int(again)


def test_every_table_is_looked_into() -> None:
    """What has no trace must not merely have been missed."""
    assert len(list(resources(data_template(), "AWS::DynamoDB::Table"))) == 6
