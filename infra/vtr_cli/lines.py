"""Read files of lines; an error names the line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from vtr_client.errors import InputError

STANDARD_INPUT = "-"
WORKBOOK = b"PK\x03\x04"
"""What an .xlsx file begins with: it is a zip."""


class Line(NamedTuple):
    """One entry of a file and its line number, counted from 1."""

    number: int
    entry: dict[str, Any]


def read_text(file: str) -> str:
    """Return the text of *file*, or of standard input for ``-``, without its byte order mark."""
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(file).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"There is no file {file}.") from None
    except UnicodeDecodeError as error:
        if error.object.startswith(WORKBOOK):
            raise InputError(f"{file} is a workbook. Save its sheet as CSV (UTF-8).") from None
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}, line {line} is not UTF-8. Save the file as UTF-8.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None


def read_json_lines(file: str, text: str) -> Iterator[Line]:
    """Yield one JSON object per line; skip empty lines."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                entry = json.loads(line)
            except ValueError as error:
                raise InputError(f"{file}, line {number} is not JSON: {error}.") from None
            if not isinstance(entry, dict):
                raise InputError(f"{file}, line {number} is no JSON object.")
            yield Line(number, entry)


def chunks(lines: list[Line], size: int) -> Iterator[list[Line]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]
