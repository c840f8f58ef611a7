"""The token that UPS fetches before it sends events: OAuth 2.0, client credentials.

https://www.rfc-editor.org/rfc/rfc6749#section-4.4

The client secret is one of the source's keys, never the secret in its URL, which is no key to sign
with. The client id is the account that the source is bound to, or ``vtr`` for the marketplace's own
source.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs

from vtr.bootstrap import services
from vtr.domain.errors import BodyTooLargeError, UnauthenticWebhookError
from vtr.sources.shared.base import Response, WebhookRequest
from vtr.use_cases.manage_sources import SourceSetup

TOKEN_PATH = ("ups", "token")
MARKETPLACE = "vtr"

LONGEST_BODY = 4096
"""Bytes of a request for a token: the form has three short fields."""


def token_response(request: WebhookRequest, now: datetime) -> Response:
    """Issue a token, signed with the secret, to a client that knows the secret."""
    from vtr.sources.ups import issue_token  # noqa: PLC0415  most requests are events

    if len(request.body) > LONGEST_BODY:
        raise BodyTooLargeError(
            f"A request for a token has at most {LONGEST_BODY} bytes. Send the form alone."
        )
    client, given = _credentials(request)
    account = "" if client == MARKETPLACE else client
    secrets = services().source_secrets.of("ups", account)
    for secret in SourceSetup(source="ups", account=account, secrets=secrets).keys:
        if given and hmac.compare_digest(given.encode(), secret.encode()):
            token, lifetime = issue_token(secret, now)
            seconds = int(lifetime.total_seconds())
            answer = {"access_token": token, "token_type": "Bearer", "expires_in": seconds}
            return Response(body=json.dumps(answer).encode())
    raise UnauthenticWebhookError("the client's id and secret do not match")


def _credentials(request: WebhookRequest) -> tuple[str, str]:
    """Return the client's id and secret, from the header or from the form."""
    scheme, _, encoded = request.header("authorization").partition(" ")
    if scheme.lower() == "basic":
        client, _, secret = _decoded(encoded).partition(":")
        return client, secret
    form: Mapping[str, list[str]] = parse_qs(request.body.decode("utf-8", "replace"))
    return form.get("client_id", [""])[0], form.get("client_secret", [""])[0]


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode("utf-8", "replace")
    except ValueError:
        return ""
