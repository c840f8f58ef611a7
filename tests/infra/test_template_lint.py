"""The templates themselves: what cfn-lint says of them, and how they keep the data."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from support.aws import PROJECT, data_template
from vtr.adapters.dynamodb.tables import TABLES
from vtr.domain.reports import DOCUMENT_LIFETIME
from vtr.domain.retention import ARCHIVE_MARGIN, months_after
from vtr.use_cases.policy_in_force import months_kept
from vtr_cli.protect import DATA_POLICY
from vtr_local.template import Properties, resources

TEMPLATES = [PROJECT / "template.yaml", *sorted((PROJECT / "infra").glob("*.yaml"))]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_cfn_lint_has_nothing_to_say(template: Path) -> None:
    assert [str(match) for match in lint_file(template)] == []


def test_each_exception_from_checkov_has_a_reason() -> None:
    text = (PROJECT / ".checkov.yaml").read_text("utf-8")
    exceptions = re.findall(r"^  - (CKV\w+)(?: +# (.+))?$", text, re.MULTILINE)
    assert all(len(reason.split()) > 5 for _, reason in exceptions)
    assert [name for name, _ in exceptions] == yaml.safe_load(text)["skip-check"]


def lasting_tables() -> dict[str, Properties]:
    """Every table but the one whose items matter for minutes, or for days."""
    tables = resources(data_template(), "AWS::DynamoDB::Table")
    return {name: table for name, table in tables if name != "TransientTable"}


def test_what_an_order_leaves_behind_expires_and_accounts_never_do() -> None:
    """By the attribute that the adapters write."""
    tables = dict(resources(data_template(), "AWS::DynamoDB::Table"))
    expiring = {name for name, table in tables.items() if "TimeToLiveSpecification" in table}
    assert tables.keys() - expiring == {"AccountsTable"}
    for name in expiring:
        ttl = tables[name]["TimeToLiveSpecification"]
        assert ttl == {"AttributeName": "expiration", "Enabled": True}
        assert "expiration" in TABLES[name.removesuffix("Table").lower()].get_attributes()


def lives_of_objects() -> dict[str, object]:
    """The days after which the bucket deletes what lies under each prefix."""
    (bucket,) = (b for _, b in resources(data_template(), "AWS::S3::Bucket"))
    rules = bucket["LifecycleConfiguration"]["Rules"]
    return {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}


def test_objects_live_as_long_as_what_they_belong_to() -> None:
    lives = lives_of_objects()
    assert lives["ended/"] == {"Ref": "EndedDaysLife"}
    assert lives["reports/"] == DOCUMENT_LIFETIME.days
    longest = months_kept()
    kept = months_after(date(2026, 7, 1), longest) - date(2026, 7, 1)
    assert timedelta(0) <= timedelta(days=int(str(lives["raw/"]))) - kept <= ARCHIVE_MARGIN


def test_whatever_holds_data_outlives_the_stack() -> None:
    held = data_template()["Resources"]
    buckets = dict(resources(data_template(), "AWS::S3::Bucket"))
    assert lasting_tables().keys() >= {"OrdersTable", "ParcelsTable", "AccountsTable"}
    for name in (*lasting_tables(), *buckets):
        assert held[name]["DeletionPolicy"] == "RetainExceptOnCreate", name
        assert held[name]["UpdateReplacePolicy"] == "Retain", name


def test_a_table_keeps_a_history_to_restore_from_and_refuses_to_be_deleted() -> None:
    for name, table in lasting_tables().items():
        assert table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}, name
        restore = table["PointInTimeRecoverySpecification"]
        assert restore == {"PointInTimeRecoveryEnabled": {"Fn::If": ["Protected", True, False]}}


def test_the_bucket_is_private_and_leaves_no_orphan_parts() -> None:
    (bucket,) = (b for _, b in resources(data_template(), "AWS::S3::Bucket"))
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    assert {rule.get("Prefix") for rule in rules} >= {"reports/", "deliveries/"}


def test_what_is_deleted_from_the_bucket_can_be_restored_for_as_long_as_a_table() -> None:
    (bucket,) = (b for _, b in resources(data_template(), "AWS::S3::Bucket"))
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = (
        rule
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "NoncurrentVersionExpiration" in rule
    )
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 35}
    assert rule["ExpiredObjectDeleteMarker"]
    assert "Prefix" not in rule


def test_a_protected_table_is_made_when_nothing_else_can_fail_the_first_deployment() -> None:
    resources_ = data_template()["Resources"]
    for name in lasting_tables():
        assert resources_[name]["DependsOn"] == "Bucket", name
    waiting = {name for name, each in resources_.items() if "BackupSelection" in each["Type"]}
    assert waiting == {"BackupSelection"}


def test_an_update_can_neither_replace_nor_delete_what_holds_data() -> None:
    statements = json.loads(DATA_POLICY.read_text("utf-8"))["Statement"]
    (denied,) = (each for each in statements if each["Effect"] == "Deny")
    kinds = {resource["Type"] for resource in _kept().values()}
    assert set(denied["Condition"]["StringEquals"]["ResourceType"]) == kinds
    assert (denied["Action"], denied["Resource"]) == (["Update:Replace", "Update:Delete"], "*")


def test_a_backup_has_every_lasting_table_and_the_bucket() -> None:
    ((_, chosen),) = resources(data_template(), "AWS::Backup::BackupSelection")
    copied = {each["Fn::GetAtt"][0] for each in chosen["BackupSelection"]["Resources"]}
    assert copied == {name for name in _kept() if name != "BackupVault"}


def test_what_functions_import_is_exported_under_the_name_of_the_datas_stack() -> None:
    templates = [(PROJECT / name).read_text("utf-8") for name in TEMPLATES]
    asked = set(re.findall(r'"\$\{DataStack\}-(\w+)"', "\n".join(templates)))
    outputs = data_template()["Outputs"]
    exported = {name: output["Export"]["Name"]["Fn::Sub"] for name, output in outputs.items()}
    assert exported == {name: f"${{AWS::StackName}}-{name}" for name in outputs}
    assert asked == exported.keys()


def _kept() -> dict[str, Properties]:
    return {
        name: resource
        for name, resource in data_template()["Resources"].items()
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate"
    }


def test_a_report_is_offered_for_as_long_as_the_bucket_keeps_its_document() -> None:
    (bucket,) = (b for _, b in resources(data_template(), "AWS::S3::Bucket"))
    rules = bucket["LifecycleConfiguration"]["Rules"]
    (days,) = (rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "reports/")
    assert timedelta(days=days) == DOCUMENT_LIFETIME
