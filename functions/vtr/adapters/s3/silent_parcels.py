"""Silent parcels, listed in S3: ``silent/day=2026-11-20/carrier=ups/0.txt.gz``, one number a line.

The last part is the run of the round that found them.
"""

import gzip
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3SilentParcels:
    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, day: date, carrier: str, run: int, numbers: Sequence[str]) -> None:
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"silent/day={day}/carrier={carrier}/{run}.txt.gz",
            Body=gzip.compress("".join(f"{number}\n" for number in numbers).encode(), mtime=0),
            ContentType="application/gzip",
        )
