"""Curl calls to copy, with the address and the key in the environment."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
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
    first = f'curl{method}{_download(operation)} "$VTR_API_URL{url}{operation.sample}"'
    return BREAK.join([first, *_headers(operation), *_content(operation.body)])


def _download(operation: Operation) -> str:
    """Return the options that save a document: a refusal is not saved, and gzip is unpacked."""
    return " -f -L --compressed -o report.csv" if HTTPStatus.SEE_OTHER in operation.answers else ""


def _headers(operation: Operation) -> Iterator[str]:
    if operation.scope is not None:
        yield '-H "Authorization: Bearer $VTR_API_KEY"'
    elif operation.headers is not None and operation.body is not None:
        yield from (f'-H "{header}"' for header in SIGNED)


def _content(body: Body | None) -> Iterator[str]:
    if body is not None:
        yield '-H "Content-Type: application/json"'
        yield f"-d '{json.dumps(body.example, ensure_ascii=False, indent=2)}'"
