"""Webhook requests from HTTP events, and the responses to them."""

import base64
import contextlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from vtr.api.problems import CONTENT_TYPE, REQUEST_ID, problem_of
from vtr.domain.errors import VtrError
from vtr.sources.shared.base import Response, WebhookRequest

ROUTE = "/v1/webhooks/"


def request_of(event: Mapping[str, Any]) -> WebhookRequest:
    """Return the request with the exact bytes sent, and the secret that its URL carries."""
    # Lone surrogates cannot have been sent: the signature check must fail, not this encoding.
    content = (event.get("body") or "").encode("utf-8", "surrogatepass")
    if event.get("isBase64Encoded"):
        with contextlib.suppress(ValueError):
            content = base64.b64decode(content)
    return WebhookRequest(
        body=content, headers=event.get("headers") or {}, path_secret=_path(event)[1]
    )


def source_name(event: Mapping[str, Any]) -> str:
    """Return the source in the path ``/v1/webhooks/{source}/{secret}``."""
    return _path(event)[0]


def answer_of(response: Response, event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": response.status,
        "headers": {"content-type": response.content_type, **_request_id(event)},
        "body": response.body.decode(),
    }


def refusal_of(error: VtrError, event: Mapping[str, Any]) -> dict[str, Any]:
    problem = {**problem_of(error), "request_id": event["requestContext"]["requestId"]}
    return {
        "statusCode": problem["status"],
        "headers": {"content-type": CONTENT_TYPE, **_request_id(event)},
        "body": json.dumps(problem),
    }


def _request_id(event: Mapping[str, Any]) -> dict[str, str]:
    return {REQUEST_ID: event["requestContext"]["requestId"]}


def _path(event: Mapping[str, Any]) -> tuple[str, str]:
    source, _, secret = unquote(event["rawPath"].partition(ROUTE)[2]).rstrip("/").partition("/")
    return source, secret
