"""``vtr scans``: decode a source's bodies, and replay the archived ones."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Scan
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import Decoded, UndecodableError
from vtr.use_cases.replay import Turned, preview_replay, replay
from vtr_cli.lines import STANDARD_INPUT
from vtr_cli.target import JsonOption, StackOption, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import CommandError, InputError

app = typer.Typer(no_args_is_help=True, help="Read the bodies that sources of scans send.")
Document = dict[str, Any]
DAY = ["%Y-%m-%d"]

SourceOption = Annotated[
    str, typer.Option("--source", metavar="SOURCE", help=f"One of {', '.join(SOURCES)}.")
]


@app.command()
def decode(
    name: SourceOption,
    file: Annotated[str, typer.Argument(help="A body as it was sent; - is standard input.")] = "-",
) -> None:
    """Print the scans in FILE, one JSON object a line, as they would be judged.

    A body that the source's decoder cannot read ends with exit code 1 and the reason.
    """
    decoded = _decoded(name, read_body(file), file)
    for scan in decoded.scans:
        print_json(scan_document(scan), indent=None)
    print_reasons(decoded)


def print_reasons(decoded: Decoded) -> None:
    """Say of a body what is left out and what is in doubt."""
    for reason in decoded.skipped:
        messages().print(f"Left out: {reason}.")
    for doubt in decoded.doubts:
        messages().print(f"In doubt: {doubt}.")


@app.command("replay")
def replay_scans(
    first: Annotated[
        datetime,
        typer.Option("--from", formats=DAY, metavar="DATE", help="The first day, in UTC."),
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=DAY, metavar="DATE", help="The last day, in UTC."),
    ],
    name: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help="By default every source.")
    ] = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show which verdicts would change, and stop there.")
    ] = False,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Record again what was received on these days, decoded with today's code tables.

    It goes through the queue like new deliveries; repeating it changes nothing.
    """
    days = _days(first, last)
    chosen = known_source(name) if name else ""
    with ports_of(stack) as ports:
        if not dry_run:
            sent = replay(ports, *days, chosen)
            messages().print(f"{sent} bodies are on their way.")
            return
        now = datetime.now(UTC)
        found = list(preview_replay(ports, *days, chosen, scans_in, now))
    _print_turned(found, json=json)


def _days(first: datetime, last: datetime) -> tuple[date, date]:
    if last < first:
        raise InputError(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}.")
    return first.date(), last.date()


def scans_in(delivery: AcceptedDelivery) -> Sequence[Scan]:
    """Return a delivery's scans by today's code tables; none if it cannot be read."""
    try:
        return source(delivery.source).decode(delivery.body).scans
    except UndecodableError:
        return ()


def _print_turned(found: Sequence[Turned], *, json: bool) -> None:
    if json:
        print_json([change_document(turned) for turned in found])
        return
    print_changes(found)
    messages().print(f"{len(found)} packages would be judged otherwise. Nothing was changed.")


def print_changes(found: Sequence[Turned]) -> None:
    """Print a row for each package that would be judged otherwise."""
    out = output()
    columns = ("Account", "Order", "Package", "Carrier", "Tracking number", "Before", "After")
    rows = table(out, columns)
    for turned in found:
        rows.add_row(*map(str, change_document(turned).values()))
    out.print(rows)


def change_document(turned: Turned) -> Document:
    said = turned.before.confirmation
    return {
        "account": said.account,
        "order_id": said.order_id,
        "package_id": said.package_id,
        "carrier": said.carrier,
        "tracking_number": said.tracking_number,
        "before": turned.before.verdict.reason,
        "after": turned.after.verdict.reason,
    }


def known_source(name: str) -> str:
    """Return *name* if it is a source; an ``InputError`` lists the sources."""
    if name not in SOURCES:
        raise InputError(f"There is no source {name}. The sources are {', '.join(SOURCES)}.")
    return name


def _decoded(name: str, body: bytes, file: str) -> Decoded:
    try:
        return source(known_source(name)).decode(body)
    except UndecodableError as error:
        raise CommandError(f"{file} cannot be read as a body of {name}: {error.detail}.") from None


def read_body(file: str) -> bytes:
    if file == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None


def scan_document(scan: Scan) -> Document:
    document: Document = {
        "carrier": scan.carrier,
        "tracking_number": scan.tracking_number,
        "codes": list(scan.codes),
        "milestone": scan.milestone,
        "physical": scan.physical,
        "physical_by": scan.physical_by,
        "occurred_at": _utc(scan.occurred_at),
        "time_trust": scan.time_trust,
        "place": scan.place,
        "event_key": scan.event_key,
    }
    return document | {"test": True} if scan.test else document


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
