"""Compressed objects of lines, written again without some of these, and with no older version left.

In a stream, through a temporary file where it is large: no object has to fit in memory.
"""

import gzip
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vtr.adapters.s3.versions import UNVERSIONED, delete_versions
from vtr.domain.errors import ConflictError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

COMPRESSION = 6

IN_MEMORY_BYTES = 8 * 1024 * 1024
"""A larger object goes through a temporary file."""


def rewrite(
    s3: "S3Client", bucket: str, key: str, is_kept: Callable[[bytes], bool], *, etag: str = ""
) -> int:
    """Write an object again with the lines that are kept; return how many were left out.

    One of which no line is kept is deleted. One of which all are is not written, but its older
    versions are deleted all the same: a run that was cut off may have left them. Raise
    ``ConflictError`` if another writes it at the same moment, or since it had the *etag*.
    """
    found: Any = s3.get_object(Bucket=bucket, Key=key)
    with gzip.open(found["Body"]) as lines, SpooledTemporaryFile(IN_MEMORY_BYTES) as content:
        kept = dropped = 0
        with gzip.GzipFile(
            fileobj=content, mode="wb", compresslevel=COMPRESSION, mtime=0
        ) as packed:
            for line in lines:
                if is_kept(line):
                    packed.write(line)
                    kept += 1
                else:
                    dropped += 1
        content.seek(0)
        version = found.get("VersionId", UNVERSIONED)
        if dropped and kept:
            version = _put(s3, bucket, key, content, etag or found["ETag"])
    delete_versions(s3, bucket, key, but=version if kept else "")
    return dropped


def _put(s3: "S3Client", bucket: str, key: str, content: Any, etag: str) -> str:
    """Put an object in the place of the one that was read; return its version."""
    try:
        put = s3.put_object(
            Bucket=bucket, Key=key, Body=content, ContentType="application/gzip", IfMatch=etag
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in {"PreconditionFailed", "NoSuchKey"}:
            raise ConflictError(
                "Another erasure wrote the archive at the same moment. Run it again."
            ) from None
        raise
    return put.get("VersionId", UNVERSIONED)
