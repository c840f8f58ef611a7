"""The templates themselves: what cfn-lint says of them, and how they keep the data."""

from datetime import timedelta
from pathlib import Path

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from support.aws import PROJECT, data_template
from vtr.domain.reports import DOCUMENT_LIFETIME
from vtr_local.template import Properties, resources

TEMPLATES = ["template.yaml", "infra/data.yaml", "infra/observability.yaml"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_has_nothing_to_say(name: str) -> None:
    assert [str(match) for match in lint_file(Path(PROJECT / name))] == []


def lasting_tables() -> dict[str, Properties]:
    """Every table but those whose items are forgotten by themselves."""
    tables = resources(data_template(), "AWS::DynamoDB::Table")
    return {name: table for name, table in tables if "TimeToLiveSpecification" not in table}


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


def test_a_report_is_offered_for_as_long_as_the_bucket_keeps_its_document() -> None:
    (bucket,) = (b for _, b in resources(data_template(), "AWS::S3::Bucket"))
    rules = bucket["LifecycleConfiguration"]["Rules"]
    (days,) = (rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "reports/")
    assert timedelta(days=days) == DOCUMENT_LIFETIME
