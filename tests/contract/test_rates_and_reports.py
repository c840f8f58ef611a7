"""Counts are overwritten by the count that began last; reports are one account's own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contract.builders import BUCKET, DAY, NOW, counts
from vtr.domain.errors import ConflictError
from vtr.domain.packages import BucketKey, RowKey
from vtr.domain.rates import DayCounts
from vtr.domain.reports import Checkpoint, Report, ReportStatus
from vtr.ports import Ports
from vtr.ports.rates import BucketCount, DaySums

EARLIER = NOW - timedelta(microseconds=1)
DAYS = {DAY: counts(1), DAY + timedelta(days=1): counts(2)}


def report(report_id: str = "5f0c", account: str = "acme") -> Report:
    return Report(
        id=report_id,
        account=account,
        first_day=DAY - timedelta(days=29),
        last_day=DAY,
        requested_at=NOW,
    )


def test_a_bucket_nobody_counted_is_none(ports: Ports) -> None:
    assert ports.rates.bucket(BUCKET) is None


@pytest.mark.parametrize("counted", [counts(), {}])
def test_the_counts_of_a_bucket_come_back(ports: Ports, counted: DayCounts) -> None:
    ports.rates.put_bucket(BUCKET, counted, NOW, DAY)
    assert ports.rates.bucket(BUCKET) == BucketCount(counted, NOW)


def test_a_count_begun_later_overwrites_and_one_begun_earlier_does_not(ports: Ports) -> None:
    ports.rates.put_bucket(BUCKET, counts(1), EARLIER, DAY)
    ports.rates.put_bucket(BUCKET, counts(2), NOW, DAY)
    ports.rates.put_bucket(BUCKET, counts(3), EARLIER, DAY)
    assert ports.rates.bucket(BUCKET) == BucketCount(counts(2), NOW)


def test_of_two_counts_begun_together_the_last_written_stands(ports: Ports) -> None:
    ports.rates.put_bucket(BUCKET, counts(1), NOW, DAY)
    ports.rates.put_bucket(BUCKET, counts(2), NOW, DAY)
    assert ports.rates.bucket(BUCKET) == BucketCount(counts(2), NOW)


def test_buckets_are_read_by_days_both_included_and_by_account(ports: Ports) -> None:
    days = [DAY + timedelta(days=ahead) for ahead in range(-2, 3)]
    for day in days:
        for shard in (0, 1, 10, 63):
            ports.rates.put_bucket(BucketKey("acme", day, shard), counts(shard), NOW, DAY)
        ports.rates.put_bucket(BucketKey("other", day), counts(99), NOW, DAY)
    assert ports.rates.buckets("acme", days[1], days[3]) == {
        BucketKey("acme", day, shard): counts(shard)
        for day in days[1:4]
        for shard in (0, 1, 10, 63)
    }


def test_buckets_are_told_apart_from_sums_and_reports(ports: Ports) -> None:
    ports.rates.put_days("acme", DaySums(DAYS))
    ports.reports.save(report())
    assert ports.rates.buckets("acme", DAY - timedelta(days=400), DAY) == {}


def test_an_account_nobody_summed_has_no_days(ports: Ports) -> None:
    assert ports.rates.days("acme") == DaySums({}, version=0)


def test_the_days_of_an_account_come_back(ports: Ports) -> None:
    ports.rates.put_days("acme", DaySums(DAYS))
    assert ports.rates.days("acme") == DaySums(DAYS, version=1)
    assert ports.rates.days("other") == DaySums({}, version=0)


def test_a_sum_overwrites_the_one_before(ports: Ports) -> None:
    ports.rates.put_days("acme", DaySums({}))
    ports.rates.put_days("acme", DaySums(DAYS, version=1))
    assert ports.rates.days("acme", consistent=True) == DaySums(DAYS, version=2)


@pytest.mark.parametrize("read_at", [0, 2, 7])
def test_a_sum_does_not_overwrite_what_it_did_not_read(ports: Ports, read_at: int) -> None:
    ports.rates.put_days("acme", DaySums({}))
    if read_at == 2:
        ports.rates.put_days("acme", DaySums({}, version=1))
        ports.rates.put_days("acme", DaySums(DAYS, version=2))
    with pytest.raises(ConflictError):
        ports.rates.put_days("acme", DaySums({}, version=read_at))


def test_a_report_nobody_asked_for_is_none(ports: Ports) -> None:
    assert ports.reports.get("acme", "5f0c") is None


@pytest.mark.parametrize(
    "asked",
    [
        report(),
        replace(report(), category="électronique & co"),
        replace(report(), status=ReportStatus.DONE, rows=7, bytes=900, finished_at=NOW),
        replace(
            report(),
            status=ReportStatus.RUNNING,
            checkpoint=Checkpoint(
                upload_id="up#1",
                parts=('"etag-1"', '"etag-2"'),
                after=RowKey(BUCKET, "books", "114-1", "1"),
                rows=3,
                bytes=5_000_000,
            ),
        ),
    ],
    ids=["queued", "of one category", "done", "running"],
)
def test_a_report_comes_back_whole(ports: Ports, asked: Report) -> None:
    ports.reports.save(asked)
    assert ports.reports.get("acme", "5f0c") == asked


def test_a_report_is_saved_over_itself(ports: Ports) -> None:
    ports.reports.save(report())
    done = replace(report(), status=ReportStatus.DONE)
    ports.reports.save(done)
    assert ports.reports.get("acme", "5f0c") == done


def test_another_accounts_report_is_none(ports: Ports) -> None:
    ports.reports.save(report(account="other"))
    assert ports.reports.get("acme", "5f0c") is None
