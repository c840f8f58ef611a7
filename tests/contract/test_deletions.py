"""What an operator's command deletes is gone, and nothing beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contract.builders import BUCKET, DAY, NOW, UPS_NUMBER, counts, order, parcel, row
from contract.test_accounts import ACME, CREATED, KEY
from contract.test_files_and_secrets import write
from contract.test_former_parcels import STORE, key
from contract.test_rates_and_reports import report
from contract.worlds import AwsWorld, World
from support import builders
from vtr.adapters.dynamodb.tables import ParcelItem
from vtr.domain.erasures import Erasure, Remainder, Subject
from vtr.domain.errors import ConflictError
from vtr.domain.packages import BucketKey
from vtr.ports import Ports
from vtr.ports.rates import DaySums

RECEIPT = Erasure(
    subject=Subject.ORDER,
    digest="2c26b46b",
    account="acme",
    by="ada",
    began_at=NOW,
    ended_at=NOW + timedelta(hours=1),
    erased={"orders": 1},
    stays=(Remainder("backups", NOW), Remainder("evidence", None)),
)


def test_a_deleted_order_is_gone_and_may_be_made_anew(ports: Ports) -> None:
    saved = ports.orders.save(order())
    ports.orders.delete(saved)
    assert ports.orders.get("acme", "114-1", consistent=True) is None
    assert ports.orders.save(order()).version == 1


def test_an_order_that_was_written_in_between_is_not_deleted(ports: Ports) -> None:
    read = ports.orders.save(order())
    ports.orders.save(read.cancelled(NOW))
    with pytest.raises(ConflictError, match="114-1"):
        ports.orders.delete(read)
    assert ports.orders.get("acme", "114-1")


def test_an_order_that_is_gone_already_is_deleted_by_doing_nothing(ports: Ports) -> None:
    saved = ports.orders.save(order())
    ports.orders.delete(saved)
    ports.orders.delete(saved)


def test_the_orders_of_an_account_are_its_own_alone(ports: Ports) -> None:
    """Not those of an account whose name begins like it, nor of one that has its name in ids."""
    for each in ("acme", "acme-2", "acm", "ACME", "bolt"):
        ports.orders.save(order("acme", account=each, packages={}))
    mine = [ports.orders.save(order(f"114-{n}")) for n in range(3)]
    found = sorted(ports.orders.of_account("acme"), key=lambda each: each.order_id)
    assert [each for each in found if each.order_id != "acme"] == mine
    assert {each.account for each in found} == {"acme"}
    assert len(found) == 4


def test_orders_are_found_beyond_a_page(aws_world: AwsWorld) -> None:
    filler = "x" * 5_000
    large = replace(order(packages={}).facts, origin=filler)
    for n in range(230):
        aws_world.ports.orders.save(order(f"114-{n}", facts=large, packages={}))
    assert len(list(aws_world.ports.orders.of_account("acme"))) == 230


def test_a_deleted_parcel_is_gone_and_begins_anew(ports: Ports) -> None:
    saved = ports.parcels.save(parcel())
    ports.parcels.delete(saved)
    ports.parcels.delete(saved)
    assert ports.parcels.get(UPS_NUMBER, consistent=True).version == 0
    with pytest.raises(ConflictError):
        ports.parcels.save(saved)


def test_a_parcel_that_was_written_in_between_is_not_deleted(ports: Ports) -> None:
    read = ports.parcels.save(parcel())
    ports.parcels.save(read)
    with pytest.raises(ConflictError, match=UPS_NUMBER.number):
        ports.parcels.delete(read)
    assert ports.parcels.get(UPS_NUMBER, consistent=True).claims


def test_former_items_of_a_parcel_go_once_its_present_one_has_what_they_had(
    aws_world: AwsWorld,
) -> None:
    parcels = aws_world.ports.parcels
    stored = next(each for each in STORE["parcels"] if each["pk"] == f"ups#{builders.UPS_NUMBER}")
    former = ParcelItem(stored["pk"], parcel=stored["parcel"], version=stored["version"] - 1)
    former.save(add_version_condition=False)
    ups = key("ups", builders.UPS_NUMBER)
    parcels.delete_former(ups)
    found = parcels.get(ups, consistent=True)
    assert found.version
    parcels.save(found)
    parcels.delete_former(ups)
    assert [item.pk for item in ParcelItem.scan()] == [builders.UPS_NUMBER]


def test_a_deleted_row_is_gone_and_its_neighbours_stay(ports: Ports) -> None:
    for each in ("114-1", "114-2"):
        ports.packages.put(row(each))
    ports.packages.put(row("114-3", is_tombstone=True))
    for gone in (row("114-1"), row("114-3"), row("114-9")):
        ports.packages.delete(gone.key)
    assert ports.packages.page(BUCKET).rows == [row("114-2")]
    assert ports.packages.get(row("114-3").key, consistent=True) is None


def test_a_deleted_bucket_is_empty_and_others_are_not(ports: Ports) -> None:
    next_day = BucketKey("acme", DAY + timedelta(days=1))
    for n in range(30):
        ports.packages.put(row(f"114-{n}", is_tombstone=n % 2 == 0))
    ports.packages.put(row(bucket=next_day))
    assert ports.packages.delete_bucket(BUCKET) == 30
    assert ports.packages.delete_bucket(BUCKET) == 0
    assert ports.packages.page(BUCKET).rows == []
    assert len(ports.packages.page(next_day).rows) == 1


def test_the_counts_of_an_account_go_and_its_reports_stay(ports: Ports) -> None:
    ports.rates.put_bucket(BUCKET, counts(), NOW, DAY)
    ports.rates.put_days("acme", DaySums({DAY: counts()}))
    ports.rates.put_bucket(BucketKey("bolt", DAY), counts(), NOW, DAY)
    ports.reports.save(report())
    assert ports.rates.delete_account("acme") == 2
    assert ports.rates.buckets("acme", date.min, date.max) == {}
    assert ports.rates.days("acme", consistent=True) == DaySums({})
    assert ports.rates.bucket(BucketKey("bolt", DAY))
    assert ports.reports.get("acme", "5f0c")


def test_the_reports_of_an_account_are_its_own_and_are_deleted_one_by_one(ports: Ports) -> None:
    ports.rates.put_bucket(BUCKET, counts(), NOW, DAY)
    for each in (report("a"), report("b"), report("c", account="bolt")):
        ports.reports.save(each)
    assert [each.id for each in ports.reports.of_account("acme")] == ["a", "b"]
    ports.reports.delete(report("a"))
    assert [each.id for each in ports.reports.of_account("acme")] == ["b"]
    assert ports.reports.of_account("crane") == []


def test_a_deleted_document_is_gone_and_one_whose_key_begins_like_it_stays(world: World) -> None:
    write(world, b"one")
    write(world, b"two", key="reports/acme/5f0c.csv.old")
    files = world.ports.report_files
    assert files.delete("reports/acme/5f0c.csv")
    assert not files.delete("reports/acme/5f0c.csv")
    assert world.document("reports/acme/5f0c.csv") is None
    assert world.document("reports/acme/5f0c.csv.old") == b"two"


def test_an_account_is_closed_once_and_then_deleted(ports: Ports) -> None:
    ports.accounts.add(ACME)
    ports.accounts.close("acme", NOW)
    ports.accounts.close("acme", NOW + timedelta(days=1))
    closed = ports.accounts.get("acme")
    assert closed
    assert closed.closed_at == NOW
    ports.accounts.delete("acme")
    assert ports.accounts.get("acme") is None
    assert list(ports.accounts.all()) == []


def test_a_deleted_key_is_gone_and_the_record_of_it_stays(ports: Ports) -> None:
    ports.keys.save(KEY, CREATED)
    ports.keys.note_use(KEY.id, DAY)
    ports.keys.delete(KEY.id)
    assert ports.keys.get(KEY.id) is None
    assert ports.keys.last_used([KEY.id]) == {}
    assert ports.keys.changes("acme") == [CREATED]


def test_receipts_come_back_whole_and_in_order_of_time(ports: Ports) -> None:
    later = replace(RECEIPT, began_at=NOW + timedelta(microseconds=1), digest="00")
    number = replace(RECEIPT, subject=Subject.NUMBER, account="", ended_at=None, stays=())
    for each in (later, RECEIPT, number):
        ports.erasures.save(each)
    assert ports.erasures.of(Subject.ORDER) == [RECEIPT, later]
    assert ports.erasures.of(Subject.NUMBER) == [number]
    assert ports.erasures.of(Subject.ACCOUNT) == []


def test_a_receipt_saved_again_replaces_the_one_that_was_unfinished(ports: Ports) -> None:
    ports.erasures.save(replace(RECEIPT, ended_at=None))
    ports.erasures.save(RECEIPT)
    assert ports.erasures.of(Subject.ORDER) == [RECEIPT]


def test_an_order_under_erasure_comes_back_so(ports: Ports) -> None:
    saved = ports.orders.save(order(erasing_since=NOW))
    assert ports.orders.get("acme", "114-1") == saved
