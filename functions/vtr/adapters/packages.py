"""The judged packages, in the table ``packages``."""

from typing import Any

from pynamodb.exceptions import PutError

from vtr.adapters.codec import dump, load, load_evidence
from vtr.adapters.keys import category_prefix, package_pk, package_sk, row_key
from vtr.adapters.tables import PackageItem
from vtr.adapters.versions import is_condition_failure
from vtr.domain.packages import BucketKey, Confirmation, RowKey
from vtr.use_cases.ports import Row, RowPage


class DynamoPackages:
    def get(self, key: RowKey, *, consistent: bool = False) -> Row | None:
        pk, sk = package_pk(key.bucket), package_sk(key)
        try:
            return _row(PackageItem.get(pk, sk, consistent_read=consistent))
        except PackageItem.DoesNotExist:
            return None

    def put(self, row: Row) -> None:
        revision, version = row.confirmation.revision, row.parcel_version
        item = PackageItem(
            package_pk(row.key.bucket),
            package_sk(row.key),
            confirmation=dump(row.confirmation),
            evidence=dump(row.evidence),
            revision=revision,
            parcel_version=version,
            moved=row.moved or None,
        )
        later = (
            PackageItem.pk.does_not_exist()
            | (PackageItem.revision < revision)
            | ((PackageItem.revision == revision) & (PackageItem.parcel_version < version))
        )
        try:
            item.save(later)
        except PutError as error:
            if not is_condition_failure(error):
                raise

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage:
        pk = package_pk(bucket)
        start = None if after is None else {"pk": {"S": pk}, "sk": {"S": package_sk(after)}}
        in_category = category and PackageItem.sk.startswith(category_prefix(category))
        while True:
            items, start = _query(pk, in_category, start, limit)
            rows = [_row(item) for item in items if not item.moved]
            if rows or start is None:
                return RowPage(rows, more=start is not None)


def _query(
    pk: str, in_category: Any, start: Any, limit: int | None
) -> tuple[list[PackageItem], Any]:
    """One page, as DynamoDB cuts it: at *limit* items or at 1 MB."""
    found = PackageItem.query(
        pk,
        in_category,
        consistent_read=True,
        last_evaluated_key=start,
        limit=limit,
        page_size=limit,
    )
    page: dict[str, Any] = next(iter(found.page_iter), {"Items": []})
    return [PackageItem.from_raw_data(raw) for raw in page["Items"]], page.get("LastEvaluatedKey")


def _row(item: PackageItem) -> Row:
    return Row(
        key=row_key(item.pk, item.sk),
        confirmation=load(item.confirmation, Confirmation),
        evidence=load_evidence(item.evidence),
        parcel_version=int(item.parcel_version),
        moved=bool(item.moved),
    )
