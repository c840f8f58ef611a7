"""Texts made to keep a reader busy, handed to everything that reads what strangers send.

``python -m support.hostile`` reads them all and says how often it did. Run it in a process of its
own: a pattern that backtracks without end cannot be stopped from within.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from submit_tracking.batch_lines import lines_of
from support.fuzzing import bodies_of
from vtr.api.validation import read_fields, read_json
from vtr.domain.accounts import key_id_of, split_token
from vtr.domain.carriers import resolve
from vtr.domain.carriers.suggestions import suggest_carriers
from vtr.domain.errors import VtrError
from vtr.domain.tracking_numbers import identify, normalise
from vtr.sources import SOURCES, source

FUNCTIONS = Path(__file__).parents[2] / "functions"
MEGABYTE = 2**20
Reading = tuple[Callable[[Any], Any], Any]
UNITS = (
    "a",
    "0",
    "A1",
    " ",
    "\t",
    "-",
    ".",
    "_",
    "#",
    "/",
    "1Z9",
    "a ",
    "é",
    "\u0130",
    "=+",
    "[",
    '"',
)
ENDS = ("", "!", "\n")


def texts(size: int) -> Iterator[str]:
    """The same thing over and over, and at the end something that does not fit."""
    for unit in UNITS:
        for end in ENDS:
            yield unit * (size // len(unit.encode())) + end


@cache
def patterns() -> set[re.Pattern[Any]]:
    """Every pattern that a module of the functions holds, and every one that a field has."""
    found: set[re.Pattern[Any]] = set()
    for module in _modules():
        found |= {value for value in vars(module).values() if isinstance(value, re.Pattern)}
        for kind in _structs(module):
            described = json.dumps(msgspec.json.schema(kind))
            found |= {
                re.compile(json.loads(p)) for p in re.findall(r'"pattern": ("[^"]*")', described)
            }
    return found


@cache
def structs() -> set[type[msgspec.Struct]]:
    return {kind for module in _modules("schemas") for kind in _structs(module)}


def read_all() -> int:
    """How many times something was read."""
    return sum(1 for read, value in _readings() if _reads(read, value))


def _readings() -> Iterator[Reading]:
    for text in texts(MEGABYTE):
        yield from _of_whole_bodies(text)
    for text in texts(MEGABYTE // 32):
        yield from _of_fields(text)
    for text in texts(200):
        for look_up in (identify, normalise, resolve, suggest_carriers):
            yield look_up, text


def _of_whole_bodies(text: str) -> Iterator[Reading]:
    for pattern in patterns():
        if isinstance(pattern.pattern, str):
            yield from ((pattern.search, text), (pattern.fullmatch, text))
    for read in (split_token, key_id_of, normalise):
        yield read, f"Bearer vtr_{text}"
    yield read_json, text.encode()
    yield partial(lines_of, media_type="text/plain"), text.encode()


def _of_fields(text: str) -> Iterator[Reading]:
    for kind in structs():
        sent = dict.fromkeys((one.encode_name for one in msgspec.structs.fields(kind)), text)
        yield partial(read_fields, kind=kind), sent
    for name in SOURCES:
        yield source(name).decode, _filled(name, text)


def _reads(read: Callable[[Any], Any], value: Any) -> bool:
    with suppress(VtrError):
        read(value)
    return True


def _filled(name: str, text: str) -> bytes:
    """The largest body of a source with this text in every place that holds a text."""

    def fill(value: Any) -> Any:
        match value:
            case dict():
                return {key: fill(each) for key, each in value.items()}
            case list():
                return [fill(each) for each in value]
            case str():
                return text
        return value

    return json.dumps(fill(json.loads(max(bodies_of(name), key=len)))).encode()


def _modules(name: str = "*") -> Iterator[Any]:
    for path in sorted(FUNCTIONS.rglob(f"{name}.py")):
        yield import_module(".".join(path.relative_to(FUNCTIONS).with_suffix("").parts))


def _structs(module: Any) -> Iterator[type[msgspec.Struct]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, msgspec.Struct):
            yield value


if __name__ == "__main__":
    sys.stdout.write(f"{read_all()}\n")
