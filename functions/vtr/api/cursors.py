"""Cursors: where a list goes on, signed, so that nobody can make one up or carry one over."""

import base64
import hashlib
import hmac
import json
from datetime import date

from vtr.domain.accounts import Account
from vtr.domain.errors import InvalidCursorError
from vtr.domain.packages import BucketKey, RowKey

MAC_BYTES = 16


def write_cursor(account: Account, query: str, after: RowKey) -> str:
    """A cursor for one account and one query; with another of either it is refused."""
    bucket = after.bucket
    place = [bucket.day.isoformat(), bucket.shard, after.category, after.order_id, after.package_id]
    payload = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(account, query, payload) + payload).decode().rstrip("=")


def read_cursor(account: Account, query: str, cursor: str) -> RowKey:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _refused() from None
    mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(account, query, payload)):
        raise _refused()
    day, shard, category, order_id, package_id = json.loads(payload)
    bucket = BucketKey(account.id, date.fromisoformat(day), shard)
    return RowKey(bucket, category, order_id, package_id)


def _mac(account: Account, query: str, payload: bytes) -> bytes:
    message = b"\0".join((account.id.encode(), query.encode(), payload))
    return hmac.digest(account.cursor_secret, message, hashlib.sha256)[:MAC_BYTES]


def _refused() -> InvalidCursorError:
    return InvalidCursorError(
        "cursor: was not made for this list. Send the next_cursor of the page before, with the "
        "same filters, or leave it out to begin again."
    )
