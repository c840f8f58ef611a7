"""Names of carriers that nobody knows, an empty object each.

``unknown-carriers/day=2026-11-20/source=aftership/pigeon_post``.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

NAMES_A_DAY = 500
"""Noted by one environment; what sends more is broken, and the metric alone counts it."""


class S3UnknownCarriers:
    """Notes each name once a day and environment, so a busy source costs no request a scan."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._day = date.min
        self._noted: set[tuple[str, str]] = set()

    def note(self, day: date, source: str, names: Iterable[str]) -> None:
        if day != self._day:
            self._day, self._noted = day, set()
        for name in {(source, name) for name in names} - self._noted:
            if len(self._noted) < NAMES_A_DAY:
                self._s3.put_object(Bucket=self._bucket, Key=_key(day, *name), Body=b"")
                self._noted.add(name)

    def noted(self, day: date) -> Iterator[tuple[str, str]]:
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=_key(day)):
            for entry in page.get("Contents", []):
                _, _, source, name = entry["Key"].split("/", 3)
                yield source.removeprefix("source="), name


def _key(day: date, source: str = "", name: str = "") -> str:
    root = f"unknown-carriers/day={day}/"
    return f"{root}source={source}/{name}" if source else root
