"""Read the lines of a batch, from JSON or from the marketplace's confirmation file."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from vtr.api.validation import read_json
from vtr.domain.errors import (
    FieldProblem,
    InvalidRequestError,
    MalformedFileError,
    UnsupportedMediaTypeError,
)

MAX_LINES = 500

REQUIRED = ("order-id", "package-id", "ship-date", "carrier-name", "tracking-number")

_PACKAGE_COLUMNS = {
    "order-id": "order_id",
    "package-id": "package_id",
    "ship-date": "ship_date",
    "carrier-name": "carrier",
    "tracking-number": "tracking_number",
    "method-class": "method_class",
    "label-source": "label_source",
    "confirmed-at": "confirmed_at",
}
_ORDER_COLUMNS = {
    "placed-at": "placed_at",
    "category": "category",
    "promised-delivery-date": "promised_delivery_date",
    "origin": "origin",
    "destination": "destination",
}
_VALUE_COLUMNS = {"value-amount": "amount", "value-currency": "currency"}


def lines_of(body: bytes, media_type: str) -> Sequence[Any]:
    """Return the lines of a body; each line is checked later, on its own."""
    if media_type in {"text/tab-separated-values", "text/plain"}:
        return _counted(_lines_of_file(body))
    if media_type in {"application/json", ""}:
        return _counted(_lines_of_json(read_json(body)))
    raise UnsupportedMediaTypeError(
        f"Content-Type: {media_type[:100]} is not taken here. Send application/json or "
        "text/tab-separated-values."
    )


def _lines_of_json(body: Any) -> Sequence[Any]:
    if not isinstance(body, Mapping) or not isinstance(body.get("packages"), list):
        raise _wrong_lines("must be a list")
    lines: Sequence[Any] = body["packages"]
    return lines


def _lines_of_file(body: bytes) -> Sequence[Any]:
    try:
        text = body.decode("utf-8-sig")
        # Lines end at \n, \r\n and \r alone; str.splitlines also cuts at marks within a cell.
        lines = io.StringIO(text, newline="")
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedFileError(
            f"The file cannot be read: {error}. Send tab-separated text in UTF-8."
        ) from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if missing := [name for name in REQUIRED if name not in header]:
        raise MalformedFileError(
            f"The file's first line lacks {', '.join(missing)}. Name the columns there, separated "
            f"by tabs: {', '.join(REQUIRED)}."
        )
    named = (dict(zip(header, map(str.strip, row), strict=False)) for row in rows[1:] if any(row))
    return [_line(cells) for cells in named]


def _line(cells: Mapping[str, str]) -> dict[str, Any]:
    def fields(columns: Mapping[str, str]) -> dict[str, Any]:
        return {name: cells[column] for column, name in columns.items() if cells.get(column)}

    line = {"carrier": "", "tracking_number": "", **fields(_PACKAGE_COLUMNS)}
    order = fields(_ORDER_COLUMNS)
    if value := fields(_VALUE_COLUMNS):
        order["value"] = value
    return {**line, "order": order} if order else line


def _counted(lines: Sequence[Any]) -> Sequence[Any]:
    if not 1 <= len(lines) <= MAX_LINES:
        raise _wrong_lines(f"must have 1 to {MAX_LINES} lines, not {len(lines)}")
    return lines


def _wrong_lines(rule: str) -> InvalidRequestError:
    remedy = f"Send a list of 1 to {MAX_LINES} packages, and more of them in further calls."
    return InvalidRequestError(FieldProblem("packages", rule, remedy))
