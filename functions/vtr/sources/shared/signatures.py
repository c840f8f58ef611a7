"""Check what a request proves itself with: signatures, shared secrets and their age.

Signatures are compared as the text they are sent in, whole and in constant time, so that no other
spelling of the same bytes passes.
"""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from vtr.domain.errors import UnauthenticWebhookError
from vtr.sources.shared.base import WebhookRequest
from vtr.sources.shared.timestamps import Moment

TOLERANCE = timedelta(minutes=5)


def hmac_hex(secret: bytes, message: bytes) -> str:
    return hmac.digest(secret, message, "sha256").hex()


def hmac_base64(secret: bytes, message: bytes) -> str:
    return b64encode(hmac.digest(secret, message, "sha256")).decode("ascii")


def require_header(request: WebhookRequest, name: str) -> str:
    """Return the header called *name*; raise ``UnauthenticWebhookError`` if there is none."""
    value = request.header(name)
    if not value:
        raise UnauthenticWebhookError(f"the header {name} is missing")
    return value


def require_match(given: Iterable[str], expected: Iterable[str], *, what: str) -> None:
    """Raise ``UnauthenticWebhookError`` unless one of the texts *given* is one of those *expected*.

    An empty text matches nothing. Every pair is compared, so the time taken says nothing.
    """
    wanted = [text.encode() for text in expected if text]
    matched = False
    for text in given:
        found = text.encode("utf-8", "surrogateescape")
        for each in wanted:
            matched |= hmac.compare_digest(found, each)
    if not matched:
        raise UnauthenticWebhookError(f"the {what} does not match")


def require_path_secret(request: WebhookRequest, secrets: Sequence[str]) -> None:
    """Raise ``UnauthenticWebhookError`` unless the called URL carries one of the *secrets*."""
    require_match([request.path_secret], secrets, what="URL's secret")


def require_fresh(sent: Moment | None, now: datetime) -> None:
    """Raise ``UnauthenticWebhookError`` unless the request was *sent* about *now*.

    Only worth asking where the time is part of what is signed: then an old request cannot be sent
    again.
    """
    if sent is None:
        raise UnauthenticWebhookError("the timestamp cannot be read")
    if abs(now - sent.at) > TOLERANCE:
        raise UnauthenticWebhookError("the timestamp is too far from now")


def decode_base64(value: str) -> bytes:
    """Decode base64 with or without its padding; what is none decodes to nothing."""
    try:
        return b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
