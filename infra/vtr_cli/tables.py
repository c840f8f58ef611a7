"""Read tables whose first line names the columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from vtr_client.errors import InputError


class Row(NamedTuple):
    """A row and the line that it begins on, counted from 1; cells by the column's plain name."""

    number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """The columns, from plain name to the file's own spelling, and the rows."""

    columns: dict[str, str]
    rows: Iterator[Row]


def plain_name(column: str) -> str:
    """Return a column's name as it is compared: ``Order_ID`` and ``order id`` are ``order-id``."""
    return column.strip().lower().replace("_", "-").replace(" ", "-")


def read_table(file: str, text: str, separator: str) -> Table:
    """Read the first line; an ``InputError`` names the line that cannot be read.

    A row may span lines inside quotes. Empty lines are skipped; no line at all is an empty table.
    """
    rows = _rows(file, text, separator)
    _, header = next(rows, (0, []))
    columns = {plain_name(cell): cell.strip() for cell in header}
    if len(columns) < len(header):
        times = Counter(map(plain_name, header))
        twice = next(name for name in times if times[name] > 1)
        raise InputError(f"{file} has the column {twice or 'without a name'} more than once.")
    return Table(columns, _named(file, list(columns), rows))


def _named(file: str, columns: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in rows:
        if len(cells) != len(columns):
            raise InputError(f"{file}, line {number} has {len(cells)} cells, not {len(columns)}.")
        yield Row(number, dict(zip(columns, cells, strict=True)))


def _rows(file: str, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    source = io.StringIO(text, newline="")
    # The marketplace's tab-separated format has no quoting: a quote is an ordinary character.
    if separator == "\t":
        rows = csv.reader(source, delimiter=separator, quoting=csv.QUOTE_NONE, strict=True)
    else:
        rows = csv.reader(source, delimiter=separator, strict=True)
    number = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = rows.line_num + 1
    except csv.Error as error:
        raise InputError(f"{file}, line {number} cannot be read: {error}.") from None
