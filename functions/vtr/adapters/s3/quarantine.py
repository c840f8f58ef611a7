"""The quarantine in S3, to be looked at and emptied; functions only put into it.

A body is removed version by version, so that a version that was put meanwhile stays.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from vtr.adapters.s3.archive import prefix_of
from vtr.adapters.s3.versions import stored_under
from vtr.ports.deliveries import QuarantinedBody

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ROOT = "quarantine"


class S3Quarantine:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def bodies(self) -> Iterator[QuarantinedBody]:
        for stored in stored_under(self._s3, self._bucket, f"{ROOT}/"):
            if stored.hidden:
                continue  # deleted by hand; its versions expire
            _, day, source, delivery_id = stored.key.split("/", 3)
            yield QuarantinedBody(
                delivery_id,
                source.removeprefix("source="),
                date.fromisoformat(day.removeprefix("day=")),
                stored.stored_at,
                stored.versions,
            )

    def content(self, body: QuarantinedBody) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=_key(body))["Body"].read()

    def remove(self, body: QuarantinedBody) -> None:
        """Delete the oldest first: one that is cut off leaves the body as it shows."""
        for version in reversed(body.versions):
            self._s3.delete_object(Bucket=self._bucket, Key=_key(body), VersionId=version)


def _key(body: QuarantinedBody) -> str:
    return f"{prefix_of(body.day, body.source, root=ROOT)}{body.delivery_id}"
