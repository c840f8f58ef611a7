"""``vtr numbers``: identify and check tracking numbers. Needs no stack."""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from vtr.api.presenters.numbers import number_document
from vtr_client.console import output, print_json, table
from vtr_client.errors import CommandError

app = typer.Typer(no_args_is_help=True, help="Look at tracking numbers, without a stack.")
Document = dict[str, Any]

# What the table shows; the rest of a document is for programs.
COLUMNS = ("Number", "Carrier", "Verdict", "Well formed for", "What to do")
MANY = 3


@app.callback()
def numbers() -> None:
    """Keep ``check`` a subcommand while it is the only command."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A file, or - for standard input.")] = Path("-"),
    *,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON lines in and out, whatever the first line is.")
    ] = False,
) -> None:
    """Identify the carrier of each number, and check it against the stated carrier.

    A line is a number, or a number and a carrier with a comma or tab between; the output is a
    table. If the lines are JSON objects, {"number": …, "carrier": …}, so is the output, one a line.
    """
    with _opened(file) as lines:
        first = next(lines, "")
        given = chain([first] if first else [], lines)
        if jsonl or first.lstrip().startswith("{"):
            _answer_lines(given)
        else:
            _answer_table(given)


def _opened(file: Path) -> IO[str]:
    if str(file) == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    try:
        return file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _answer_lines(lines: Iterable[str]) -> None:
    unread = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        asked = _asked(line)
        if isinstance(asked, str):
            unread += 1
            print_json({"line": number, "error": asked}, indent=None)
        else:
            print_json(number_document(asked.get("number"), asked["carrier"]), indent=None)
    if unread:
        raise CommandError(f"{unread} lines are not what this reads; each says why.")


def _asked(line: str) -> Document | str:
    """Return what one line asks, or why it cannot be read."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f'The line is not JSON: {error}. Write {{"number": "…", "carrier": "…"}}.'
    if not isinstance(asked, dict) or "number" not in asked:
        return 'The line has no number. Write {"number": "…", "carrier": "…"}.'
    carrier = asked.get("carrier")
    return {"number": asked["number"], "carrier": carrier if isinstance(carrier, str) else None}


def _answer_table(lines: Iterable[str]) -> None:
    out = output()
    rows = table(out, COLUMNS)
    for document in _documents(lines):
        fits = document["well_formed_for"]
        rows.add_row(
            str(document["number"]),
            document["carrier_stated"] or "",
            document["verdict"],
            ", ".join(fits[:MANY]) + (", …" if len(fits) > MANY else ""),
            document["remedy"],
        )
    out.print(rows)


def _documents(lines: Iterable[str]) -> Iterator[Document]:
    for line in lines:
        number, _, carrier = line.strip().replace("\t", ",", 1).partition(",")
        if number:
            yield number_document(number, carrier.strip() or None)
