"""The description itself: OpenAPI 3.1, from the table of operations."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from vtr.api.problems import CONTENT_TYPE
from vtr.domain import errors
from vtr.domain.errors import VtrError
from vtr_openapi import answers
from vtr_openapi.components import Kind, Schema, fields_of, parameter, ref, schemas_of
from vtr_openapi.examples import answer_examples
from vtr_openapi.inputs import OPEN, Once
from vtr_openapi.operation import Answer, Body, Operation
from vtr_openapi.operations import OPERATIONS, TAGS
from vtr_openapi.samples import curl_of

TITLES = {
    kind.code: kind.title
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, VtrError)
}
"""The title of each code."""

HEADERS = {
    "Cache-Control": "How long the answer may be kept.",
    "Location": "Where to go on.",
    "ETag": "Send it as `If-None-Match` to be answered 304 while nothing changed.",
    "WWW-Authenticate": "`Bearer`.",
    "Retry-After": "Seconds to wait.",
    "Idempotent-Replayed": "`true` where this is the answer of an earlier request with the same "
    "`Idempotency-Key`.",
}
REPLAYED = "Idempotent-Replayed"
REFUSED_WITH = {
    "unauthenticated": "WWW-Authenticate",
    "too_many_requests": "Retry-After",
    "throttled": "Retry-After",
}


def describe() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VTR",
            "summary": "The valid tracking rate of every seller, proven scan by scan.",
            "version": "1",
            "description": files("vtr_openapi").joinpath("guide.md").read_text("utf-8"),
            "contact": {"name": "VTR", "url": "https://github.com/vtr/vtr"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "The API that this was read from."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "vtr_…",
                    "description": "A key speaks for one account and has scopes.",
                }
            },
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    examples = answer_examples()
    for operation in OPERATIONS:
        described = _operation(operation, examples)
        paths.setdefault(operation.url, {})[operation.method.lower()] = described
    return paths


def _schemas() -> dict[str, Schema]:
    sent = {kind for one in OPERATIONS if one.body for kind in one.body.kinds}
    answered = {kind for one in OPERATIONS for a in one.answers.values() for kind in a.kinds}
    closed = schemas_of(sent).keys() - OPEN
    found = schemas_of({*sent, *answered, answers.Problem})
    for name in closed:
        if "properties" in found[name]:
            found[name]["additionalProperties"] = False
    return found


def _operation(operation: Operation, examples: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
    }
    described["security"] = [{"key": [operation.scope]}] if operation.scope else []
    if parameters := list(_parameters(operation)):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = _body(operation.body)
    described["responses"] = {
        **{str(s): _answer(operation, a, examples) for s, a in operation.answers.items()},
        **{str(s): _refusal(codes) for s, codes in operation.errors.items()},
    }
    curl = curl_of(operation, described.get("parameters", ()))
    described["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": curl}]
    return described


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    places = {"path": operation.path, "query": operation.query, "header": operation.headers}
    for place, kind in places.items():
        for name, rule, required in fields_of(kind) if kind else ():
            schema = parameter(rule)
            described = {"name": name, "in": place, "required": required}
            if meaning := schema.pop("description", ""):
                described["description"] = meaning
            yield {**described, "schema": schema}


def _body(body: Body) -> dict[str, Any]:
    content = {
        "application/json": {"schema": _one_of(body.kinds), "example": body.example},
        **{
            media_type: {"schema": {"type": "string"}, "example": text}
            for media_type, text in body.texts.items()
        },
    }
    return {"required": body.required, "content": content}


def _answer(operation: Operation, answer: Answer, examples: Mapping[str, Any]) -> dict[str, Any]:
    at_times = (*answer.at_times, REPLAYED) if operation.headers is Once else answer.at_times
    headers = _headers(answer.headers, at_times)
    described: dict[str, Any] = {"description": answer.meaning, **headers}
    if answer.kinds:
        example = examples[answer.kinds[0].__name__]
        content = {"schema": _one_of(answer.kinds), "example": example}
        described["content"] = {answer.media_type: content}
    elif answer.of:
        described["content"] = {answer.media_type: {"schema": {"type": answer.of}}}
    return described


def _refusal(codes: list[str]) -> dict[str, Any]:
    # No constant for the status: generators of clients that cannot merge it drop the whole answer.
    narrowed = {"properties": {"code": {"type": "string", "enum": codes}}}
    return {
        "description": " ".join(f"`{code}`: {TITLES[code]}." for code in codes),
        **_headers(tuple(REFUSED_WITH[code] for code in codes if code in REFUSED_WITH)),
        "content": {CONTENT_TYPE: {"schema": {"allOf": [ref(answers.Problem), narrowed]}}},
    }


def _headers(names: tuple[str, ...], at_times: tuple[str, ...] = ()) -> dict[str, Any]:
    headers = {
        name: {
            "description": HEADERS[name],
            "required": name in names,
            "schema": {"type": "string"},
        }
        for name in (*names, *at_times)
    }
    return {"headers": headers} if headers else {}


def _one_of(kinds: tuple[Kind, ...]) -> Schema:
    return ref(kinds[0]) if len(kinds) == 1 else {"oneOf": [ref(kind) for kind in kinds]}
