"""``vtr logs``: what the functions and the gateway of a stack have logged."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from vtr_cli.deployed import deployed
from vtr_cli.target import JsonOption, StackOption
from vtr_client.console import messages, output, print_json
from vtr_client.errors import InputError

DEFAULT_MINUTES, DEFAULT_LINES = 15, 200
Event = dict[str, Any]


def logs(
    *,
    request: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only lines with this id, as an error's request_id."),
    ] = None,
    minutes: Annotated[int, typer.Option(min=1, help="How far back to look.")] = DEFAULT_MINUTES,
    limit: Annotated[int, typer.Option(min=1, help="How many lines at most, the newest.")] = (
        DEFAULT_LINES
    ),
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Print what the stack has logged, oldest first: time, log stream, line.

    With --json each line is a document.
    """
    if request is not None and '"' in request:
        raise InputError("An id has no quotes. Copy the request_id of an error.")
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    with deployed(stack) as found:
        groups = found.of_kind("AWS::Logs::LogGroup").values()
        events = read_logs(found.client("logs"), groups, since, request)
    for event in events[-limit:]:
        if json:
            print_json(event, indent=None)
        else:
            line = f"{event['at']}  {event['stream']}  {event['message']}"
            output().print(line, soft_wrap=True)
    if not events:
        messages().print(f"Nothing was logged in {minutes} min; --minutes looks further back.")
    elif len(events) > limit:
        messages().print(f"These are the newest {limit} of {len(events)}; --limit shows more.")


def read_logs(
    client: Any, groups: Iterable[str], since: datetime, text: str | None = None
) -> list[Event]:
    """Return the events of all *groups* in the order of time; with *text*, those that hold it."""
    found = [event for group in groups for event in _events(client, group, since, text)]
    return sorted(found, key=lambda event: str(event["at"]))


def _events(client: Any, group: str, since: datetime, text: str | None) -> Iterator[Event]:
    asked = {"filterPattern": f'"{text}"'} if text else {}
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(since.timestamp() * 1000), **asked
    )
    for page in pages:
        for event in page["events"]:
            at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            yield {
                "at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
                "stream": event["logStreamName"],
                "message": event["message"].rstrip("\n"),
            }
