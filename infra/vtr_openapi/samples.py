"""Curl calls to copy, with the address and the key in the environment."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vtr_openapi.operation import Body, Operation

BREAK = " \\\n  "
SIGNED = ("webhook-id: msg_…", "webhook-timestamp: …", "webhook-signature: v1,…")


def curl_of(operation: Operation, parameters: Iterable[Mapping[str, Any]]) -> str:
    url = operation.url
    for one in parameters:
        if one["in"] == "path":
            url = url.replace(f"{{{one['name']}}}", one["schema"]["examples"][0])
    method = "" if operation.method == "GET" else f" -X {operation.method}"
    follow = " -L -o report.csv" if 303 in operation.answers else ""  # noqa: PLR2004 -- a status
    first = f'curl{method}{follow} "$VTR_API_URL{url}{operation.sample}"'
    return BREAK.join([first, *_headers(operation), *_content(operation.body)])


def _headers(operation: Operation) -> Iterator[str]:
    if operation.scope is not None:
        yield '-H "Authorization: Bearer $VTR_API_KEY"'
    elif operation.headers is not None and operation.body is not None:
        yield from (f'-H "{header}"' for header in SIGNED)


def _content(body: Body | None) -> Iterator[str]:
    if body is not None:
        yield '-H "Content-Type: application/json"'
        yield f"-d '{json.dumps(body.example, ensure_ascii=False, indent=2)}'"
