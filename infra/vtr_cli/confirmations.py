"""Read files of confirmations: the marketplace's columns as CSV or TSV, or JSON lines."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from vtr_cli.lines import STANDARD_INPUT, Line, read_json_lines, read_text
from vtr_client.errors import InputError


class FileFormat(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"


SUFFIXES = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.TSV,
    ".txt": FileFormat.TSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
}
SEPARATORS = {FileFormat.CSV: ",", FileFormat.TSV: "\t"}

# What each column is called in the API. Blank cells of the first group are sent as blank, because
# a blank number is recorded and judged; blank cells of the others are left out.
REQUIRED = {
    "order-id": "order_id",
    "package-id": "package_id",
    "ship-date": "ship_date",
    "carrier-name": "carrier",
    "tracking-number": "tracking_number",
}
OPTIONAL = {
    "method-class": "method_class",
    "label-source": "label_source",
    "confirmed-at": "confirmed_at",
}
ORDER = {
    "placed-at": "placed_at",
    "category": "category",
    "promised-delivery-date": "promised_delivery_date",
    "origin": "origin",
    "destination": "destination",
}
VALUE = {"value-amount": "amount", "value-currency": "currency"}
COLUMNS = REQUIRED | OPTIONAL | ORDER | VALUE


def read_confirmations(file: str, file_format: FileFormat | None) -> list[Line]:
    """Return every confirmation in *file*; fail if any line cannot be read."""
    file_format = file_format or _format_of(file)
    text = read_text(file)
    if file_format is FileFormat.JSONL:
        lines = list(read_json_lines(file, text))
    else:
        lines = list(_read_table(file, text, SEPARATORS[file_format]))
    if not lines:
        raise InputError(f"{file} holds no confirmation.")
    return lines


def _format_of(file: str) -> FileFormat:
    try:
        return SUFFIXES[Path(file).suffix.lower()]
    except KeyError:
        which = "Standard input" if file == STANDARD_INPUT else file
        raise InputError(
            f"{which} does not say its format: name it with --format csv, tsv or jsonl."
        ) from None


def _read_table(file: str, text: str, separator: str) -> Iterator[Line]:
    """Read a table whose first line names the columns; a row may span lines inside quotes."""
    # The marketplace's tab-separated format has no quoting: a quote is an ordinary character.
    source = io.StringIO(text, newline="")
    if separator == "\t":
        rows = csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE, strict=True)
    else:
        rows = csv.reader(source, delimiter=separator, strict=True)
    number = 1
    columns: list[str] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                pass
            elif not columns:
                columns = _columns(file, cells)
            elif len(cells) != len(columns):
                raise InputError(
                    f"{file}, line {number} has {len(cells)} cells, not {len(columns)}."
                )
            else:
                yield Line(number, _confirmation(dict(zip(columns, cells, strict=True))))
            number = rows.line_num + 1
    except csv.Error as error:
        raise InputError(f"{file}, line {number} cannot be read: {error}.") from None


def _columns(file: str, cells: list[str]) -> list[str]:
    """Check the first line's names; ``Order_ID`` and ``order id`` are ``order-id`` too."""
    names = [cell.strip().lower().replace("_", "-").replace(" ", "-") for cell in cells]
    if unknown := [name for name in names if name not in COLUMNS]:
        known = ", ".join(COLUMNS)
        raise InputError(f"{file}: no column is called {unknown[0]!r}. The known ones are {known}.")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise InputError(f"{file} has the column {twice[0]} more than once.")
    if missing := [name for name in REQUIRED if name not in names]:
        raise InputError(f"{file} lacks the column {missing[0]}. Its first line names the columns.")
    return names


def _confirmation(cells: dict[str, str]) -> dict[str, Any]:
    """Turn a row into the API's confirmation, with the order's facts under ``order``."""
    entry: dict[str, Any] = {name: cells[column].strip() for column, name in REQUIRED.items()}
    order: dict[str, Any] = _filled(cells, ORDER)
    if value := _filled(cells, VALUE):
        order["value"] = value
    return entry | _filled(cells, OPTIONAL) | ({"order": order} if order else {})


def _filled(cells: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {
        name: cells[column].strip()
        for column, name in names.items()
        if cells.get(column, "").strip()
    }
