"""Push scans, signed per Standard Webhooks."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from vtr_client.api import ApiClient

WEBHOOK = "/v1/webhooks/standard"


def post_scans(
    api: ApiClient, webhook: Webhook, scans: list[dict[str, Any]], *, path: str = WEBHOOK
) -> None:
    """Post one body of scans as the ``standard`` source sends it; *path* is of its own account."""
    now = datetime.now(UTC)
    message = f"msg_{uuid.uuid4().hex}"
    document = {"type": "scan.recorded", "timestamp": now.isoformat(), "data": {"scans": scans}}
    body = json.dumps(document)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(message, now, body),
    }
    api.post_signed(path, body.encode(), headers)
