"""Webhook bodies in S3 as they were received: the raw archive, and the quarantine.

``raw/day=2026-11-20/source=ups/<hash>.jsonl.gz`` holds the bodies of one batch, a JSON object per
line. The hash is that of the deliveries in it: the same batch, once more, overwrites its object.
``quarantine/day=2026-11-20/source=ups/<delivery id>`` is one body that cannot be decoded.
"""

import gzip
import hashlib
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from vtr.domain.deliveries import AcceptedDelivery

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

COMPRESSION = 6


class _Line(msgspec.Struct, omit_defaults=True):
    """A delivery in the archive; ``base64`` in place of ``body`` if it is not UTF-8."""

    source: str
    delivery_id: str
    received_at: datetime
    account: str = ""
    body: str = ""
    base64: str = ""
    proof: tuple[tuple[str, str], ...] = ()


class S3Archive:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def write(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        by_prefix: dict[str, dict[str, AcceptedDelivery]] = defaultdict(dict)
        for delivery in deliveries:
            prefix = prefix_of(delivery.received_at.date(), delivery.source)
            by_prefix[prefix].setdefault(delivery.delivery_id, delivery)
        for prefix, batch in by_prefix.items():
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{prefix}{_digest(batch)}.jsonl.gz",
                Body=_packed(batch[each] for each in sorted(batch)),
                ContentType="application/gzip",
            )

    def read(self, day: date, source: str = "") -> Iterator[AcceptedDelivery]:
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix_of(day, source)):
            for entry in page.get("Contents", []):
                found = self._s3.get_object(Bucket=self._bucket, Key=entry["Key"])
                body: Any = found["Body"]  # a stream, though not typed as one
                with gzip.open(body) as lines:
                    yield from map(delivery_in, lines)

    def quarantine(self, delivery: AcceptedDelivery) -> None:
        prefix = prefix_of(delivery.received_at.date(), delivery.source, root="quarantine")
        self._s3.put_object(
            Bucket=self._bucket, Key=f"{prefix}{delivery.delivery_id}", Body=delivery.body
        )


def prefix_of(day: date, source: str = "", *, root: str = "raw") -> str:
    """Return what the keys of a day begin with, of one source or of all."""
    return f"{root}/day={day}/source={source}/" if source else f"{root}/day={day}/"


def _digest(delivery_ids: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(sorted(delivery_ids)).encode(), digest_size=16).hexdigest()


def _packed(batch: Iterable[AcceptedDelivery]) -> bytes:
    lines = b"".join(msgspec.json.encode(_line(each)) + b"\n" for each in batch)
    return gzip.compress(lines, COMPRESSION, mtime=0)


def _line(delivery: AcceptedDelivery) -> _Line:
    line = _Line(delivery.source, delivery.delivery_id, delivery.received_at, delivery.account)
    line.proof = delivery.proof
    try:
        line.body = delivery.body.decode()
    except UnicodeDecodeError:
        line.base64 = b64encode(delivery.body).decode()
    return line


def delivery_in(line: bytes) -> AcceptedDelivery:
    """Return the delivery that a line of the archive holds."""
    read = msgspec.json.decode(line, type=_Line)
    return AcceptedDelivery(
        source=read.source,
        body=b64decode(read.base64) if read.base64 else read.body.encode(),
        delivery_id=read.delivery_id,
        received_at=read.received_at,
        account=read.account,
        proof=read.proof,
    )
