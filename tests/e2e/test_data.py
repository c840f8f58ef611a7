"""The data's stack on the local stack: protected, damaged, and restored from a copy."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from support.command_line import CommandLine
from support.stack import LocalStack, eventually, free_port, local_stack
from vtr.domain.accounts import Scope
from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Status
from vtr_cli.doctor_data import check_protection
from vtr_cli.table_copies import tables
from vtr_local.aws import OWNER, REGION, LocalAws
from vtr_local.errors import LocalStackError
from vtr_local.home import PROJECT, Home
from vtr_local.ports import local_ports
from vtr_local.record import StackRecord
from vtr_local.stack import DATA_STACK, DATA_TEMPLATE, STACK, TEMPLATE, down, up

pytestmark = pytest.mark.e2e

SHIPPED = (datetime.now(UTC) - timedelta(days=5)).date()
NUMBERS = ("1Z410E7W0392751591", "1Z999AA10123456784", "1Z12345E0291980793")
Table = dict[str, dict[str, Any]]


@pytest.fixture
def vtr(real_stack: LocalStack) -> CommandLine:
    return CommandLine(real_stack.home.root, {})


@pytest.fixture
def found(real_stack: LocalStack) -> Iterator[Deployed]:
    with local_ports(real_stack.record) as ports:
        yield Deployed(STACK, ports)


def project_at(folder: Path) -> Path:
    """Copy what is deployed to *folder*, to change it there; return the functions' template."""
    shutil.copytree(PROJECT / "infra", folder / "infra", ignore=shutil.ignore_patterns("vtr_*"))
    shutil.copytree(PROJECT / "functions", folder / "functions")
    return Path(shutil.copy(TEMPLATE, folder / "template.yaml"))


def test_a_first_deployment_that_failed_leaves_no_table(tmp_path: Path) -> None:
    template, home = project_at(tmp_path), Home(tmp_path / "home")
    data = template.parent / DATA_TEMPLATE
    good = data.read_text("utf-8")
    broken = "Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt RatesTable.Nothing}}"
    data.write_text(
        good.replace("Resources:", f"Resources:\n  Broken: {{Type: AWS::SQS::Queue, {broken}}}", 1),
        "utf-8",
    )
    try:
        with pytest.raises(LocalStackError, match=r"Broken: .*Nothing"):
            up(home, port=free_port(), template=template)
        record = StackRecord.load(home)
        assert record is not None
        assert left_in(record) == ([], [])
        data.write_text(good, "utf-8")
        names, buckets = left_in(up(home, template=template))
        assert (len(names), len(buckets)) == (6, 1)
    finally:
        down(home, wipe=True)


def left_in(record: StackRecord) -> tuple[list[str], list[str]]:
    """The tables and the buckets of the data's stack that are there."""
    listed = LocalAws(record.endpoint).s3.list_buckets()["Buckets"]
    buckets = [each["Name"] for each in listed if each["Name"].startswith(DATA_STACK)]
    dynamodb: Any = boto3.client(
        "dynamodb",
        endpoint_url=record.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )
    return dynamodb.list_tables()["TableNames"], buckets


def test_functions_that_were_taken_away_find_their_data_when_they_are_back(tmp_path: Path) -> None:
    with local_stack(tmp_path / "home") as stack:
        key = stack.create_key(*Scope, account="restored")
        sell(stack, key)
        rate = eventually(lambda: settled_rate(stack, key), seconds=20)
        assert rate
        cloudformation = LocalAws(stack.endpoint).cloudformation
        cloudformation.delete_stack(StackName=STACK)
        assert eventually(lambda: len(left_in(stack.record)[0])) == 6
        back = LocalStack(stack.home, up(stack.home))
        assert settled_rate(back, key) == rate


def test_a_protected_stack_cannot_be_deleted_and_the_doctor_says_what_lacks(
    vtr: CommandLine, found: Deployed
) -> None:
    cloudformation = found.client("cloudformation")
    assert f"{DATA_STACK}: stack policy" in lacking(found)
    assert "cannot be deleted" in vtr("protect").err
    for stack in (STACK, DATA_STACK):
        with pytest.raises(cloudformation.exceptions.ClientError, match="TerminationProtection"):
            cloudformation.delete_stack(StackName=stack)
    assert "stack policy" not in lacking(found)
    assert "termination protection" not in lacking(found)
    assert "orders: deletion protection" in lacking(found)  # a local table may be deleted
    for stack in (STACK, DATA_STACK):
        cloudformation.update_termination_protection(
            StackName=stack, EnableTerminationProtection=False
        )


def lacking(found: Deployed) -> str:
    """What the doctor says that the protection lacks."""
    (finding,) = check_protection(found, datetime.now(UTC))
    assert finding.status is Status.WARN
    return finding.found


def test_damaged_tables_are_restored_from_a_copy_and_the_rates_are_as_before(
    real_stack: LocalStack, vtr: CommandLine, found: Deployed
) -> None:
    key = real_stack.create_key(*Scope, account="restored")
    sell(real_stack, key)
    rate = eventually(lambda: settled_rate(real_stack, key), seconds=20)
    before = {kind: items(found, name) for kind, name in tables(found).items()}
    no_copy = vtr("restore", "prepare")
    assert (no_copy.exit_code, "no point-in-time recovery" in no_copy.err) == (1, True)
    keep_history(found)

    copy = vtr("restore", "prepare").out.strip()
    damage(found)
    chosen = [word for kind in before if kind != "rates" for word in ("--table", kind)]
    assert vtr("restore", "tables", copy, "--overwrite", *chosen).exit_code == 0
    # Counts were lost too, and not brought back: the reconcile has made them anew.
    assert eventually(lambda: settled_rate(real_stack, key) == rate, seconds=60)
    for kind in ("orders", "parcels", "packages", "accounts"):
        assert items(found, tables(found)[kind]) == before[kind]
    told = json.loads(vtr("doctor", "--json", "--account", "restored").out)["findings"]
    assert [each["status"] for each in told if each["check"] == "drift"] == ["ok"]

    assert "Left as it is" in vtr("restore", "tables", copy).out
    unknown = vtr("restore", "tables", copy, "--table", "invoices")
    assert (unknown.exit_code, "There is no table invoices" in unknown.err) == (2, True)
    overwritten = vtr("restore", "tables", copy, "--overwrite").out
    assert "Overwritten" in overwritten
    assert "accounts" not in overwritten
    assert vtr("restore", "finish", copy).exit_code == 0
    gone = vtr("restore", "tables", copy)
    assert (gone.exit_code, f"There is no copy {copy}" in gone.err) == (2, True)


def sell(stack: LocalStack, key: str) -> None:
    placed_at = (datetime.now(UTC) - timedelta(days=6)).isoformat()
    with stack.http(key) as http:
        for count, number in enumerate(NUMBERS):
            package = {
                "carrier": "UPS",
                "tracking_number": number,
                "ship_date": SHIPPED.isoformat(),
                "order": {"placed_at": placed_at, "category": "books"},
            }
            sent = http.put(f"/v1/orders/114-restored-{count}/packages/1", json=package)
            assert sent.status_code == 201


def settled_rate(stack: LocalStack, key: str) -> Any:
    """The account's rate without its moment, once all its packages are counted."""
    with stack.http(key) as http:
        rate = http.get("/v1/rates").json()
    del rate["as_of"]
    return rate if rate["overall"]["packages"] == len(NUMBERS) else None


def keep_history(found: Deployed) -> None:
    """Switch on what a local stack, which may lose its data, does without."""
    for name in tables(found).values():
        found.client("dynamodb").update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )


def damage(found: Deployed) -> None:
    """Lose an order, a parcel, a row, the counts and the account; garble another of each truth."""
    dynamodb = found.client("dynamodb")
    names = tables(found)
    for kind, content in (("orders", "order"), ("parcels", "parcel"), ("packages", "evidence")):
        lost, garbled, *_ = [
            item for item in items(found, names[kind]).values() if "restored" in json.dumps(item)
        ]
        dynamodb.delete_item(TableName=names[kind], Key=key_of(lost))
        dynamodb.put_item(TableName=names[kind], Item={**garbled, content: {"S": "{}"}})
    for item in items(found, names["rates"]).values():
        if item["pk"]["S"] == "restored":
            dynamodb.delete_item(TableName=names["rates"], Key=key_of(item))
    for item in items(found, names["accounts"]).values():
        if item["sk"]["S"] == "restored":
            dynamodb.delete_item(TableName=names["accounts"], Key=key_of(item))


def items(found: Deployed, table: str) -> dict[str, Table]:
    pages = found.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return {str(key_of(item)): item for page in pages for item in page["Items"]}


def key_of(item: Table) -> Table:
    return {name: item[name] for name in ("pk", "sk") if name in item}


def test_deleted_objects_are_brought_back_and_older_deletions_are_left(
    vtr: CommandLine, found: Deployed
) -> None:
    (bucket,) = found.of_kind("AWS::S3::Bucket").values()
    s3 = found.client("s3")
    for key in ("raw/kept", "raw/lost", "reports/lost"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    s3.delete_object(Bucket=bucket, Key="raw/lost")
    s3.delete_object(Bucket=bucket, Key="reports/lost")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert "0 objects" in vtr("restore", "objects", "raw/", "--since", f"{later:%FT%TZ}").err
    earlier = later - timedelta(hours=2)
    assert "1 object" in vtr("restore", "objects", "raw/", "--since", f"{earlier:%FT%TZ}").err
    assert s3.get_object(Bucket=bucket, Key="raw/lost")["Body"].read() == b"raw/lost"
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents", [])
    assert "reports/lost" not in [each["Key"] for each in listed]
