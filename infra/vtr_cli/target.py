"""The stack that a command addresses: named by options or environment, else the local one."""

from contextlib import AbstractContextManager
from typing import Annotated

import typer

from vtr.bootstrap import AwsPorts
from vtr.domain.policies import policy_ids
from vtr_client.api import ApiClient
from vtr_client.errors import CommandError, InputError
from vtr_local.home import Home
from vtr_local.keys import LOCAL_OPERATOR
from vtr_local.ports import deployed_ports, local_ports
from vtr_local.record import StackRecord

PANEL = "Which stack"
WITH_KEY = "--url and --key (VTR_API_URL and VTR_API_KEY)"
WITH_STACK = "--stack"

UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="VTR_API_URL",
        metavar="URL",
        help="The API to call; by default the local stack's.",
        rich_help_panel=PANEL,
    ),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        envvar="VTR_API_KEY",
        metavar="vtr_…",
        help="The API key, or the account of one that this machine's stack has; by default acme.",
        rich_help_panel=PANEL,
        show_envvar=True,
    ),
]
PolicyOption = Annotated[str, typer.Option(metavar="NAME", help="The marketplace's rules.")]
StackOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="A stack on AWS, with your shell's credentials; by default the local one.",
        rich_help_panel=PANEL,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON instead, for programs.", show_default=False)
]


def connect(url: str | None, key: str | None) -> ApiClient:
    """Open the API at *url* with *key*; what was not named is the local stack's."""
    if url and key:
        return ApiClient(url, key)
    record = local_stack(WITH_KEY)
    if url and url.rstrip("/") != record.api_url:
        raise CommandError(f"{url} needs a key: name it with --key or VTR_API_KEY.")
    return ApiClient(record.api_url, record.keys.get(key or "", key) or record.default_key)


def ports_of(stack: str | None) -> AbstractContextManager[AwsPorts]:
    """Open the ports of a stack on AWS, or of the local one if none is named."""
    return deployed_ports(stack) if stack else local_ports(local_stack(WITH_STACK))


def operator(stack: str | None) -> str:
    """Return who runs the command: the caller identity from AWS, or the local operator."""
    if stack is None:
        return LOCAL_OPERATOR
    import boto3  # noqa: PLC0415  slow to import, and most commands make no client

    arn: str = boto3.client("sts").get_caller_identity()["Arn"]
    return arn


def api_url(stack: str | None) -> str:
    """Return the URL of a stack's API: its own domain, if it has one."""
    if stack is None:
        return local_stack(WITH_STACK).api_url
    import boto3  # noqa: PLC0415  slow to import, and only this needs it

    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    if "ApiUrl" not in outputs:
        raise CommandError(f"{stack} is no stack of this project: it has no output ApiUrl.")
    url: str = outputs["ApiUrl"]
    return url


def known_policy(policy: str) -> str:
    if policy not in policy_ids():
        known = ", ".join(sorted(policy_ids()))
        raise InputError(f"There is no policy {policy}. The known ones are {known}.")
    return policy


def local_stack(otherwise: str) -> StackRecord:
    """Return the record of the local stack; raise a ``CommandError`` if none was deployed.

    *otherwise* are the options of the command that name another stack.
    """
    record = StackRecord.load(Home.from_env())
    if record is None or not record.api_url:
        raise CommandError(
            "There is no local stack yet. Bring it up with vtr up, or name a deployed one with "
            f"{otherwise}."
        )
    return record
