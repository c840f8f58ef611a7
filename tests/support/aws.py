"""AWS in this process, by moto: the tables, queues and bucket that the templates declare."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.loaders import Loader, create_loader
from moto import mock_aws

from vtr.bootstrap import AwsPorts
from vtr.clock import now
from vtr.settings import Settings
from vtr_local.template import Properties, Template, load_template, resources

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

PROJECT = Path(__file__).parents[2]
REGION = "eu-central-1"
STACK = "vtr"
BUCKET = "vtr-bucket"

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
}


@cache
def main_template() -> Template:
    return load_template(PROJECT / "template.yaml")


@cache
def data_template() -> Template:
    return load_template(PROJECT / "infra" / "data.yaml")


@cache
def permissions_template() -> Template:
    return load_template(PROJECT / "infra" / "permissions.yaml")


def role_of(function: str) -> str:
    """Return the logical id of the role that one function runs with, in the permissions."""
    match functions()[function]["Role"]:
        case {"Fn::GetAtt": ["Permissions", str(output)]}:
            outputs = permissions_template()["Outputs"]
            role, _ = outputs[output.removeprefix("Outputs.")]["Value"]["Fn::GetAtt"]
            return str(role)
    raise ValueError(f"{function} has no role of its own")


def statements_of(role: str) -> Iterator[tuple[str, Properties]]:
    """Yield what a role may do, its own and what it shares: the policy's name and a statement."""
    held = permissions_template()["Resources"]
    for policy in held[role]["Properties"].get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield role, statement
    shared = [each["Ref"] for each in held[role]["Properties"].get("ManagedPolicyArns", [])]
    for name, policy in resources(permissions_template(), "AWS::IAM::ManagedPolicy"):
        if name in shared or {"Ref": role} in policy.get("Roles", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def imported(export: Any) -> Any:
    """Return the value behind an import: what the data's template exports under this name."""
    (value,) = (
        output["Value"]
        for output in data_template()["Outputs"].values()
        if _in_data_stack(output["Export"]["Name"], "AWS::StackName")
        == _in_data_stack(export, "DataStack")
    )
    return value


def _in_data_stack(name: dict[str, str], stack: str) -> str:
    return name["Fn::Sub"].replace(f"${{{stack}}}", "vtr-data")


def functions() -> dict[str, Properties]:
    """Every function of the template by its module: ``submit_tracking`` and its like."""
    found = resources(main_template(), "AWS::Serverless::Function")
    return {properties["Handler"].partition(".")[0]: properties for _, properties in found}


@dataclass(frozen=True)
class Aws:
    """An account with everything deployed but the functions."""

    queues: Mapping[str, str]

    def environment_of(self, function: str) -> dict[str, str]:
        """What the template gives one function, and nothing more."""
        shared = main_template()["Globals"]["Function"]["Environment"]["Variables"]
        own = functions()[function].get("Environment", {}).get("Variables", {})
        return {name: self._resolved(value) for name, value in {**shared, **own}.items()}

    @property
    def environment(self) -> dict[str, str]:
        """What all functions together are given."""
        merged: dict[str, str] = {}
        for function in functions():
            merged |= self.environment_of(function)
        return merged

    def ports(self, clock: Callable[[], datetime] = now) -> AwsPorts:
        return AwsPorts(Settings.from_env(self.environment), clock)

    @property
    def sqs(self) -> "SQSClient":
        client: SQSClient = _client("sqs")
        return client

    @property
    def s3(self) -> "S3Client":
        client: S3Client = _client("s3")
        return client

    @property
    def secrets(self) -> "SecretsManagerClient":
        client: SecretsManagerClient = _client("secretsmanager")
        return client

    def set_secrets(self, source: str, secrets: Sequence[str]) -> None:
        """Set a source's live secrets, newest first."""
        name, value = f"{STACK}/sources/{source}", json.dumps({"secrets": list(secrets)})
        try:
            self.secrets.create_secret(Name=name, SecretString=value)
        except self.secrets.exceptions.ResourceExistsException:
            self.secrets.put_secret_value(SecretId=name, SecretString=value)

    def take(self, queue: str) -> list["MessageTypeDef"]:
        """Take all that waits in a queue, by the queue's name in the template."""
        taken: list[MessageTypeDef] = []
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.queues[queue],
                MaxNumberOfMessages=10,
                WaitTimeSeconds=0,
                AttributeNames=["All"],
            )
            if not (messages := answer.get("Messages", [])):
                return taken
            for message in messages:
                handle = message["ReceiptHandle"]
                self.sqs.delete_message(QueueUrl=self.queues[queue], ReceiptHandle=handle)
            taken.extend(messages)

    def object_keys(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET)
        return [entry["Key"] for entry in found.get("Contents", [])]

    def drop_tables(self) -> None:
        """Take every table away, so that whatever needs one fails."""
        for name, _ in resources(data_template(), "AWS::DynamoDB::Table"):
            _client("dynamodb").delete_table(TableName=_physical(name))

    def _resolved(self, value: Any) -> str:
        """Resolve the few intrinsic functions that a function's environment is written with."""
        match value:
            case str():
                return value
            case {"Ref": str(name)} if name in self.queues:
                return self.queues[name]
            case {"Ref": "AWS::StackName"}:
                return STACK
            case {"Ref": str(name)}:
                return str(main_template()["Parameters"][name]["Default"])
            case {"Fn::ImportValue": export}:
                return _physical(imported(export)["Ref"])
            case {"Fn::Sub": str(text)}:
                return text.replace("${AWS::StackName}", STACK)
        raise ValueError(f"no test resolves {value!r} yet")


@contextmanager
def aws_account() -> Iterator[Aws]:
    """An account of its own: it begins empty and is gone afterwards."""
    with (
        pytest.MonkeyPatch.context() as environment,
        mock_aws(config={"core": {"reset_boto3_session": False}}),
    ):
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        environment.setattr("botocore.session.create_loader", _loader)
        _create_tables()
        _client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield Aws(queues=_create_queues())


@cache
def _loader(search_path: str | None = None) -> Loader:
    """One loader for all sessions: each of its own would parse botocore's megabytes again."""
    return create_loader(search_path)


@cache
def _client(service: str) -> Any:
    return boto3.client(service)


def _create_tables() -> None:
    dynamodb = _client("dynamodb")
    for name, table in resources(data_template(), "AWS::DynamoDB::Table"):
        dynamodb.create_table(
            TableName=_physical(name),
            **{key: table[key] for key in ("KeySchema", "AttributeDefinitions", "BillingMode")},
        )


def _create_queues() -> dict[str, str]:
    """The queues, without their delays: a test that waits for a clock is slow or wrong."""
    sqs: SQSClient = _client("sqs")
    return {
        name: sqs.create_queue(
            QueueName=f"{name}.fifo" if queue.get("FifoQueue") else name,
            Attributes={"FifoQueue": "true"} if queue.get("FifoQueue") else {},
        )["QueueUrl"]
        for name, queue in resources(main_template(), "AWS::SQS::Queue")
    }


def _physical(logical_id: str) -> str:
    return BUCKET if logical_id == "Bucket" else f"{STACK}-{logical_id}"
