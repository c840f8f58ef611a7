"""``vtr rollback``: let every function run what it ran before the last deployment."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import typer

from vtr_cli.deployed import Deployed, deployed
from vtr_cli.target import StackOption
from vtr_client.console import messages, output, table
from vtr_client.errors import CommandError

ALIAS = "live"
"""The alias that the template publishes versions under, and that everything calls."""

TIME = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


class Change(NamedTuple):
    """A function, the version that its alias names, and the one that it is to name."""

    function: str
    physical_id: str
    current: str
    target: str


def rollback(
    *,
    before: Annotated[
        datetime | None,
        typer.Option(
            formats=TIME,
            metavar="TIME",
            help="Run what was published before this time, in UTC; by default before the last "
            "deployment began.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    stack: StackOption = None,
) -> None:
    """Let every function run what it ran before the last deployment, within seconds.

    Code and configuration of functions go back; queues, alarms and data stay. The next deployment
    that changes anything goes forward again.
    """
    with deployed(stack) as found:
        end = before.replace(tzinfo=UTC) if before else _last_deployment(found)
        changes = list(_changes(found, end))
        _print(changes)
        moving = [change for change in changes if change.current != change.target]
        if dry_run:
            messages().print(f"{len(moving)} would go back; nothing was changed.")
            return
        for change in moving:
            found.client("lambda").update_alias(
                FunctionName=change.physical_id,
                Name=ALIAS,
                FunctionVersion=change.target,
                RoutingConfig={"AdditionalVersionWeights": {}},
            )
        messages().print(f"{len(moving)} of {len(changes)} functions went back.")


def _last_deployment(found: Deployed) -> datetime:
    stacks = found.client("cloudformation").describe_stacks(StackName=found.name)["Stacks"]
    began: datetime = stacks[0].get("LastUpdatedTime") or stacks[0]["CreationTime"]
    return began


def _changes(found: Deployed, end: datetime) -> Iterator[Change]:
    """Yield every function with the newest version from before *end*; change nothing."""
    functions = found.client("lambda")
    for name, physical_id in sorted(found.of_kind("AWS::Lambda::Function").items()):
        live = functions.get_function_configuration(FunctionName=physical_id, Qualifier=ALIAS)
        published = _published_before(functions, physical_id, end)
        if not published:
            raise CommandError(
                f"{name} has no version from before {end:%Y-%m-%d %H:%M:%S} UTC, so nothing was "
                "changed. Deploy an older release instead."
            )
        yield Change(name, physical_id, live["Version"], str(max(published)))


def _published_before(functions: Any, physical_id: str, end: datetime) -> list[int]:
    """Return the numbers of versions; they rise, so the greatest is the newest."""
    pages = functions.get_paginator("list_versions_by_function")
    return [
        int(each["Version"])
        for page in pages.paginate(FunctionName=physical_id)
        for each in page["Versions"]
        if each["Version"].isdecimal() and datetime.fromisoformat(each["LastModified"]) < end
    ]


def _print(changes: list[Change]) -> None:
    out = output()
    rows = table(out, ("Function", "Runs", "Goes back to"), numbers=("Runs", "Goes back to"))
    for change in changes:
        target = "-" if change.current == change.target else change.target
        rows.add_row(change.function, change.current, target)
    out.print(rows)
