"""Webhook requests out of HTTP events, and the answers to them."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from vtr.domain.errors import VtrError
from vtr.problems import CONTENT_TYPE, problem_of
from vtr.sources.base import Response, WebhookRequest


def request_of(event: Mapping[str, Any]) -> WebhookRequest:
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    return WebhookRequest(body=content, headers=event.get("headers") or {})


def source_name(event: Mapping[str, Any]) -> str:
    """The source in the path ``/v1/webhooks/{source}``."""
    return unquote(event["rawPath"].rpartition("/")[2])


def answer_of(response: Response) -> dict[str, Any]:
    return {
        "statusCode": response.status,
        "headers": {"content-type": response.content_type},
        "body": response.body.decode(),
    }


def refusal_of(error: VtrError, event: Mapping[str, Any]) -> dict[str, Any]:
    problem = {**problem_of(error), "request_id": event["requestContext"]["requestId"]}
    return {
        "statusCode": problem["status"],
        "headers": {"content-type": CONTENT_TYPE},
        "body": json.dumps(problem),
    }
