"""Webhook bodies too large for a queue message, in S3."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3DeliveryBodies:
    """Webhook bodies by the key that their message carries."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def get(self, object_key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=object_key)["Body"].read()
