"""Objects with all their versions.

Where a bucket keeps versions, deleting an object only hides it behind a delete marker, and writing
it again keeps what was there. A bucket that never kept any lists each object as the version
``null``.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
"""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

UNVERSIONED = "null"


class Stored(NamedTuple):
    """An object with its versions, newest first; ``hidden`` if it shows as deleted."""

    key: str
    versions: tuple[str, ...]
    hidden: bool
    stored_at: datetime

    def named(self, version: str) -> dict[str, Any]:
        """Return what names a version to S3; what shows needs no name."""
        shows = version == self.versions[0] and not self.hidden
        return {"Key": self.key} if shows else {"Key": self.key, "VersionId": version}


def stored_under(s3: "S3Client", bucket: str, prefix: str) -> list[Stored]:
    """Return every object of which something is stored, also where it shows as deleted."""
    versions: dict[str, list[str]] = defaultdict(list)
    stored_at: dict[str, datetime] = {}
    hidden: set[str] = set()
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        hidden |= {each["Key"] for each in page.get("DeleteMarkers", []) if each["IsLatest"]}
        for each in page.get("Versions", []):
            versions[each["Key"]].append(each["VersionId"])
            stored_at.setdefault(each["Key"], each["LastModified"])
    return [Stored(key, tuple(ids), key in hidden, stored_at[key]) for key, ids in versions.items()]


def delete_versions(s3: "S3Client", bucket: str, key: str, *, but: str = "") -> bool:
    """Delete every version of an object *but* one, if any; return whether there was one to delete.

    The oldest go first, so that a deletion that is cut off leaves the object as it shows.
    """
    pages: Any = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    found = [
        each["VersionId"]
        for page in pages
        for kind in ("DeleteMarkers", "Versions")
        for each in page.get(kind, [])
        if each["Key"] == key and each["VersionId"] != but
    ]
    for version in reversed(found):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
    return bool(found)
