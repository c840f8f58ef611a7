"""Events as AWS hands them to a function: HTTP API calls (payload 2.0), SQS batches."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.utilities.typing import LambdaContext

REQUEST_ID = "JKJaXmPLvHcESHA="


class Context(LambdaContext):
    """The context of one invocation."""

    def __init__(self, function: str, remaining_seconds: float = 900.0) -> None:
        self._function_name = function
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = f"arn:aws:lambda:eu-central-1:123456789012:function:{function}"
        self._aws_request_id = "3f0e6bd5-5c7d-4a5e-9a50-2b6c0a4f6a3e"
        self._milliseconds = int(remaining_seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]  # declared static
        return self._milliseconds


def http_event(
    method: str,
    path: str,
    *,
    body: Any = None,
    key: str = "",
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    in_base64: bool = False,
    request_id: str = REQUEST_ID,
) -> dict[str, Any]:
    """One call. A *body* that is neither text nor bytes is sent as JSON."""
    content = _content(body)
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    if content and not isinstance(body, str | bytes):
        sent.setdefault("content-type", "application/json")
    if key:
        sent["authorization"] = f"Bearer {key}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": sent,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.execute-api.eu-central-1.amazonaws.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "tests",
            },
            "requestId": request_id,
            "stage": "$default",
        },
        "isBase64Encoded": in_base64,
    }
    if query:
        event["queryStringParameters"] = dict(query)
    if content:
        encoded = base64.b64encode(content) if in_base64 else content
        event["body"] = encoded.decode("utf-8")
    return event


def sqs_event(
    *bodies: str, receive_count: int = 1, groups: Sequence[str] | None = None
) -> dict[str, Any]:
    """One batch; the messages' ids are ``m0``, ``m1`` and so on. *groups* make it a FIFO one."""
    records = [_record(number, body, receive_count) for number, body in enumerate(bodies)]
    for record, group in zip(records, groups or (), strict=False):
        record["attributes"]["MessageGroupId"] = group
        record["eventSourceARN"] += ".fifo"
    return {"Records": records}


def signed(secret: str, body: bytes, at: datetime, message_id: str = "msg_1") -> dict[str, str]:
    """The headers of a Standard Webhooks request that was sent *at* a moment."""
    timestamp = int(at.timestamp())
    message = f"{message_id}.{timestamp}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def scans_body(*scans: Mapping[str, Any]) -> bytes:
    """The body of a Standard Webhooks request with these scans."""
    return json.dumps(
        {
            "type": "scan.recorded",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {"scans": list(scans)},
        }
    ).encode()


def _content(body: Any) -> bytes:
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode()
    return json.dumps(body).encode()


def _record(number: int, body: str, receive_count: int) -> dict[str, Any]:
    return {
        "messageId": f"m{number}",
        "receiptHandle": f"handle-{number}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receive_count),
            "SentTimestamp": "1767225600000",
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1767225600001",
        },
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
        "awsRegion": "eu-central-1",
    }
