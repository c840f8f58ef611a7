"""Deploy a template, and wait until it is done."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from vtr_local.artifacts import Artifacts
from vtr_local.aws import LocalAws
from vtr_local.errors import LocalStackError

DEADLINE_SECONDS = 120.0
POLL_SECONDS = 0.1
NO_CHANGE = "No updates are to be performed"
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE")
BEGINNING = "User Initiated"
NEVER_CREATED = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")


@dataclass(frozen=True, slots=True)
class Deployment:
    """The stack's outputs, and whether it was ``created`` by this deployment."""

    outputs: dict[str, str]
    created: bool


def deploy(
    template: Path, *, stack: str, artifacts: Artifacts, parameters: Mapping[str, str]
) -> Deployment:
    """Create or update *stack* from *template*."""
    aws = artifacts.aws
    artifacts.open_bucket()
    template_url = artifacts.publish(template)
    exists = _exists(aws, stack)
    if _request(aws, stack, template_url, parameters, exists=exists):
        _wait_until_done(aws, stack)
    found = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return Deployment(
        outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
        created=not exists,
    )


def _request(
    aws: LocalAws, stack: str, template_url: str, parameters: Mapping[str, str], *, exists: bool
) -> bool:
    """Request *stack* as in the template; return False if it is already so.

    Not by change set: the emulator's change sets miss a change of outputs, or of an attribute that
    is read with ``Fn::GetAtt``.
    """
    request = aws.cloudformation.update_stack if exists else aws.cloudformation.create_stack
    try:
        request(
            StackName=stack,
            TemplateURL=template_url,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as error:
        if exists and NO_CHANGE in error.response["Error"]["Message"]:
            return False
        raise
    return True


def _exists(aws: LocalAws, stack: str) -> bool:
    """Return whether there is a stack to update; delete one that was never created completely."""
    try:
        found = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return False
    if found["StackStatus"] in NEVER_CREATED:
        aws.cloudformation.delete_stack(StackName=stack)
        # A deleted stack is found only by its id.
        _wait_until_done(aws, found["StackId"])
        return False
    return True


def _wait_until_done(aws: LocalAws, stack: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        found = aws.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if found["StackStatus"] in DONE:
            return
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            raise LocalStackError(f"The deployment failed. {_first_failure(aws, stack)}")
        time.sleep(POLL_SECONDS)
    raise LocalStackError(f"The deployment did not end within {DEADLINE_SECONDS:.0f} seconds.")


def _first_failure(aws: LocalAws, stack: str) -> str:
    """Return the failure of this deployment that caused the others: events come newest first."""
    failure = "No resource says why."
    for event in aws.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]:
        reason = event.get("ResourceStatusReason", "")
        if reason == BEGINNING:
            break
        if "FAILED" in event["ResourceStatus"]:
            failure = f"{event['LogicalResourceId']}: {reason}"
    return failure
