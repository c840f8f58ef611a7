"""The bounds of reason for what a seller may say."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from support.builders import (
    PLACED,
    SHIP_DAY,
    a_confirmation,
    a_submission,
    after_order,
    rules,
    some_facts,
)
from vtr.domain.errors import InvalidRequestError
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import Money
from vtr.domain.submissions import CLOCK_SKEW, check_cancellation, check_facts, check_submission

NOW = after_order(days=2)
TODAY = date(2026, 3, 4)
MINUTE = timedelta(minutes=1)


def refused(facts: OrderFacts | None = None, **changes: Any) -> list[str]:
    """The fields that a submission is refused for."""
    known = facts or some_facts()
    try:
        check_submission(a_submission(facts=facts, **changes), known, rules(), NOW)
    except InvalidRequestError as error:
        return [problem.field for problem in error.problems]
    return []


def test_what_is_not_said_is_a_parcel_with_a_label_of_the_sellers_own() -> None:
    said = a_submission()
    stated = said.statement(rules(), NOW)
    assert (said.method_class, said.label_source) == ("parcel", "seller")
    assert (stated.method_class, stated.label_source) == ("parcel", "seller")
    claim = a_confirmation()
    assert (claim.method_class, claim.label_source) == ("parcel", "seller")


@pytest.mark.parametrize(("ahead", "fields"), [(7, []), (8, ["ship_date"])])
def test_a_ship_date_may_be_a_week_ahead_by_the_policys_day(ahead: int, fields: list[str]) -> None:
    assert refused(ship_date=TODAY + timedelta(days=ahead)) == fields


@pytest.mark.parametrize(("ago", "fields"), [(180, []), (181, ["ship_date"])])
def test_a_ship_date_may_be_half_a_year_ago(ago: int, fields: list[str]) -> None:
    facts = some_facts(placed_at=after_order(days=-300))
    assert refused(facts, ship_date=TODAY - timedelta(days=ago)) == fields


@pytest.mark.parametrize(("before", "fields"), [(1, []), (2, ["ship_date"])])
def test_a_ship_date_may_be_a_day_before_the_order_and_no_more(
    before: int, fields: list[str]
) -> None:
    assert refused(ship_date=date(2026, 3, 2) - timedelta(days=before)) == fields


@pytest.mark.parametrize(
    ("confirmed_at", "fields"),
    [
        (NOW + 5 * MINUTE, []),
        (NOW + 6 * MINUTE, ["confirmed_at"]),
        (PLACED, []),
        (PLACED - MINUTE, ["confirmed_at"]),
        (None, []),
    ],
)
def test_a_stated_confirmation_lies_between_the_order_and_now(
    confirmed_at: Any, fields: list[str]
) -> None:
    assert refused(confirmed_at=confirmed_at) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"placed_at": NOW + 5 * MINUTE}, []),
        ({"placed_at": NOW + 6 * MINUTE}, ["placed_at"]),
        ({"placed_at": NOW - timedelta(days=730)}, []),
        ({"placed_at": NOW - timedelta(days=730) - MINUTE}, ["placed_at"]),
        ({"promised_delivery_date": date(2026, 3, 1)}, []),
        ({"promised_delivery_date": date(2026, 2, 28)}, ["promised_delivery_date"]),
        ({"promised_delivery_date": date(2026, 3, 2) + timedelta(days=400)}, []),
        (
            {"promised_delivery_date": date(2026, 3, 2) + timedelta(days=401)},
            ["promised_delivery_date"],
        ),
        ({"value": Money(Decimal(0), "USD")}, []),
        ({"value": Money(Decimal(-1), "USD")}, ["value.amount"]),
        ({"value": Money(Decimal("NaN"), "USD")}, ["value.amount"]),
        ({"value": Money(Decimal(10**9), "USD")}, []),
        ({"value": Money(Decimal(10**9 + 1), "USD")}, ["value.amount"]),
    ],
)
def test_the_facts_of_an_order_have_bounds(changes: dict[str, Any], fields: list[str]) -> None:
    try:
        check_facts(some_facts(**changes), NOW)
        found = []
    except InvalidRequestError as error:
        found = [problem.field for problem in error.problems]
    assert found == fields


def test_the_facts_that_come_inline_are_named_by_their_path() -> None:
    facts = some_facts(placed_at=NOW + timedelta(hours=1))
    assert refused(facts, ship_date=TODAY) == ["order.placed_at"]


def test_every_problem_is_told_at_once_with_its_remedy() -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        check_submission(
            a_submission(ship_date=date(2030, 1, 1), confirmed_at=NOW + timedelta(days=1)),
            some_facts(),
            rules(),
            NOW,
        )
    assert [problem.field for problem in refusal.value.problems] == ["ship_date", "confirmed_at"]
    assert all(problem.remedy.startswith("Send the ") for problem in refusal.value.problems)
    assert "at most 7 days ahead" in str(refusal.value)


def test_a_statement_says_what_was_typed_and_what_was_read() -> None:
    typed = a_submission(carrier="u.p.s.", tracking_number="1z 999-aa10123456784")
    statement = typed.statement(rules(), NOW)
    assert (statement.carrier_stated, statement.carrier) == ("u.p.s.", "ups")
    assert statement.number_stated == "1z 999-aa10123456784"
    assert statement.tracking_number == "1Z999AA10123456784"
    assert (statement.confirmed_at, statement.ship_date) == (NOW, SHIP_DAY)


@pytest.mark.parametrize("number", ["", "   ", "1Z999#AA1", "N/A."])
def test_a_number_that_the_system_cannot_read_is_none(number: str) -> None:
    assert a_submission(tracking_number=number).statement(rules(), NOW).tracking_number == ""


def test_which_punctuation_can_be_read_is_the_policys() -> None:
    typed = a_submission(tracking_number="1Z-999")
    assert typed.statement(rules(allowed_punctuation="-"), NOW).tracking_number == "1Z999"
    assert typed.statement(rules(allowed_punctuation=""), NOW).tracking_number == ""


def test_a_carrier_that_nobody_knows_resolves_to_none() -> None:
    assert a_submission(carrier="Pigeon Post").statement(rules(), NOW).carrier is None


def test_a_stated_confirmation_time_stands() -> None:
    stated = a_submission(confirmed_at=PLACED).statement(rules(), NOW)
    assert stated.confirmed_at == PLACED


def test_an_amount_beyond_reason_is_told_its_bounds() -> None:
    facts = some_facts(value=Money(Decimal(-1), "USD"))
    with pytest.raises(InvalidRequestError, match="must be an amount from 0 to 10⁹"):
        check_facts(facts, NOW)


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        (PLACED, None),
        (PLACED - timedelta(seconds=1), "must not be before the order was placed"),
        (NOW + CLOCK_SKEW, None),
        (NOW + CLOCK_SKEW + timedelta(seconds=1), "must not be in the future"),
    ],
)
def test_an_order_is_cancelled_after_it_was_placed_and_by_now(
    at: datetime, rule: str | None
) -> None:
    if rule is None:
        check_cancellation(at, some_facts(), NOW)
        return
    with pytest.raises(InvalidRequestError) as refused:
        check_cancellation(at, some_facts(), NOW)
    assert [(each.field, each.rule) for each in refused.value.problems] == [("cancelled_at", rule)]
