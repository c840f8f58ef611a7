"""The judged packages, in the table ``packages``."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from vtr.adapters.dynamodb.codec import dump, dump_end, load, load_end, load_evidence
from vtr.adapters.dynamodb.conditional_writes import save_if
from vtr.adapters.dynamodb.table_keys import category_prefix, package_pk, package_sk, row_key
from vtr.adapters.dynamodb.tables import PackageItem, RawItem
from vtr.domain.packages import BucketKey, Confirmation, PackageRow, RowClaim, RowKey
from vtr.ports.packages import RowPage

R = TypeVar("R")


class DynamoPackages:
    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None:
        pk, sk = package_pk(key.bucket), package_sk(key)
        try:
            found = PackageItem.get(pk, sk, consistent_read=consistent)
        except PackageItem.DoesNotExist:
            return None
        return _row(key.bucket, found.raw)

    def put(self, row: PackageRow) -> None:
        revision, version = row.confirmation.revision, row.parcel_version
        item = PackageItem(
            package_pk(row.key.bucket),
            package_sk(row.key),
            confirmation=dump(row.confirmation),
            evidence=dump(row.evidence),
            revision=revision,
            parcel_version=version,
            moved=row.is_tombstone or None,
            expiration=dump_end(row.kept_until),
        )
        later = (
            PackageItem.pk.does_not_exist()
            | (PackageItem.revision < revision)
            | ((PackageItem.revision == revision) & (PackageItem.parcel_version < version))
        )
        save_if(item, later)

    def delete(self, key: RowKey) -> None:
        PackageItem(package_pk(key.bucket), package_sk(key)).delete()

    def delete_bucket(self, bucket: BucketKey) -> int:
        found = PackageItem.query(package_pk(bucket), consistent_read=True)
        with PackageItem.batch_write() as batch:
            return sum(1 for item in found if batch.delete(item) is None)

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[PackageRow]:
        return _page(_row, bucket, after, category, limit)

    def claims(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[RowClaim]:
        return _page(_claim, bucket, after, category, limit)


def _page(
    read: Callable[[BucketKey, RawItem], R],
    bucket: BucketKey,
    after: RowKey | None,
    category: str | None,
    limit: int | None,
) -> RowPage[R]:
    """Return the first page, as DynamoDB cuts it, that has more than tombstones."""
    pk = package_pk(bucket)
    start = None if after is None else {"pk": {"S": pk}, "sk": {"S": package_sk(after)}}
    in_category = category and PackageItem.sk.startswith(category_prefix(category))
    while True:
        items, start = _query(pk, in_category, start, limit)
        rows = [read(bucket, item) for item in items if not _is_tombstone(item)]
        if rows or start is None:
            return RowPage(rows, more=start is not None)


def _query(
    pk: str, in_category: Any, start: Any, limit: int | None
) -> tuple[Iterable[RawItem], Any]:
    """Return one page, as DynamoDB cuts it: at *limit* items or at 1 MB."""
    found = PackageItem.query(
        pk,
        in_category,
        consistent_read=True,
        last_evaluated_key=start,
        limit=limit,
        page_size=limit,
    )
    page: dict[str, Any] = next(iter(found.page_iter), {"Items": []})
    return page["Items"], page.get("LastEvaluatedKey")


def _row(bucket: BucketKey, item: RawItem) -> PackageRow:
    confirmation = load(item["confirmation"]["S"], Confirmation)
    former = confirmation.parcel.former if confirmation.parcel else ("",)
    return PackageRow(
        key=row_key(bucket, item["sk"]["S"]),
        confirmation=confirmation,
        evidence=load_evidence(item["evidence"]["S"], former[0].partition("#")[0]),
        parcel_version=int(item["parcel_version"]["N"]),
        is_tombstone=_is_tombstone(item),
        kept_until=load_end(item),
    )


def _claim(bucket: BucketKey, item: RawItem) -> RowClaim:
    return RowClaim(row_key(bucket, item["sk"]["S"]), load(item["confirmation"]["S"], Confirmation))


def _is_tombstone(item: RawItem) -> bool:
    return "moved" in item and bool(item["moved"]["BOOL"])
