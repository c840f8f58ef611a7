"""Cursors: where a list continues, signed, so that none can be forged or reused elsewhere."""

import base64
import hashlib
import hmac
import json
from datetime import date

from vtr.domain.accounts import Account
from vtr.domain.errors import InvalidCursorError
from vtr.domain.packages import BucketKey, RowKey

MAC_BYTES = 16


def write_cursor(account: Account, query: str, after: RowKey | BucketKey) -> str:
    """Return a cursor for one account and one query; with another of either it is refused.

    A list continues after a row, or with a bucket: then the cursor names no row.
    """
    bucket, row = (after.bucket, after[1:]) if isinstance(after, RowKey) else (after, ())
    place = [bucket.day.isoformat(), bucket.shard, *row]
    payload = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(account, query, payload) + payload).decode().rstrip("=")


def read_cursor(account: Account, query: str, cursor: str) -> RowKey | BucketKey:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _refused() from None
    mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(account, query, payload)):
        raise _refused()
    day, shard, *row = json.loads(payload)
    bucket = BucketKey(account.id, date.fromisoformat(day), shard)
    return RowKey(bucket, *row) if row else bucket


def _mac(account: Account, query: str, payload: bytes) -> bytes:
    message = b"\0".join((account.id.encode(), query.encode(), payload))
    return hmac.digest(account.cursor_secret, message, hashlib.sha256)[:MAC_BYTES]


def _refused() -> InvalidCursorError:
    return InvalidCursorError(
        "cursor: was not made for this list. Send the next_cursor of the page before, with the "
        "same filters, or leave it out to begin again."
    )
