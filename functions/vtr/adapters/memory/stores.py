"""Orders, parcels, packages, rates and reports in memory, with DynamoDB's conditional writes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from vtr.domain.errors import ConflictError, UploadGoneError
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, PackageRow, ParcelKey, RowClaim, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.domain.reports import Report
from vtr.domain.retention import EndedPackage
from vtr.ports.packages import RowPage
from vtr.ports.rates import BucketCount, DaySums


class MemoryOrders:
    def __init__(self) -> None:
        self._orders: dict[tuple[str, str], Order] = {}

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:  # noqa: ARG002 - memory is always consistent
        return self._orders.get((account, order_id))

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Order]:
        return {key: self._orders[key] for key in keys if key in self._orders}

    def save(self, order: Order) -> Order:
        key = order.account, order.order_id
        known = self._orders.get(key)
        if order.version != (known.version if known else 0):
            raise ConflictError(f"order {order.order_id} was written in between. Try again.")
        self._orders[key] = replace(order, version=order.version + 1)
        return self._orders[key]

    def delete(self, order: Order) -> None:
        key = order.account, order.order_id
        if key in self._orders and self._orders[key].version != order.version:
            raise ConflictError(f"order {order.order_id} was written in between. Try again.")
        self._orders.pop(key, None)

    def of_account(self, account: str) -> Iterator[Order]:
        yield from [order for order in self._orders.values() if order.account == account]


class MemoryParcels:
    def __init__(self) -> None:
        self._parcels: dict[ParcelKey, Parcel] = {}

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:  # noqa: ARG002 - memory is always consistent
        return self._parcels.get(key) or Parcel(key=key)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        return {key: self._parcels[key] for key in keys if key in self._parcels}

    def save(self, parcel: Parcel) -> Parcel:
        known = self._parcels.get(parcel.key)
        if parcel.version != (known.version if known else 0):
            raise ConflictError(
                f"the parcel {parcel.key.number} was written in between. Try again."
            )
        self._parcels[parcel.key] = replace(parcel, version=parcel.version + 1)
        return self._parcels[parcel.key]

    def delete(self, parcel: Parcel) -> None:
        known = self._parcels.get(parcel.key)
        if known is not None and known.version != parcel.version:
            raise ConflictError(
                f"the parcel {parcel.key.number} was written in between. Try again."
            )
        self._parcels.pop(parcel.key, None)

    def delete_former(self, key: ParcelKey) -> None:
        """Do nothing: memory has no former keys."""


class MemoryPackages:
    def __init__(self, page_size: int = 100) -> None:
        self._buckets: dict[BucketKey, dict[RowKey, PackageRow]] = defaultdict(dict)
        self._page_size = page_size

    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None:  # noqa: ARG002 - memory is always consistent
        return self._buckets[key.bucket].get(key)

    def put(self, row: PackageRow) -> None:
        rows = self._buckets[row.key.bucket]
        known = rows.get(row.key)
        if known is None or _age(known) < _age(row):
            rows[row.key] = row

    def delete(self, key: RowKey) -> None:
        self._buckets[key.bucket].pop(key, None)

    def delete_bucket(self, bucket: BucketKey) -> int:
        return len(self._buckets.pop(bucket, {}))

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[PackageRow]:
        rows = sorted(
            (
                row
                for key, row in self._buckets[bucket].items()
                if not row.is_tombstone
                and category in {None, key.category}
                and (after is None or key[1:] > after[1:])
            ),
            key=lambda row: row.key[1:],
        )
        size = limit or self._page_size
        return RowPage(rows[:size], more=len(rows) > size)

    def claims(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[RowClaim]:
        page = self.page(bucket, after=after, category=category, limit=limit)
        return RowPage([RowClaim(row.key, row.confirmation) for row in page.rows], more=page.more)


class MemoryRates:
    def __init__(self) -> None:
        self._buckets: dict[str, dict[BucketKey, BucketCount]] = defaultdict(dict)
        self._days: dict[str, DaySums] = {}
        self._kept_until: dict[str, dict[BucketKey, date]] = defaultdict(dict)

    def bucket(self, key: BucketKey) -> BucketCount | None:
        return self._buckets[key.account].get(key)

    def put_bucket(
        self, key: BucketKey, counts: DayCounts, counted_from: datetime, kept_until: date
    ) -> None:
        buckets = self._buckets[key.account]
        known = buckets.get(key)
        if known is None or known.counted_from <= counted_from:
            buckets[key] = BucketCount(counts, counted_from)
            self._kept_until[key.account][key] = kept_until

    def buckets(self, account: str, first: date, last: date) -> Mapping[BucketKey, DayCounts]:
        return {
            key: known.counts
            for key, known in self._buckets[account].items()
            if first <= key.day <= last
        }

    def days(self, account: str, *, consistent: bool = False) -> DaySums:  # noqa: ARG002 - memory is always consistent
        return self._days.get(account, DaySums({}))

    def put_days(self, account: str, sums: DaySums) -> None:
        if self._days.get(account, DaySums({})).version != sums.version:
            raise ConflictError(f"the rate of {account} was written in between. Try again.")
        self._days[account] = DaySums(sums.days, sums.version + 1)

    def delete_account(self, account: str) -> int:
        self._kept_until.pop(account, None)
        return len(self._buckets.pop(account, {})) + bool(self._days.pop(account, None))


class MemoryReports:
    def __init__(self) -> None:
        self._reports: dict[tuple[str, str], Report] = {}

    def get(self, account: str, report_id: str) -> Report | None:
        return self._reports.get((account, report_id))

    def save(self, report: Report) -> None:
        self._reports[report.account, report.id] = report

    def delete(self, report: Report) -> None:
        self._reports.pop((report.account, report.id), None)

    def of_account(self, account: str) -> Sequence[Report]:
        return [report for report in self._reports.values() if report.account == account]


class MemoryReportFiles:
    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self._begun = 0

    def begin(self, key: str, filename: str) -> str:  # noqa: ARG002 - shown by a real store only
        self._begun += 1
        upload_id = f"{key}#{self._begun}"
        self.uploads[upload_id] = {}
        return upload_id

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str:  # noqa: ARG002
        self._upload(upload_id)[number] = content
        return f"part-{number}"

    def complete(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        uploaded = self._upload(upload_id)
        del self.uploads[upload_id]
        self.documents[key] = b"".join(uploaded[n] for n in range(1, len(parts) + 1))

    def abort(self, key: str, upload_id: str) -> None:  # noqa: ARG002 - the id is enough here
        self._upload(upload_id)
        del self.uploads[upload_id]

    def delete(self, key: str) -> bool:
        return self.documents.pop(key, None) is not None

    def _upload(self, upload_id: str) -> dict[int, bytes]:
        if upload_id not in self.uploads:
            raise UploadGoneError("The upload was ended before.")
        return self.uploads[upload_id]

    def url(self, key: str, expires_in: int) -> str:
        return f"memory:{key}?expires_in={expires_in}"


class MemoryEndedDays:
    def __init__(self) -> None:
        self._files: dict[BucketKey, tuple[EndedPackage, ...]] = {}

    def put(self, bucket: BucketKey, packages: Iterable[EndedPackage]) -> bool:
        if bucket in self._files:
            return False
        self._files[bucket] = tuple(packages)
        return True

    def buckets(self, account: str, first: date, last: date) -> frozenset[BucketKey]:
        return frozenset(
            key for key in self._files if key.account == account and first <= key.day <= last
        )

    def erase(self, bucket: BucketKey, order_id: str) -> int:
        packages = self._files[bucket]
        kept = [each for each in packages if each.confirmation.order_id != order_id]
        self._files[bucket] = tuple(kept)
        if not kept:
            del self._files[bucket]
        return len(packages) - len(kept)

    def delete(self, bucket: BucketKey) -> None:
        self._files.pop(bucket, None)

    def read(self, bucket: BucketKey) -> Iterator[EndedPackage]:
        yield from self._files[bucket]


def _age(row: PackageRow) -> tuple[int, int]:
    return row.confirmation.revision, row.parcel_version
