"""Schemas made from structs, arranged for readers."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from vtr.domain.rates import Status
from vtr.domain.reports import ReportStatus
from vtr.domain.scans import Milestone, Physical
from vtr.domain.verdict import Reason, State

Schema = dict[str, Any]
Kind = type[msgspec.Struct]

PREFIX = "#/components/schemas/"
ENUMS: dict[str, type[StrEnum]] = {
    kind.__name__: kind for kind in (State, Reason, Status, ReportStatus, Milestone, Physical)
}
NULL = {"type": "null"}
MEANING = ("title", "description", "examples")


def ref(kind: Kind) -> Schema:
    return {"$ref": f"{PREFIX}{kind.__name__}"}


def schemas_of(kinds: Iterable[Kind]) -> dict[str, Schema]:
    """Return the schema of each struct, and of all that it contains, by name."""
    _, found = msgspec.json.schema_components(kinds, ref_template=PREFIX + "{name}")
    for name, schema in found.items():
        del schema["title"]
        if name in ENUMS:
            # In the order of the code, which has a meaning, not the alphabet's.
            schema.update(type="string", enum=[str(member) for member in ENUMS[name]])
        if "properties" in schema:
            fields = schema["properties"].items()
            schema["properties"] = {field: readable(rule) for field, rule in fields}
    return dict(sorted(found.items()))


def fields_of(kind: Kind) -> Iterator[tuple[str, Schema, bool]]:
    """Yield each field of a struct: its name, its schema, and whether it is required."""
    schema = schemas_of([kind])[kind.__name__]
    for name, rule in schema["properties"].items():
        yield name, rule, name in schema["required"]


def readable(schema: Schema) -> Schema:
    """Return one field's schema: what it means first, then its rule; null as one of its types."""
    *others, last = schema.get("anyOf", [schema])
    if others and last == NULL:
        schema = {**_with_null(others), **_without(schema, "anyOf")}
    if schema.get("default", ...) in (None, ""):
        del schema["default"]
    if "enum" in schema and "type" not in schema:
        schema["type"] = "string"
    if "pattern" in schema:
        # Python's `$` also matches before a final line feed; elsewhere only at the end.
        schema["pattern"] = schema["pattern"].replace(r"$(?!\n)", "$")
    meaning = ": ".join(filter(None, (schema.pop("title", ""), schema.pop("description", ""))))
    if "items" in schema:
        schema["items"] = readable(schema["items"])
    return {"description": _sentence(meaning), **schema} if meaning else schema


def parameter(schema: Schema) -> Schema:
    """Return the schema of a path, query or header parameter: never null."""
    schema = _without_null(schema)
    if "minimum" in schema:
        # The code reads the digits by a pattern; callers need only the bounds.
        number = {"type": "integer", "default": int(schema["default"])}
        return {**_without(schema, "pattern", "examples"), **number}
    return schema


def _without_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), list):
        return {**schema, "type": schema["type"][0]}
    if "anyOf" in schema:
        return {**schema["anyOf"][0], **_without(schema, "anyOf")}
    return schema


def _with_null(options: list[Schema]) -> Schema:
    only = options[0] if len(options) == 1 else {}
    if isinstance(only.get("type"), str) and "enum" not in only:
        return {**only, "type": [only["type"], "null"]}
    meaning: Schema = {name: only.pop(name) for name in MEANING if name in only}
    return {**meaning, "anyOf": [*options, NULL]}


def _without(schema: Schema, *names: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in names}


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
