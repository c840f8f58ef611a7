"""``vtr numbers``: identify and check tracking numbers. Needs no stack."""

import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from vtr.api.presenters.numbers import number_document
from vtr_cli.lines import STANDARD_INPUT
from vtr_cli.tables import plain_name, read_table
from vtr_client.console import counted, output, print_json, table
from vtr_client.errors import CommandError, InputError

app = typer.Typer(no_args_is_help=True, help="Look at tracking numbers, without a stack.")
Document = dict[str, Any]

# What the table shows; the rest of a document is for programs.
COLUMNS = ("Number", "Carrier", "Verdict", "Well formed for", "What to do")
MANY = 3
NUMBER_COLUMN, CARRIER_COLUMN = "tracking-number", "carrier-name"


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

    A line is a number, or a number and a carrier with a comma or tab between; or FILE is a table
    as vtr submit takes it, of which the columns tracking-number and carrier-name are read. The
    output is a table. If the lines are JSON objects, {"number": …, "carrier": …}, so is the output,
    one a line.
    """
    with _opened(file) as lines:
        first = next(lines, "")
        if not first:
            raise InputError(f"{file} is empty. It takes a number a line.")
        if jsonl or first.lstrip().startswith("{"):
            _answer_lines(chain([first], lines))
        else:
            _answer_table(list(_asked_in(str(file), first, first + lines.read())))


@contextmanager
def _opened(file: Path) -> Iterator[IO[str]]:
    try:
        binary = sys.stdin.buffer if str(file) == STANDARD_INPUT else file.open("rb")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        with io.TextIOWrapper(binary, encoding="utf-8-sig") as lines:
            yield lines
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8. Save it as text in UTF-8.") from None


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
        raise CommandError(f"{counted(unread, 'line')} could not be read; each says why.")


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


def _answer_table(asked: Sequence[tuple[str, str | None]]) -> None:
    out = output()
    rows = table(out, COLUMNS, whole=("Number", "Verdict"))
    for number, carrier in asked:
        document = number_document(number, carrier)
        fits = document["well_formed_for"]
        rows.add_row(
            str(document["number"]),
            document["carrier_stated"] or "",
            document["verdict"],
            ", ".join(fits[:MANY]) + (", …" if len(fits) > MANY else ""),
            document["remedy"],
        )
    out.print(rows)


def _asked_in(file: str, first: str, text: str) -> Iterator[tuple[str, str | None]]:
    """Yield each number of *text* with the stated carrier; *first* is its first line."""
    separator = "\t" if "\t" in first else ","
    if NUMBER_COLUMN in map(plain_name, first.split(separator)):
        for _, cells in read_table(file, text, separator).rows:
            yield cells[NUMBER_COLUMN].strip(), cells.get(CARRIER_COLUMN, "").strip() or None
        return
    if "\0" in text:
        raise InputError(f"{file} is no text. It takes a number a line.")
    for line in text.splitlines():
        number, _, carrier = line.strip().replace("\t", ",", 1).partition(",")
        if number:
            yield number, carrier.strip() or None
