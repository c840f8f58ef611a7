"""Submissions: confirmed, edited, cancelled; recorded and judged at once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.builders import (
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    some_facts,
)
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.stores import MemoryOrders, MemoryParcels
from vtr.domain.errors import (
    CategoryFrozenError,
    ConflictError,
    DeliveredError,
    InvalidRequestError,
    OrderFactsMissingError,
    OrderNotFoundError,
)
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Money, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.verdict import Reason, State
from vtr.use_cases.authenticate import account_of

NEXT_DAY = SHIP_DAY + timedelta(days=1)
PARCEL = ParcelKey(UPS_NUMBER)
PARCEL_2 = ParcelKey(UPS_NUMBER_2)


def test_a_confirmed_package_is_pending_and_counted_on_its_ship_date() -> None:
    world = World()
    submitted = world.confirm()
    assert submitted.created
    assert submitted.packages["1"].verdict.state is State.PENDING
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}


def test_the_same_confirmation_again_changes_nothing() -> None:
    world = World()
    first = world.confirm()
    world.passes(hours=1)
    again = world.confirm()
    assert not again.created
    assert again.order == first.order
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}


def test_an_order_that_nobody_knows_needs_its_facts() -> None:
    with pytest.raises(OrderFactsMissingError, match="Send its facts"):
        World().confirm(facts=None)


def test_an_order_that_was_placed_needs_no_facts_inline() -> None:
    world = World()
    world.place(some_facts())
    assert world.confirm(facts=None).created


def test_facts_that_come_inline_leave_those_that_they_do_not_state() -> None:
    world = World()
    world.place(some_facts(origin="CN"))
    order = world.confirm(facts=some_facts(destination="US")).order
    assert (order.facts.origin, order.facts.destination) == ("CN", "US")


def test_a_category_is_frozen_by_the_first_write() -> None:
    world = World()
    world.confirm()
    with pytest.raises(CategoryFrozenError):
        world.confirm(facts=some_facts(category="Home"))
    with pytest.raises(CategoryFrozenError):
        world.place(some_facts(category="Home"))
    assert world.package().confirmation.category == "Toys"


def test_a_submission_beyond_reason_is_refused_and_leaves_nothing() -> None:
    world = World()
    with pytest.raises(InvalidRequestError):
        world.confirm(ship_date=date(2030, 1, 1))
    assert account_of(world.ports, world.account.id).categories == frozenset()
    with pytest.raises(OrderNotFoundError):
        world.cancel()
    assert world.states() == {}


def test_a_scan_before_the_submission_counts_as_soon_as_the_submission_is_there() -> None:
    world = World()
    world.scan(a_scan(at=after_order(hours=12)))
    assert world.confirmed().verdict.state is State.VALID
    assert world.states() == {State.VALID: 1}


def test_correcting_the_carrier_judges_again_at_once() -> None:
    world = World()
    world.scan(a_scan())
    assert world.confirmed(carrier="USPS").verdict.reason is Reason.CARRIER_MISMATCH
    assert world.confirmed(carrier="UPS").verdict.reason is Reason.VALID
    assert world.states() == {State.VALID: 1}


def test_the_history_of_edits_is_kept() -> None:
    world = World()
    world.confirm(carrier="USPS")
    world.passes(hours=1)
    order = world.confirm(carrier="UPS").order
    assert [said.carrier_stated for said in order.package("1").history] == ["USPS", "UPS"]


def test_an_edited_package_leaves_the_parcel_that_it_named() -> None:
    world = World()
    world.confirm()
    world.confirm(tracking_number=UPS_NUMBER_2)
    assert world.ports.parcels.get(PARCEL).claims == {}
    assert len(world.ports.parcels.get(PARCEL_2).claims) == 1


def test_a_scan_of_the_number_that_was_given_up_changes_nothing() -> None:
    world = World()
    world.confirm()
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.scan(a_scan())
    assert world.reason() is Reason.NO_SCAN
    assert world.states() == {State.PENDING: 1}


def test_an_edit_to_a_number_that_cannot_be_read_withdraws_the_claim() -> None:
    world = World()
    world.confirm()
    assert world.confirmed(tracking_number="#").verdict.reason is Reason.INVALID_ID
    assert world.ports.parcels.get(PARCEL).claims == {}
    assert world.counted(SHIP_DAY) == {Reason.INVALID_ID: 1}


@pytest.mark.parametrize(
    "edit", [{"tracking_number": UPS_NUMBER_2}, {"carrier": "USPS"}, {"ship_date": NEXT_DAY}]
)
def test_after_delivery_an_edit_is_refused_and_changes_nothing(edit: dict[str, Any]) -> None:
    world = World()
    world.confirm()
    world.scan(a_delivery(after_order(days=2)))
    world.passes(days=2)
    with pytest.raises(DeliveredError, match="was delivered at 2026-03-04T18:00Z"):
        world.confirm(**edit)
    assert world.package().confirmation.number_stated == UPS_NUMBER
    assert world.states() == {State.VALID: 1}


def test_after_delivery_the_same_confirmation_is_still_taken() -> None:
    world = World()
    world.confirm()
    world.scan(a_delivery(after_order(days=2)))
    world.passes(days=2)
    assert world.confirmed().verdict.state is State.VALID


def test_after_delivery_the_facts_of_the_order_may_still_change() -> None:
    world = World()
    world.confirm()
    world.scan(a_delivery(after_order(days=2)))
    world.passes(days=2)
    world.place(some_facts(destination="US"))
    assert world.package().confirmation.destination == "US"


def test_an_edit_before_the_delivery_that_the_carrier_told_of_later_stands() -> None:
    world = World()
    world.confirm()
    world.passes(hours=1)
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.scan(a_delivery(after_order(hours=25.5)))
    assert world.package().confirmation.number_stated == UPS_NUMBER_2


def test_a_delivery_by_its_own_time_after_the_edit_does_not_refuse_it() -> None:
    world = World()
    world.confirm()
    world.scan(a_delivery(world.now + timedelta(hours=2)))
    assert world.confirmed(tracking_number=UPS_NUMBER_2).verdict.reason is Reason.NO_SCAN


def test_a_confirmation_after_the_delivery_never_counts() -> None:
    world = World()
    world.scan(a_delivery(after_order(hours=12)))
    assert world.confirmed().verdict.reason is Reason.UPLOADED_AFTER_DELIVERY


def test_a_history_that_is_moved_in_is_judged_by_its_own_times() -> None:
    world = World()
    world.scan(a_delivery(after_order(hours=12)))
    assert world.confirmed(confirmed_at=after_order(hours=2)).verdict.reason is Reason.VALID


def test_statements_moved_in_out_of_order_end_in_the_same_claim() -> None:
    def moved_in(*hours_and_numbers: tuple[int, str]) -> object:
        world = World()
        for hours, number in hours_and_numbers:
            world.confirm(tracking_number=number, confirmed_at=after_order(hours=hours))
        return world.package()

    first, second, third = (1, UPS_NUMBER), (2, UPS_NUMBER_2), (3, UPS_NUMBER)
    one, other = moved_in(first, second, third), moved_in(third, first, second)
    assert one == other


def test_an_edit_holds_though_the_clock_shows_the_moment_of_the_statement_before() -> None:
    world = World()
    world.confirm()
    world.passes(seconds=-1)
    world.confirm(tracking_number=UPS_NUMBER_2)
    assert world.package().confirmation.number_stated == UPS_NUMBER_2


def test_a_package_moved_to_another_day_is_counted_once() -> None:
    world = World()
    world.confirm()
    world.confirm(ship_date=NEXT_DAY)
    assert (world.counted(SHIP_DAY), world.counted(NEXT_DAY)) == ({}, {Reason.NO_SCAN: 1})
    assert len(world.all_listed()) == 1


def test_a_package_moved_there_and_back_is_counted_once() -> None:
    world = World()
    for day in (SHIP_DAY, NEXT_DAY, SHIP_DAY):
        world.confirm(ship_date=day)
    assert (world.counted(SHIP_DAY), world.counted(NEXT_DAY)) == ({Reason.NO_SCAN: 1}, {})


def test_a_late_writer_does_not_bring_a_moved_package_back() -> None:
    world = World()
    world.confirm()
    (row,) = world.ports.packages.page(BucketKey("acme", SHIP_DAY)).rows
    world.confirm(ship_date=NEXT_DAY)
    world.ports.packages.put(row)
    assert len(world.all_listed()) == 1


def test_a_writer_who_is_late_does_not_bring_back_a_package_that_moved_twice() -> None:
    world = World()
    for day in (SHIP_DAY, NEXT_DAY, SHIP_DAY):
        world.confirm(ship_date=day)
    (row,) = world.ports.packages.page(BucketKey("acme", SHIP_DAY)).rows
    late = World()
    for day in (SHIP_DAY, NEXT_DAY):
        late.confirm(ship_date=day)
    order = late.ports.orders.get("acme", "111-0000001")
    assert order is not None
    statement = replace(order.package("1").current, ship_date=SHIP_DAY, confirmed_at=late.now)
    package = order.package("1").stating(statement)
    late.ports.orders.save(order.with_package(package.counted_on(SHIP_DAY)))
    late.passes(seconds=1)
    late.confirm(ship_date=NEXT_DAY)
    late.ports.packages.put(row)
    assert len(late.all_listed()) == 1


def test_a_cancelled_order_keeps_counting_flagged() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    world.cancel(after_order(days=1))
    assert world.package().confirmation.cancelled_at == after_order(days=1)
    assert world.states() == {State.VALID: 1}


def test_cancelling_an_order_twice_changes_nothing() -> None:
    world = World()
    world.confirm()
    first = world.cancel(after_order(days=1))
    world.passes(days=1)
    assert world.cancel(after_order(days=2)).order == first.order


def test_facts_that_change_judge_every_package_of_the_order_again() -> None:
    world = World()
    world.confirm(package_id="1", method_class="letter")
    world.confirm(package_id="2", method_class="letter", tracking_number=UPS_NUMBER_2)
    assert world.states() == {State.PENDING: 2}
    world.place(some_facts(value=Money(Decimal("9.99"), "USD")))
    assert world.states() == {State.EXEMPT: 2}


def test_facts_that_were_cut_off_reach_every_package_when_they_are_sent_again() -> None:
    world = World()
    world.confirm(package_id="1", method_class="letter")
    world.confirm(package_id="2", method_class="letter", tracking_number=UPS_NUMBER_2)
    facts = some_facts(value=Money(Decimal("9.99"), "USD"))
    order = world.ports.orders.get("acme", "111-0000001")
    assert order is not None
    world.ports.orders.save(order.with_facts(facts))
    world.confirm(package_id="2", method_class="letter", tracking_number=UPS_NUMBER_2, facts=facts)
    assert world.states() == {State.EXEMPT: 2}


def test_two_packages_of_two_orders_in_one_box_carry_one_number() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-0000002")
    world.scan(a_label(), a_scan())
    assert world.states() == {State.VALID: 2}


def test_two_accounts_on_one_number_are_counted_apart() -> None:
    world = World()
    other = world.another_account("bolt")
    world.confirm()
    other.confirm()
    world.scan(a_scan())
    assert (world.states(), other.states()) == ({State.VALID: 1}, {State.VALID: 1})


class ContestedOrders(MemoryOrders):
    """Somebody else writes the order in between, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def save(self, order: Order) -> Order:
        if self.left:
            self.left -= 1
            raise ConflictError("contested")
        return super().save(order)


class ContestedParcels(MemoryParcels):
    """Somebody else writes the parcel in between, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def save(self, parcel: Parcel) -> Parcel:
        if self.left:
            self.left -= 1
            raise ConflictError("contested")
        return super().save(parcel)


def test_a_record_that_changed_in_between_is_read_again() -> None:
    world = World(MemoryPorts(orders=ContestedOrders(5), parcels=ContestedParcels(5)))
    world.confirm()
    assert world.states() == {State.PENDING: 1}


@pytest.mark.parametrize(
    "ports",
    [
        lambda: MemoryPorts(orders=ContestedOrders(6)),
        lambda: MemoryPorts(parcels=ContestedParcels(6)),
    ],
)
def test_who_never_gets_through_is_told_to_try_again(ports: Any) -> None:
    with pytest.raises(ConflictError):
        World(ports()).confirm()
