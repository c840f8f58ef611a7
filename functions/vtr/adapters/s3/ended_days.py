"""Ended days in S3: ``ended/account=acme/day=2026-11-20/shard=0.jsonl.gz``.

One compressed file a bucket, a JSON object per line: one package, with all that a report shows.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vtr.adapters.dynamodb.codec import dump, load_ended_package
from vtr.adapters.s3.rewriting import rewrite
from vtr.adapters.s3.versions import delete_versions
from vtr.domain.packages import BucketKey
from vtr.domain.retention import EndedPackage

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

COMPRESSION = 6


class S3EndedDays:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, bucket: BucketKey, packages: Iterable[EndedPackage]) -> bool:
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=object_key(bucket),
                Body=packed(packages),
                ContentType="application/gzip",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise
        return True

    def buckets(self, account: str, first: date, last: date) -> frozenset[BucketKey]:
        prefix = f"ended/account={account}/"
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, StartAfter=f"{prefix}day={first}"
        )
        found: set[BucketKey] = set()
        for page in pages:
            listed = [bucket_of(entry["Key"]) for entry in page.get("Contents", [])]
            found.update(bucket for bucket in listed if bucket.day <= last)
            if listed and listed[-1].day > last:
                break
        return frozenset(found)

    def erase(self, bucket: BucketKey, order_id: str) -> int:
        def is_kept(line: bytes) -> bool:
            return load_ended_package(line).confirmation.order_id != order_id

        return rewrite(self._s3, self._bucket, object_key(bucket), is_kept)

    def delete(self, bucket: BucketKey) -> None:
        delete_versions(self._s3, self._bucket, object_key(bucket))

    def read(self, bucket: BucketKey) -> Iterator[EndedPackage]:
        found = self._s3.get_object(Bucket=self._bucket, Key=object_key(bucket))
        body: Any = found["Body"]  # a stream, though not typed as one
        with gzip.open(body) as lines:
            yield from map(load_ended_package, lines)


def object_key(bucket: BucketKey) -> str:
    return f"ended/account={bucket.account}/day={bucket.day}/shard={bucket.shard}.jsonl.gz"


def bucket_of(key: str) -> BucketKey:
    """Return the bucket that an object holds."""
    parts = dict(part.split("=", 1) for part in key.removesuffix(".jsonl.gz").split("/")[1:])
    return BucketKey(parts["account"], date.fromisoformat(parts["day"]), int(parts["shard"]))


def packed(packages: Iterable[EndedPackage]) -> bytes:
    """Compress one line at a time, so that no more than the compressed file is held in memory."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", compresslevel=COMPRESSION, mtime=0) as lines:
        for package in packages:
            lines.write(dump(package).encode() + b"\n")
    return content.getvalue()
