"""Orders and packages: the history of what was said, and the claim that follows from it."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from support.builders import (
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_package,
    a_statement,
    after_order,
    an_order,
    some_facts,
)
from vtr.domain.errors import (
    CategoryFrozenError,
    PackageNotFoundError,
    TooManyEditsError,
    TooManyPackagesError,
)
from vtr.domain.orders import MAX_PACKAGES
from vtr.domain.packages import MAX_STATEMENTS, Package, ParcelKey

FIRST = a_statement(at=after_order(hours=1))
CORRECTED = a_statement(number=UPS_NUMBER_2, at=after_order(hours=2))
BACK = a_statement(at=after_order(hours=3))


def test_the_last_statement_holds_and_the_history_is_kept() -> None:
    package = a_package(FIRST, CORRECTED)
    assert package.current == CORRECTED
    assert package.history == (FIRST, CORRECTED)


def test_statements_stand_in_the_order_of_their_own_time_however_they_came() -> None:
    found = {a_package(*told).history for told in permutations([FIRST, CORRECTED, BACK])}
    assert found == {(FIRST, CORRECTED, BACK)}


def test_statements_of_one_moment_stand_in_one_order_however_they_came() -> None:
    one, other = a_statement(), a_statement(number=UPS_NUMBER_2)
    assert a_package(one, other).history == a_package(other, one).history


def test_a_statement_made_again_is_no_edit() -> None:
    package = a_package(FIRST, CORRECTED)
    assert package.stating(FIRST) is package


def test_the_number_counts_as_confirmed_since_it_was_first_stated_without_a_break() -> None:
    other_day = a_statement(at=after_order(hours=3), ship_date=date(2026, 3, 4))
    assert a_package(FIRST, other_day).tracking_confirmed_at == FIRST.confirmed_at


def test_a_corrected_number_counts_as_confirmed_since_the_correction() -> None:
    assert a_package(FIRST, CORRECTED).tracking_confirmed_at == CORRECTED.confirmed_at


def test_a_number_that_was_given_up_counts_as_confirmed_since_it_came_back() -> None:
    assert a_package(FIRST, CORRECTED, BACK).tracking_confirmed_at == BACK.confirmed_at


def test_another_spelling_of_the_same_carrier_and_number_is_no_break() -> None:
    respelt = a_statement(carrier="United Parcel Service", at=after_order(hours=5))
    assert a_package(FIRST, respelt).tracking_confirmed_at == FIRST.confirmed_at


def test_a_number_that_cannot_be_read_is_told_apart_by_what_was_typed() -> None:
    one = a_statement(at=after_order(hours=1), number_stated="#1", tracking_number="")
    other = a_statement(at=after_order(hours=2), number_stated="#2", tracking_number="")
    assert a_package(one, other).tracking_confirmed_at == other.confirmed_at


def test_every_parcel_ever_named_is_known_the_current_one_first() -> None:
    unreadable = a_statement(at=after_order(hours=2.5), number_stated="#", tracking_number="")
    assert a_package(FIRST, CORRECTED, unreadable, BACK).parcels == (
        ParcelKey(UPS_NUMBER),
        ParcelKey(UPS_NUMBER_2),
    )


@pytest.mark.parametrize("unread", [{"carrier": "Pigeon Post"}, {"tracking_number": ""}])
def test_a_carrier_or_number_that_cannot_be_read_names_no_parcel(unread: dict[str, Any]) -> None:
    statement = a_statement(**unread)
    assert statement.parcel is None
    assert an_order(a_package(statement)).confirmation("1", "amazon-us").parcel is None


def test_a_package_edited_too_often_is_refused_and_nothing_is_forgotten() -> None:
    package = a_package(*(a_statement(at=after_order(hours=n)) for n in range(MAX_STATEMENTS)))
    with pytest.raises(TooManyEditsError, match="edited 50 times"):
        package.stating(a_statement(at=after_order(days=9)))
    assert package.stating(package.history[7]) is package


def test_the_days_a_package_was_counted_on_are_kept_the_current_one_last() -> None:
    one, other = date(2026, 3, 3), date(2026, 3, 4)
    package = a_package().counted_on(one).counted_on(other)
    assert package.days == (one, other)
    assert package.counted_on(one).days == (other, one)
    assert package.counted_on(other) == package


def test_a_category_never_changes() -> None:
    with pytest.raises(CategoryFrozenError, match="'Toys'"):
        an_order().with_facts(some_facts(category="Home"))


def test_other_facts_of_an_order_may_change() -> None:
    facts = some_facts(promised_delivery_date=SHIP_DAY)
    assert an_order().with_facts(facts).facts == facts


def test_an_order_may_have_only_so_many_packages() -> None:
    order = an_order()
    for number in range(MAX_PACKAGES):
        order = order.with_package(Package(package_id=str(number), shard=0, history=(FIRST,)))
    assert order.with_package(a_package(FIRST, package_id="7")) == order
    with pytest.raises(TooManyPackagesError):
        order.with_package(a_package(package_id="one more"))


def test_a_package_that_is_not_there_is_not_found() -> None:
    with pytest.raises(PackageNotFoundError, match="no package 2"):
        an_order(a_package()).package("2")


def test_the_earliest_cancellation_is_the_one_that_happened() -> None:
    early, late = after_order(days=1), after_order(days=2)
    assert an_order().cancelled(late).cancelled(early).cancelled_at == early
    assert an_order().cancelled(early).cancelled(late).cancelled_at == early


def test_the_claim_says_what_holds_now_and_since_when() -> None:
    order = an_order(
        a_package(FIRST, CORRECTED),
        version=7,
        cancelled_at=after_order(days=2),
        facts=some_facts(origin="CN", promised_delivery_date=SHIP_DAY),
    )
    claim = order.confirmation("1", "amazon-us")
    assert (claim.account, claim.order_id, claim.package_id) == tuple(claim.key)
    assert claim.parcel == ParcelKey(UPS_NUMBER_2)
    assert claim.confirmed_at == CORRECTED.confirmed_at
    assert (claim.revision, claim.policy) == (7, "amazon-us")
    assert claim.cancelled_at == after_order(days=2)
    assert (claim.origin, claim.promised_delivery_date) == ("CN", SHIP_DAY)


def test_two_statements_say_the_same_whenever_they_were_made() -> None:
    assert FIRST.says_the_same_as(BACK)
    assert not FIRST.says_the_same_as(CORRECTED)
    assert not FIRST.says_the_same_as(a_statement(ship_date=date(2026, 3, 9)))
