"""The shop's books are complete, the same for all, and closed at midnight."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest

from vtr.domain.policies import policy
from vtr.domain.verdict import Reason, State
from vtr_demo.books import Books
from vtr_demo.desk import ZONE
from vtr_demo.oracle import Counted, Oracle
from vtr_demo.shop import CATEGORIES, STORM_EVERY, books_of

A_MONDAY = date(2026, 11, 23)
# The shop's weeks repeat, but for its dice: after these days every turn of its calendar was there.
DAYS = [A_MONDAY + timedelta(days=ahead) for ahead in range(STORM_EVERY)]
NEVER_UNDER_ONE_SCAN = {Reason.INSUFFICIENT_SCANS}

ENDS = {
    "ordinary": Reason.VALID,
    "slow_start": Reason.VALID,
    "by_ontrac": Reason.VALID,
    "label_of_the_marketplace": Reason.VALID,
    "typed_in_groups": Reason.VALID,
    "number_used_before": Reason.VALID,
    "misses_the_van": Reason.VALID,
    "typo_corrected": Reason.VALID,
    "carrier_corrected": Reason.VALID,
    "box_for_two": Reason.VALID,
    "rides_along": Reason.VALID,
    "trading_card": Reason.EXEMPT,
    "garden_bench": Reason.EXEMPT,
    "blank_number": Reason.INVALID_ID,
    "two_numbers_in_one_field": Reason.INVALID_ID,
    "cousins_van": Reason.CARRIER_UNKNOWN,
    "carrier_from_abroad": Reason.CARRIER_UNSUPPORTED,
    "number_of_an_old_package": Reason.REUSED_NUMBER,
    "same_day_courier": Reason.UPLOADED_AFTER_DELIVERY,
    "typo_corrected_too_late": Reason.UPLOADED_AFTER_DELIVERY,
    "usps_typed_for_ups": Reason.CARRIER_MISMATCH,
    "typo": Reason.FORMAT_MISMATCH,
    "still_on_the_shelf": Reason.LABEL_ONLY,
    "scan_taken_back": Reason.LABEL_ONLY,
    "never_scanned": Reason.NO_SCAN,
}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


@cache
def books(day: date) -> Books:
    return books_of(day)


@cache
def counted(day: date) -> list[Counted]:
    return Oracle(books(day), policy("amazon-us", day), midnight(day)).count()


@pytest.mark.parametrize("day", DAYS[::9])
def test_there_are_300_orders_of_five_categories_in_35_days(day: date) -> None:
    orders = books(day).orders
    shipped = {package.statements[0].ship_date for _, package in books(day).packages}
    assert len({order.order_id for order in orders}) == 300
    assert {order.category for order in orders} == set(CATEGORIES)
    assert shipped == {day - timedelta(days=back) for back in range(1, 36)}


def test_the_same_day_tells_the_same_shop() -> None:
    assert books_of(A_MONDAY) == books_of(A_MONDAY)


@pytest.mark.parametrize("day", DAYS[1::9])
def test_todays_books_begin_with_yesterdays(day: date) -> None:
    today = {order.order_id: order for order in books(day).orders}
    for order in books(day - timedelta(days=1)).orders:
        if order.order_id not in today:
            continue
        for before, after in zip(order.packages, today[order.order_id].packages, strict=True):
            assert after.statements[: len(before.statements)] == before.statements
            assert set(before.scans) <= set(after.scans)
    assert set(books(day - timedelta(days=1)).waivers[1:]) <= set(books(day).waivers)


@pytest.mark.parametrize("day", DAYS[::9])
def test_nothing_in_the_books_is_later_than_midnight(day: date) -> None:
    for order, package in books(day).packages:
        moments = [said.at for said in package.statements]
        moments += [scan.at for scan in package.scans]
        moments += [order.placed_at, order.cancelled_at or order.placed_at]
        assert max(moments) < midnight(day)


@pytest.mark.parametrize("day", DAYS)
def test_every_reason_is_there_three_times_whatever_the_day(day: date) -> None:
    reasons = Counter(one.reason for one in counted(day))
    pending = sum(one.state is State.PENDING for one in counted(day))
    assert pending >= 3
    for reason in set(Reason) - NEVER_UNDER_ONE_SCAN:
        assert reasons[reason] >= 3, reason


@pytest.mark.parametrize("day", DAYS[::9])
def test_some_days_lie_outside_the_window(day: date) -> None:
    assert len(counted(day)) < len(books(day).packages)


def test_a_cancelled_order_is_counted() -> None:
    assert any(one.order.cancelled_at for one in counted(A_MONDAY))


def test_an_edit_moves_a_package_to_another_day() -> None:
    moved = [
        package
        for _, package in books(A_MONDAY).packages
        if len({said.ship_date for said in package.statements}) > 1
    ]
    assert len(moved) >= 3


def test_every_story_ends_as_its_tellers_say() -> None:
    """The youngest are passed over: their stories have not come to the end."""
    ended = set()
    for one in counted(A_MONDAY):
        if one.day > A_MONDAY - timedelta(days=8) or one.reason is Reason.WAIVED:
            continue
        assert one.reason is ENDS[one.package.story], one.package.story
        ended.add(one.package.story)
    assert ended == set(ENDS)


def test_ice_storms_are_waived_for_ontrac_alone() -> None:
    waived = [one for one in counted(A_MONDAY) if one.reason is Reason.WAIVED]
    assert {one.package.story for one in waived} == {"by_ontrac"}
    assert len(waived) < sum(one.package.story == "by_ontrac" for one in counted(A_MONDAY))
