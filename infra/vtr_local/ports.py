"""The ports of a stack, for the marketplace's own commands: keys, waivers, sources."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from pynamodb.exceptions import PynamoDBException

from vtr.bootstrap import AwsPorts
from vtr.settings import Settings
from vtr_local.aws import OWNER, REGION, LocalAws
from vtr_local.errors import LocalStackError
from vtr_local.record import StackRecord
from vtr_local.stack import STACK


@contextmanager
def local_ports(record: StackRecord) -> Iterator[AwsPorts]:
    """Open the ports of the local stack."""
    aws = LocalAws(record.endpoint)
    owner = {
        "AWS_ENDPOINT_URL": record.endpoint,
        "AWS_ACCESS_KEY_ID": OWNER,
        "AWS_SECRET_ACCESS_KEY": OWNER,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }
    with _failures_as_sentences(), _environment(owner):
        try:
            ports = _ports(aws.cloudformation, aws.functions, STACK)
        except EndpointConnectionError:
            raise LocalStackError("The local stack is not up. Bring it up with vtr up.") from None
        yield ports


@contextmanager
def deployed_ports(stack: str) -> Iterator[AwsPorts]:
    """Open the ports of a stack on AWS, with the credentials of the environment."""
    import boto3  # noqa: PLC0415  slow to import, and most commands make no client

    with _failures_as_sentences():
        yield _ports(boto3.client("cloudformation"), boto3.client("lambda"), stack)


def _ports(cloudformation: Any, functions: Any, stack: str) -> AwsPorts:
    """Build the ports from the environment variables of all functions of *stack*.

    Each function gets only what it needs; together they name everything, so neither the template
    nor the command line has to repeat it.
    """
    settings: dict[str, str] = {}
    for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
        if resource["ResourceType"] == "AWS::Lambda::Function":
            name = resource["PhysicalResourceId"]
            deployed = functions.get_function_configuration(FunctionName=name)
            settings |= deployed.get("Environment", {}).get("Variables", {})
    return AwsPorts(Settings.from_env(settings))


@contextmanager
def _failures_as_sentences() -> Iterator[None]:
    try:
        yield
    except NoRegionError:
        raise LocalStackError("No AWS region is named. Set AWS_REGION.") from None
    except NoCredentialsError:
        raise LocalStackError(
            "There are no AWS credentials. Sign in with the AWS CLI, or set AWS_PROFILE."
        ) from None
    except (BotoCoreError, ClientError, PynamoDBException) as error:
        raise LocalStackError(f"The stack did not do it: {error}") from error


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Replace the user's AWS variables by *variables* while the context is open."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("AWS_"):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
