"""Build the tables' keys; their grammar is in ``tables``.

No part of a key may hold a ``#``: the edge refuses ids and categories that do.
"""

from datetime import date, datetime
from zlib import crc32

from vtr.domain.packages import BucketKey, ParcelKey, RowKey

ACCOUNT_PARTS = 16
"""Accounts are listed part by part, so that no partition holds all of them."""

CURRENT_RATE = "RATE#current"


def order_pk(account: str, order_id: str) -> str:
    """``acme#114-3941689-8772232``."""
    return f"{account}#{order_id}"


def parcel_pk(key: ParcelKey) -> str:
    """``1Z999AA10123456784``; before carrier families, ``ups#1Z999AA10123456784``."""
    return key.number


def package_pk(bucket: BucketKey) -> str:
    """``acme#2026-11-20#0``."""
    return f"{bucket.account}#{bucket.day}#{bucket.shard}"


def package_sk(key: RowKey) -> str:
    """``electronics#114-3941689-8772232#1``."""
    return f"{key.category}#{key.order_id}#{key.package_id}"


def category_prefix(category: str) -> str:
    return f"{category}#"


def row_key(bucket: BucketKey, sk: str) -> RowKey:
    category, order_id, package_id = sk.split("#")
    return RowKey(bucket, category, order_id, package_id)


def bucket_sk(bucket: BucketKey) -> str:
    """``BUCKET#2026-11-20#0``."""
    return f"BUCKET#{bucket.day}#{bucket.shard}"


def bucket_range(first: date, last: date) -> tuple[str, str]:
    """Return the first and last sort key of these days; ``~`` sorts after every shard."""
    return f"BUCKET#{first}", f"BUCKET#{last}#~"


def bucket_key(account: str, sk: str) -> BucketKey:
    _, day, shard = sk.split("#")
    return BucketKey(account, date.fromisoformat(day), int(shard))


def report_sk(report_id: str) -> str:
    """``REPORT#5f0c…``."""
    return f"REPORT#{report_id}"


def account_pk(account: str) -> str:
    """``ACCOUNTS#07``."""
    return accounts_pk(crc32(account.encode()) % ACCOUNT_PARTS)


def accounts_pk(part: int) -> str:
    return f"ACCOUNTS#{part:02}"


def api_key_pk(key_id: str) -> str:
    """``KEY#9f86d081884c7d65``."""
    return f"KEY#{key_id}"


def key_changes_pk(account: str) -> str:
    """``KEYS#acme``."""
    return f"KEYS#{account}"


def key_change_sk(at: datetime, key_id: str) -> str:
    """``2026-11-20T09:30:00.000000+00:00#9f86d081884c7d65``; in order of time."""
    return f"{at.isoformat(timespec='microseconds')}#{key_id}"


def erasures_pk(subject: str) -> str:
    """``ERASURES#order``."""
    return f"ERASURES#{subject}"


def erasure_sk(began_at: datetime, digest: str) -> str:
    """``2026-11-20T09:30:00.000000+00:00#2c26b46b68ffc68f…``; in order of time."""
    return f"{began_at.isoformat(timespec='microseconds')}#{digest}"


def hold_changes_pk(account: str) -> str:
    """``HOLDS#acme``."""
    return f"HOLDS#{account}"


def hold_change_sk(at: datetime, order_id: str) -> str:
    """``2026-11-20T09:30:00.000000+00:00#114-3941689-8772232``; in order of time."""
    return f"{at.isoformat(timespec='microseconds')}#{order_id}"


def key_use_pk(key_id: str) -> str:
    """``USED#9f86d081884c7d65``."""
    return f"USED#{key_id}"


def allowance_pk(account: str, what: str, minute: int) -> str:
    """``ALLOWANCE#acme#requests#29917290``."""
    return f"ALLOWANCE#{account}#{what}#{minute}"


def waivers_pk(policy_id: str) -> str:
    """``WAIVERS#amazon-us``."""
    return f"WAIVERS#{policy_id}"
