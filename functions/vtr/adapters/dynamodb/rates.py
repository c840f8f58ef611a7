"""Counts and report jobs, in the table ``rates``."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from vtr.adapters.dynamodb.codec import (
    dump,
    dump_counts,
    dump_days,
    dump_end,
    load,
    load_counts,
    load_days,
)
from vtr.adapters.dynamodb.conditional_writes import save_if
from vtr.adapters.dynamodb.table_keys import (
    CURRENT_RATE,
    bucket_key,
    bucket_range,
    bucket_sk,
    report_sk,
)
from vtr.adapters.dynamodb.tables import RateItem
from vtr.domain.errors import ConflictError
from vtr.domain.packages import BucketKey
from vtr.domain.rates import DayCounts
from vtr.domain.reports import Report
from vtr.ports.rates import BucketCount, DaySums

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DynamoRates:
    def bucket(self, key: BucketKey) -> BucketCount | None:
        item = _get(key.account, bucket_sk(key), consistent=True)
        if item is None:
            return None
        began = EPOCH + timedelta(microseconds=int(item.counted_from))
        return BucketCount(load_counts(item.counts), began)

    def put_bucket(
        self, key: BucketKey, counts: DayCounts, counted_from: datetime, kept_until: date
    ) -> None:
        began = (counted_from - EPOCH) // timedelta(microseconds=1)
        sk = bucket_sk(key)
        item = RateItem(key.account, sk, counts=dump_counts(counts), counted_from=began)
        item.expiration = dump_end(kept_until)
        save_if(item, RateItem.pk.does_not_exist() | (RateItem.counted_from <= began))

    def buckets(self, account: str, first: date, last: date) -> Mapping[BucketKey, DayCounts]:
        between = RateItem.sk.between(*bucket_range(first, last))
        return {
            bucket_key(account, item.sk): load_counts(item.counts)
            for item in RateItem.query(account, between, consistent_read=True)
        }

    def days(self, account: str, *, consistent: bool = False) -> DaySums:
        item = _get(account, CURRENT_RATE, consistent=consistent)
        return (
            DaySums({}) if item is None else DaySums(load_days(item.counts), int(item.version or 0))
        )

    def put_days(self, account: str, sums: DaySums) -> None:
        item = RateItem(
            account, CURRENT_RATE, counts=dump_days(sums.days), version=sums.version + 1
        )
        first = RateItem.version.does_not_exist()
        if not save_if(item, RateItem.version == sums.version if sums.version else first):
            raise ConflictError(f"the rate of {account} was written in between. Try again.")

    def delete_account(self, account: str) -> int:
        ranges = (RateItem.sk.startswith("BUCKET#"), RateItem.sk == CURRENT_RATE)
        with RateItem.batch_write() as batch:
            return sum(
                1
                for counts in ranges
                for item in RateItem.query(account, counts, consistent_read=True)
                if batch.delete(item) is None
            )


class DynamoReports:
    def get(self, account: str, report_id: str) -> Report | None:
        item = _get(account, report_sk(report_id), consistent=True)
        return None if item is None else load(item.report, Report)

    def save(self, report: Report) -> None:
        item = RateItem(report.account, report_sk(report.id), report=dump(report))
        item.expiration = int(report.expires_at.timestamp())
        item.save()

    def delete(self, report: Report) -> None:
        RateItem(report.account, report_sk(report.id)).delete()

    def of_account(self, account: str) -> Sequence[Report]:
        reports = RateItem.sk.startswith(report_sk(""))
        found = RateItem.query(account, reports, consistent_read=True)
        return [load(item.report, Report) for item in found]


def _get(pk: str, sk: str, *, consistent: bool = False) -> RateItem | None:
    try:
        return RateItem.get(pk, sk, consistent_read=consistent)
    except RateItem.DoesNotExist:
        return None
