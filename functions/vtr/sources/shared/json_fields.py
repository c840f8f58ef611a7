"""Read JSON that may hold anything: what is not of the wanted kind reads as empty."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vtr.sources.shared.base import UndecodableError

NOTHING: Mapping[str, Any] = {}


def read_json(body: bytes | str) -> Any:
    """Return what *body* says in JSON; of a key given twice the last value counts."""
    try:
        return json.loads(body)
    except RecursionError:
        raise UndecodableError("the body is nested too deeply") from None
    except ValueError as error:
        raise UndecodableError(f"the body is not JSON: {error}") from None


def read_object(body: bytes | str) -> Mapping[str, Any]:
    """Return the JSON object that *body* holds; raise ``UndecodableError`` if it holds none."""
    return required_fields(read_json(body), "at its top")


def fields(value: object) -> Mapping[str, Any]:
    """Return *value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else NOTHING


def rows(value: object) -> Sequence[Any]:
    """Return *value* if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def objects(value: object) -> Sequence[Mapping[str, Any]]:
    """Return the objects in *value*, which is an array of them or one of them."""
    return list(filter(None, map(fields, value if isinstance(value, list) else [value])))


def required_fields(value: object, name: str) -> Mapping[str, Any]:
    """Return *value*, the object called *name* that every body of its kind has."""
    if not isinstance(value, dict):
        raise UndecodableError(f"the body has no object {name}")
    return value


def required_rows(value: object, name: str) -> Sequence[Any]:
    """Return *value*, the array called *name* that every body of its kind has."""
    if not isinstance(value, list):
        raise UndecodableError(f"the body has no array {name}")
    return value


def text(value: object) -> str:
    """Return a text or a whole number as a text without blanks around it; anything else is empty.

    Halves of surrogate pairs, which JSON can hold and UTF-8 cannot, are replaced.
    """
    if isinstance(value, str):
        found = value.strip()
        return found if found.isascii() else found.encode("utf-8", "replace").decode("utf-8")
    return str(value) if type(value) is int else ""


def first_text(*values: object) -> str:
    """Return the first of *values* that is not empty as a text."""
    return next(filter(None, map(text, values)), "")
