"""Read a request into a ``msgspec.Struct``, and name every field that cannot be used.

A field's type carries its rule and an example (``msgspec.Meta``): one place for the check, the
error and the API's description.
"""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from vtr.domain.errors import FieldProblem, InvalidRequestError, MalformedJsonError

T = TypeVar("T", bound=msgspec.Struct)


class _Field(NamedTuple):
    name: str
    attribute: str
    kind: Any
    required: bool
    rule: str
    remedy: str
    struct: type[msgspec.Struct] | None


def read_json(body: bytes) -> Any:
    """Return the value in a JSON body."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJsonError(
            f"The body is not JSON: {error}. Send one JSON object in UTF-8."
        ) from None


def read_fields(value: Any, kind: type[T]) -> T:
    """Return the value as a struct; raise ``InvalidRequestError`` with every problem there is."""
    problems: list[FieldProblem] = []
    found = _read(value, kind, "", problems)
    if problems:
        raise InvalidRequestError(*problems)
    return kind(**found)


def _read(
    value: Any, kind: type[msgspec.Struct], path: str, problems: list[FieldProblem]
) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        remedy = f"Send an object with {', '.join(field.name for field in _fields(kind))}."
        problems.append(FieldProblem(path.rstrip(".") or "body", "must be an object", remedy))
        return {}
    known = {field.name for field in _fields(kind)}
    problems.extend(_unknown(value, known, path))
    found = {}
    for field in _fields(kind):
        if field.name not in value:
            if field.required:
                problems.append(FieldProblem(path + field.name, "is required", field.remedy))
        elif field.struct is not None and value[field.name] is not None:
            below = _read(value[field.name], field.struct, f"{path}{field.name}.", problems)
            found[field.attribute] = None if problems else field.struct(**below)
        else:
            _convert(value[field.name], field, path, found, problems)
    return found


def _convert(
    value: Any, field: _Field, path: str, found: dict[str, Any], problems: list[FieldProblem]
) -> None:
    try:
        found[field.attribute] = msgspec.convert(value, field.kind)
    except (msgspec.ValidationError, OverflowError):
        problems.append(FieldProblem(path + field.name, field.rule, field.remedy))


def _unknown(value: Mapping[Any, Any], known: set[str], path: str) -> Iterator[FieldProblem]:
    taken = f"the fields are {', '.join(sorted(known))}" if known else "none is taken here"
    for name in value:
        if name not in known:
            remedy = f"Leave it out; {taken}."
            yield FieldProblem(f"{path}{str(name)[:64]}", "is not a field of this request", remedy)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[_Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_field(one, hints[one.name]) for one in msgspec.structs.fields(kind))


def _field(one: msgspec.structs.FieldInfo, hint: Any) -> _Field:
    meta = next((m for m in _parts(hint) if isinstance(m, msgspec.Meta)), msgspec.Meta())
    example = f" For example {meta.examples[0]!r}." if meta.examples else ""
    return _Field(
        name=one.encode_name,
        attribute=one.name,
        kind=hint,
        required=one.required,
        rule=f"must be {meta.description}" if meta.description else "has the wrong type",
        remedy=f"Send {meta.description or 'a value of the right type'}.{example}",
        struct=next((part for part in _parts(hint) if _is_struct(part)), None),
    )


def _parts(hint: Any) -> Iterator[Any]:
    """Yield the members of unions and of ``Annotated``, with the metadata, at any depth."""
    if get_origin(hint) in {Annotated, Union, types.UnionType}:
        for part in get_args(hint):
            yield from _parts(part)
    else:
        yield hint


def _is_struct(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, msgspec.Struct)
