"""AWS as a function sees it, for measuring: it stores items, and accepts whatever else is sent.

It responds as fast as it can and checks nothing: that is for the contract tests. ``answer`` is all
of it; a server passes requests to it, or a botocore client whose requests then stay in the process.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.session import Session

Item = dict[str, Any]

_UPLOAD = b"<Result><UploadId>upload</UploadId></Result>"
"""All that anyone reads of an answer of S3."""


class Cloud:
    """``secrets`` is what each of Secrets Manager's secrets holds, by its name."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        self.secrets = dict(secrets or {})
        self.items: dict[str, dict[tuple[str, str], Item]] = {}

    def serve(self, session: Session) -> None:
        """Answer what the clients send that *session* makes from now on."""
        handler: Any = self._before_send
        session.register("before-send", handler)

    def answer(self, target: str, body: bytes) -> bytes:
        """Return AWS's response: *target* is the request's ``X-Amz-Target``, empty for S3."""
        operation = target.rpartition(".")[2]
        if not operation:
            return _UPLOAD
        answer: Callable[[Item], Item] = getattr(self, f"_{operation}", lambda _: {})
        return json.dumps(answer(json.loads(body))).encode()

    def _before_send(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers.get("X-Amz-Target", b"")
        content = self.answer(
            target if isinstance(target, str) else target.decode(), _bytes(request.body)
        )
        headers: Any = {"content-type": "application/x-amz-json-1.0", "etag": '"tag"'}
        return AWSResponse(request.url, 200, headers, _Raw(content))

    def _GetItem(self, request: Item) -> Item:  # noqa: N802 - named as AWS names it
        item = self._table(request).get(_key(request["Key"]))
        return {"Item": item} if item else {}

    def _PutItem(self, request: Item) -> Item:  # noqa: N802
        item = request["Item"]
        self._table(request)[_key(item)] = item
        return {}

    def _BatchGetItem(self, request: Item) -> Item:  # noqa: N802
        found = {
            name: [
                item for key in wanted["Keys"] if (item := self.items.get(name, {}).get(_key(key)))
            ]
            for name, wanted in request["RequestItems"].items()
        }
        return {"Responses": found, "UnprocessedKeys": {}}

    def _Query(self, request: Item) -> Item:  # noqa: N802
        """A partition's items: all, those whose sort key begins so, or those between two."""
        values = request["ExpressionAttributeValues"]
        partition, *bounds = (values[f":{n}"]["S"] for n in range(len(values)))
        items = [
            item
            for (pk, sk), item in self._table(request).items()
            if pk == partition and _within(sk, *bounds)
        ]
        return {"Items": items, "Count": len(items), "ScannedCount": len(items)}

    def _GetSecretValue(self, request: Item) -> Item:  # noqa: N802
        secret = self.secrets[request["SecretId"]]
        return {"Name": request["SecretId"], "SecretString": secret, "VersionId": "1"}

    def _SendMessage(self, request: Item) -> Item:  # noqa: N802
        return {"MessageId": "m", "MD5OfMessageBody": _md5(request["MessageBody"])}

    def _SendMessageBatch(self, request: Item) -> Item:  # noqa: N802
        sent = [
            {"Id": one["Id"], "MessageId": "m", "MD5OfMessageBody": _md5(one["MessageBody"])}
            for one in request["Entries"]
        ]
        return {"Successful": sent, "Failed": []}

    def _table(self, request: Item) -> dict[tuple[str, str], Item]:
        return self.items.setdefault(request["TableName"], {})


class _Raw:
    """The stream that botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._content


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item.get("sk", {}).get("S", "")


def _within(sort_key: str, first: str = "", last: str = "") -> bool:
    return first <= sort_key <= last if last else sort_key.startswith(first)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
