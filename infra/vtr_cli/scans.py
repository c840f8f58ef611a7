"""`vtr scans`: what a source's bodies say, without a stack."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from vtr.domain.scans import Scan
from vtr.sources import SOURCES, source
from vtr.sources.base import Decoded, UndecodableError
from vtr_cli.console import messages, print_json
from vtr_cli.errors import CommandError, InputError
from vtr_cli.lines import STANDARD_INPUT

app = typer.Typer(no_args_is_help=True, help="Read the bodies that sources of scans send.")
Document = dict[str, Any]

SourceOption = Annotated[
    str, typer.Option("--source", metavar="SOURCE", help=f"One of {', '.join(SOURCES)}.")
]


@app.callback()
def scans() -> None:
    """Read the bodies that sources of scans send."""


@app.command()
def decode(
    name: SourceOption,
    file: Annotated[str, typer.Argument(help="A body as it was sent; - is standard input.")] = "-",
) -> None:
    """Print the scans in FILE, one JSON object a line, as they would be judged.

    A body that cannot be read as one of the source's ends with exit code 1 and the reason.
    """
    decoded = _decoded(name, _read(file), file)
    for scan in decoded.scans:
        print_json(_document(scan), indent=None)
    for reason in decoded.skipped:
        messages().print(f"Left out: {reason}.")


def known_source(name: str) -> str:
    """Return *name* if it is a source's; an `InputError` names those that there are."""
    if name not in SOURCES:
        raise InputError(f"There is no source {name}. The sources are {', '.join(SOURCES)}.")
    return name


def _decoded(name: str, body: bytes, file: str) -> Decoded:
    try:
        return source(known_source(name)).decode(body)
    except UndecodableError as error:
        raise CommandError(f"{file} cannot be read as a body of {name}: {error.detail}.") from None


def _read(file: str) -> bytes:
    if file == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None


def _document(scan: Scan) -> Document:
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
