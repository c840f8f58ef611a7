"""Report documents in S3, uploaded part by part."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vtr.adapters.s3.versions import delete_versions
from vtr.domain.errors import UploadGoneError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@contextmanager
def _gone_uploads() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchUpload":
            raise UploadGoneError("The upload was ended before.") from error
        raise


class S3ReportFiles:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def begin(self, key: str, filename: str) -> str:
        upload = self._s3.create_multipart_upload(
            Bucket=self._bucket,
            Key=key,
            ContentType="text/csv; charset=utf-8",
            ContentEncoding="gzip",
            ContentDisposition=f'attachment; filename="{filename}"',
        )
        return upload["UploadId"]

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str:
        with _gone_uploads():
            part = self._s3.upload_part(
                Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=content
            )
        return part["ETag"]

    def complete(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        with _gone_uploads():
            self._s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [
                        {"PartNumber": n, "ETag": tag} for n, tag in enumerate(parts, start=1)
                    ]
                },
            )

    def abort(self, key: str, upload_id: str) -> None:
        with _gone_uploads():
            self._s3.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    def delete(self, key: str) -> bool:
        return delete_versions(self._s3, self._bucket, key)

    def url(self, key: str, expires_in: int) -> str:
        return self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=expires_in
        )
