"""Each fault on the line to AWS by itself: refused, cut off, answered in part, overtaken.

Each test is shown to bite. ``tests/support/faulty_client.py`` is the line.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from contract.worlds import SLOT
from integration.races import FIRST_DAY, LAST_DAY, NOW, Race, fresh_world, numbers_shared
from simulation.mutations import (
    Mutation,
    a_claim_does_not_read_the_evidence,
    scans_do_not_read_the_claims,
)
from support.builders import (
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_label,
    a_scan,
    after_order,
)
from support.faulty_client import Fault, faulty_line
from vtr.adapters import sqs
from vtr.adapters.dynamodb import conditional_writes, orders, parcels
from vtr.adapters.dynamodb.tables import OrderItem, PackageItem, ParcelItem, RateItem
from vtr.adapters.sqs import QueueError
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.errors import ConflictError
from vtr.domain.packages import BucketKey, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Sharing
from vtr.domain.verdict import Reason
from vtr.messages import DeliveryMessage, read_message
from vtr.ports.queues import Recount
from vtr.use_cases import project
from vtr.use_cases.change_parcel import change_parcel
from vtr.use_cases.read_packages import PackageFilter, list_packages, read_order
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.recount import recount
from vtr.use_cases.submit import cancel_order
from vtr_demo.labels import ups


@pytest.fixture
def race() -> Iterator[Race]:
    with fresh_world() as (world, account), faulty_line() as line:
        yield Race(world, account, line)
        assert line.is_as_planned


@pytest.mark.parametrize("table", ["orders", "parcels", "packages"])
def test_a_submission_that_took_effect_unanswered_is_recorded_once(race: Race, table: str) -> None:
    race.scan(a_scan())
    race.plan("PutItem", table, Fault.LOST)
    assert race.confirm().verdict.reason is Reason.VALID
    assert race.history() == [UPS_NUMBER]
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


@pytest.mark.parametrize("table", ["orders", "parcels", "packages"])
def test_an_edit_that_took_effect_unanswered_is_recorded_once(race: Race, table: str) -> None:
    race.scan(a_scan(number=UPS_NUMBER_2))
    race.confirm()
    race.plan("PutItem", table, Fault.LOST)
    later = SHIP_DAY + timedelta(days=1)
    edited = race.confirm(tracking_number=UPS_NUMBER_2, ship_date=later)
    assert edited.verdict.reason is Reason.VALID
    assert race.history() == [UPS_NUMBER, UPS_NUMBER_2]
    assert (race.rows(), race.rows(later)) == ({}, {"111-0000001": Reason.VALID})
    assert race.asked() == [SHIP_DAY, later]


def test_a_cancellation_that_took_effect_unanswered_is_none_of_anothers(race: Race) -> None:
    race.confirm()
    race.plan("PutItem", "orders", Fault.LOST)
    order = cancel_order(race.ports, race.account, "111-0000001", NOW, NOW).order
    assert (order.cancelled_at, order.version) == (NOW, 2)
    assert race.package().confirmation.cancelled_at == NOW


def test_a_scan_that_took_effect_unanswered_reaches_its_packages(race: Race) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("PutItem", "parcels", Fault.LOST)
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


def test_a_scan_that_took_effect_unanswered_and_was_written_over_reaches_its_packages(
    race: Race,
) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("PutItem", "parcels", Fault.LOST, lambda: race.scan(a_label()))
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


def test_a_claim_withdrawn_unanswered_gives_the_number_to_the_next_order(race: Race) -> None:
    with numbers_shared(Sharing.FORBIDDEN):
        race.scan(a_scan())
        race.confirm(confirmed_at=after_order(hours=24))
        race.confirm(order_id="111-0000002", confirmed_at=after_order(hours=25))
        assert race.rows()["111-0000002"] is not Reason.VALID
        race.plan("PutItem", "parcels", lambda: None, Fault.LOST)
        race.confirm(tracking_number=UPS_NUMBER_2, confirmed_at=after_order(hours=26))
        assert race.rows()["111-0000002"] is Reason.VALID


def test_a_write_that_nobody_answers_fails_and_is_done_by_trying_again(race: Race) -> None:
    race.plan("PutItem", "parcels", Fault.CUT_OFF)
    with pytest.raises(PynamoDBException):
        race.confirm()
    race.confirm()
    assert race.history() == [UPS_NUMBER]
    race.plan("PutItem", "parcels", Fault.CUT_OFF)
    with pytest.raises(PynamoDBException):
        race.scan(a_scan())
    race.scan(a_scan(), repeated=True)
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.FAILED])
def test_what_is_refused_for_a_moment_is_sent_again_by_the_client(race: Race, fault: Fault) -> None:
    race.plan("PutItem", "orders", fault, fault)
    race.plan("GetItem", "parcels", fault)
    race.plan("SendMessageBatch", "RecountsQueue.fifo", fault)
    race.confirm()
    assert (race.history(), race.asked()) == ([UPS_NUMBER], [SHIP_DAY])


def test_no_row_is_lost_where_batches_are_read_in_part(race: Race) -> None:
    numbers = [ups(package).number for package in range(12)]
    for number in numbers:
        race.confirm(order_id=f"111-{number}", tracking_number=number)
        race.scan(a_scan(number=number))
    race.plan("BatchGetItem", "parcels", Fault.PARTIAL, Fault.PARTIAL)
    wanted = PackageFilter(first_day=FIRST_DAY, last_day=LAST_DAY)
    listed = list_packages(race.ports, race.account, wanted, NOW).packages
    assert [package.confirmation.tracking_number for package in listed] == sorted(numbers)
    assert {package.verdict.reason for package in listed} == {Reason.VALID}


def test_no_recount_is_lost_where_a_batch_is_queued_in_part(race: Race) -> None:
    days = [SHIP_DAY + timedelta(days=ahead) for ahead in range(23)]
    tasks = [Recount(BucketKey(race.account.id, each)) for each in days]
    race.plan("SendMessageBatch", "RecountsQueue.fifo", lambda: None, Fault.PARTIAL)
    with pytest.raises(QueueError):
        race.ports.recounts.send(tasks)
    race.ports.recounts.send(tasks)
    assert sorted(race.asked()) == days


def test_no_part_of_a_delivery_is_lost_where_a_batch_is_queued_in_part(race: Race) -> None:
    delivery = AcceptedDelivery(
        source="standard", body=b"{}", delivery_id="e3b0c442", received_at=NOW
    )
    send = partial(race.ports.deliveries.send, delivery, parts=13)
    race.plan("SendMessageBatch", "ScansQueue", Fault.PARTIAL)
    with pytest.raises(QueueError):
        send()
    send()
    taken = race.world.aws.take("ScansQueue")
    parts = {read_message(message["Body"], DeliveryMessage).part for message in taken}
    assert parts == set(range(13))


def test_a_scan_whose_recount_was_not_queued_is_counted_when_it_is_handed_out_again(
    race: Race,
) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("SendMessageBatch", "RecountsQueue.fifo", Fault.PARTIAL)
    with pytest.raises(QueueError):
        race.scan(a_scan())
    race.scan(a_scan(), repeated=True)
    assert race.asked() == [SHIP_DAY]


def both_ended_up_in(race: Race) -> None:
    parcel = race.ports.parcels.get(ParcelKey(UPS_NUMBER))
    assert [key.order_id for key in parcel.claims] == ["111-0000001"]
    assert parcel.evidence.periods
    assert race.rows() == {"111-0000001": Reason.VALID}


def test_a_scan_that_comes_while_its_parcel_is_claimed_is_not_written_over(race: Race) -> None:
    race.plan("PutItem", "parcels", lambda: race.scan(a_scan()))
    assert race.confirm().verdict.reason is Reason.VALID
    both_ended_up_in(race)


def test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over(race: Race) -> None:
    race.plan("PutItem", "parcels", race.confirm)
    race.scan(a_scan())
    both_ended_up_in(race)


def test_a_row_that_a_late_writer_brings_does_not_replace_a_later_one(race: Race) -> None:
    race.plan("PutItem", "packages", lambda: race.scan(a_scan()))
    race.confirm()
    both_ended_up_in(race)


def test_two_orders_that_claim_a_parcel_at_once_are_both_in_it(race: Race) -> None:
    race.plan("PutItem", "parcels", partial(race.confirm, order_id="111-0000002"))
    race.confirm()
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID, "111-0000002": Reason.VALID}


def test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it(race: Race) -> None:
    race.plan("PutItem", "orders", partial(race.confirm, package_id="2"))
    race.confirm()
    order, _ = read_order(race.ports, race.account, "111-0000001", NOW)
    assert sorted(order.packages) == ["1", "2"]


def test_of_two_counts_of_a_bucket_the_one_that_began_later_stands(race: Race) -> None:
    race.confirm()
    task, later = Recount(BucketKey(race.account.id, SHIP_DAY)), NOW + timedelta(seconds=1)

    def overtake() -> None:
        race.confirm(order_id="111-0000002")
        recount(race.ports, task, later)

    race.plan("PutItem", "rates", overtake)
    recount(race.ports, task, NOW)
    assert race.counted() == {Reason.NO_SCAN: 2}
    assert read_rate(race.ports, race.account, NOW).overall.packages == 2


def test_a_count_that_took_effect_unanswered_does_not_replace_a_later_one(race: Race) -> None:
    race.confirm()
    task, later = Recount(BucketKey(race.account.id, SHIP_DAY)), NOW + timedelta(seconds=1)

    def overtake() -> None:
        race.confirm(order_id="111-0000002")
        recount(race.ports, task, later)

    race.plan("PutItem", "rates", Fault.LOST, overtake)
    recount(race.ports, task, NOW)
    assert race.counted() == {Reason.NO_SCAN: 2}


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "unanswered"])
def test_of_two_who_sum_the_days_at_once_the_last_has_seen_every_bucket(
    race: Race, *, lost: bool
) -> None:
    later = SHIP_DAY + timedelta(days=1)
    race.confirm()
    race.confirm(order_id="111-0000002", ship_date=later)
    another = partial(recount, race.ports, Recount(BucketKey(race.account.id, later)), NOW)
    race.plan("PutItem", "rates", lambda: None, *([Fault.LOST] if lost else []), another)
    recount(race.ports, Recount(BucketKey(race.account.id, SHIP_DAY)), NOW)
    assert read_rate(race.ports, race.account, NOW).overall.packages == 2


# --- it bites


def parts_that_were_not_read_are_left_out(patch: pytest.MonkeyPatch) -> None:
    def raw_of(table: Any, pks: Iterable[str], *, consistent: bool = False) -> Any:
        keys = [{"pk": {"S": pk}} for pk in pks]
        found = table._get_connection().batch_get_item(keys, consistent_read=consistent)  # noqa: SLF001
        return iter(found["Responses"][table.Meta.table_name])

    patch.setattr(ParcelItem, "raw_of", classmethod(raw_of))


def parts_that_were_not_queued_are_left_out(patch: pytest.MonkeyPatch) -> None:
    def send(sqs: Any, queue_url: str, entries: Any) -> None:
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)

    patch.setattr(sqs, "_send_batch", send)


def conflicts_are_taken_for_success(patch: pytest.MonkeyPatch) -> None:
    def save(item: Any, read_at: int, what: str) -> int:
        with suppress(ConflictError):
            return conditional_writes.save_version(item, read_at, what)
        return read_at + 1

    patch.setattr(orders, "save_version", save)
    patch.setattr(parcels, "save_version", save)


def written_whatever_is_there(*tables: type[Model]) -> Mutation:
    def mutate(patch: pytest.MonkeyPatch) -> None:
        for table in tables:
            patch.setattr(
                table, "save", lambda item, *_: Model.save(item, add_version_condition=False)
            )

    return mutate


def what_was_found_done_is_another_ones_to_count(patch: pytest.MonkeyPatch) -> None:
    change = change_parcel

    def unchanged(*args: Any, **options: Any) -> tuple[Parcel, Parcel]:
        before, after = change(*args, **options)
        return (before, after) if after.version == before.version + 1 else (after, after)

    patch.setattr(project, "change_parcel", unchanged)


@pytest.mark.parametrize(
    ("mutate", "test"),
    [
        (
            parts_that_were_not_read_are_left_out,
            test_no_row_is_lost_where_batches_are_read_in_part,
        ),
        (
            parts_that_were_not_queued_are_left_out,
            test_no_recount_is_lost_where_a_batch_is_queued_in_part,
        ),
        (
            parts_that_were_not_queued_are_left_out,
            test_no_part_of_a_delivery_is_lost_where_a_batch_is_queued_in_part,
        ),
        (
            conflicts_are_taken_for_success,
            test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it,
        ),
        (
            conflicts_are_taken_for_success,
            test_two_orders_that_claim_a_parcel_at_once_are_both_in_it,
        ),
        (
            written_whatever_is_there(OrderItem),
            test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it,
        ),
        (
            written_whatever_is_there(ParcelItem),
            test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over,
        ),
        (
            written_whatever_is_there(PackageItem),
            test_a_row_that_a_late_writer_brings_does_not_replace_a_later_one,
        ),
        (
            written_whatever_is_there(RateItem),
            test_of_two_counts_of_a_bucket_the_one_that_began_later_stands,
        ),
        (
            written_whatever_is_there(RateItem),
            test_a_count_that_took_effect_unanswered_does_not_replace_a_later_one,
        ),
        (
            a_claim_does_not_read_the_evidence,
            test_a_scan_that_comes_while_its_parcel_is_claimed_is_not_written_over,
        ),
        (
            scans_do_not_read_the_claims,
            test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over,
        ),
        (
            what_was_found_done_is_another_ones_to_count,
            test_a_scan_that_took_effect_unanswered_and_was_written_over_reaches_its_packages,
        ),
        (
            written_whatever_is_there(RateItem),
            partial(
                test_of_two_who_sum_the_days_at_once_the_last_has_seen_every_bucket, lost=False
            ),
        ),
    ],
)
def test_a_fault_in_the_code_is_found(
    race: Race, mutate: Mutation, test: Callable[[Race], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        mutate(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            test(race)
    race.line.plan_nothing()
