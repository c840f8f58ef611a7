"""Read files of confirmations: the marketplace's columns as CSV or TSV, or JSON lines."""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from vtr_cli.lines import STANDARD_INPUT, Line, read_json_lines, read_text
from vtr_cli.tables import read_table
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
FIELDS = (
    REQUIRED
    | OPTIONAL
    | {column: f"order.{name}" for column, name in ORDER.items()}
    | {column: f"order.value.{name}" for column, name in VALUE.items()}
)
"""The API's field, as its problems name it, by column."""
KNOWN = ", ".join(FIELDS)


class Confirmations(NamedTuple):
    """What a file confirms.

    ``columns`` are the file's own names for the API's fields, such as ``placed-at`` for
    ``order.placed_at``; ``ignored`` are its columns that the API has no field for. JSON has
    neither.
    """

    lines: list[Line]
    columns: dict[str, str]
    ignored: list[str]


def read_confirmations(file: str, file_format: FileFormat | None) -> Confirmations:
    """Return every confirmation in *file*; fail if any line cannot be read."""
    text = read_text(file)
    file_format = file_format or _format_of(file)
    if file_format is FileFormat.JSONL:
        found = Confirmations(list(read_json_lines(file, text)), {}, [])
    else:
        found = _read_table(file, text, SEPARATORS[file_format])
    if not found.lines:
        raise InputError(f"{file} holds no confirmation.")
    return found


def _format_of(file: str) -> FileFormat:
    try:
        return SUFFIXES[Path(file).suffix.lower()]
    except KeyError:
        which = "Standard input" if file == STANDARD_INPUT else file
        raise InputError(
            f"{which} does not say its format: name it with --format csv, tsv or jsonl."
        ) from None


def _read_table(file: str, text: str, separator: str) -> Confirmations:
    table = read_table(file, text, separator)
    if table.columns:
        _require_columns(file, table.columns)
    columns = {FIELDS[name]: spelt for name, spelt in table.columns.items() if name in FIELDS}
    ignored = [spelt for name, spelt in table.columns.items() if name not in FIELDS]
    return Confirmations(
        [Line(number, _confirmation(cells)) for number, cells in table.rows], columns, ignored
    )


def _require_columns(file: str, columns: Collection[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if not missing:
        return
    lacks = f"{file} lacks the column {missing[0]}."
    if len(columns) == 1 and ";" in next(iter(columns)):
        raise InputError(f"{lacks} Its cells are between semicolons: save it with commas.")
    raise InputError(f"{lacks} Its first line names the columns; the known ones are {KNOWN}.")


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
