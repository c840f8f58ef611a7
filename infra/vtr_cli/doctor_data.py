"""The check of ``vtr doctor`` that the data outlives mistakes."""

from collections.abc import Iterator
from datetime import datetime

from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Finding, Status
from vtr_cli.table_copies import tables


def check_protection(found: Deployed, _: datetime) -> Iterator[Finding]:
    """Check what keeps the data from being lost, and what it could be restored from."""
    lacking = [*_of_tables(found), *_of_bucket(found), *_of_stacks(found)]
    yield Finding(
        "protection",
        Status.WARN if lacking else Status.OK,
        f"lacks {', '.join(lacking)}" if lacking else "of tables, bucket and stacks",
        "deploy infra/data.yaml with Protect=true, then vtr protect" if lacking else "",
    )


def _of_tables(found: Deployed) -> Iterator[str]:
    dynamodb = found.client("dynamodb")
    for kind, name in tables(found).items():
        described = dynamodb.describe_table(TableName=name)["Table"]
        if not described.get("DeletionProtectionEnabled"):
            yield f"{kind}: deletion protection"
        answer = dynamodb.describe_continuous_backups(TableName=name)
        recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
            yield f"{kind}: recovery"


def _of_bucket(found: Deployed) -> Iterator[str]:
    for bucket in found.of_kind("AWS::S3::Bucket").values():
        if found.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            yield "versions of objects"


def _of_stacks(found: Deployed) -> Iterator[str]:
    cloudformation = found.client("cloudformation")
    for name in (found.data_stack, found.name):
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        if not stack.get("EnableTerminationProtection"):
            yield f"{name}: termination protection"
    if not cloudformation.get_stack_policy(StackName=found.data_stack).get("StackPolicyBody"):
        yield f"{found.data_stack}: stack policy"
