"""Policies: what amazon-us says, which version holds, days, windows, exemptions and waivers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import PLACED, SHIP_DAY, a_confirmation, rules
from vtr.domain.carriers import carrier
from vtr.domain.packages import Money
from vtr.domain.policies import (
    Anchor,
    Exemption,
    PartnerScans,
    Policy,
    PolicyNotFoundError,
    Sharing,
    Waiver,
    policy,
    policy_ids,
)

LETTER = {"method_class": "letter"}


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def test_every_policy_that_is_shipped_loads_and_names_carriers_that_exist() -> None:
    for policy_id in policy_ids():
        for name in policy(policy_id, date(2026, 1, 1)).supported_carriers or ():
            assert carrier(name).code == name


def test_amazon_us_asks_for_what_the_marketplace_publishes() -> None:
    us = policy("amazon-us", SHIP_DAY)
    assert (us.target, us.comparator) == (Decimal("0.95"), ">=")
    assert (us.window_days, us.required_scans) == (30, 1)
    assert us.anchor is Anchor.SHIP_DATE
    assert us.sharing is Sharing.ALLOWED
    assert us.partner_scans is PartnerScans.SHOWN
    assert us.supports("ups")
    assert not us.supports("yunexpress")


def test_a_policy_without_a_list_supports_every_carrier() -> None:
    assert rules(supported_carriers=None).supports("yunexpress")


def test_a_policy_that_is_not_shipped_is_an_error() -> None:
    with pytest.raises(PolicyNotFoundError):
        policy("amazon-moon", SHIP_DAY)


def test_the_first_version_holds_for_every_day_before_it() -> None:
    assert policy("amazon-us", date(2001, 1, 1)) == policy("amazon-us", date(2016, 10, 12))


def test_a_day_is_the_policys_own() -> None:
    assert rules().day_of(datetime(2026, 3, 3, 7, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert rules().day_of(datetime(2026, 3, 3, 8, 0, tzinfo=UTC)) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("anchor_day", "due"),
    [
        (date(2026, 3, 3), datetime(2026, 3, 7, 8, tzinfo=UTC)),
        # Clocks go forward on 8 March and back on 1 November: the grace is as long all the same.
        (date(2026, 3, 5), datetime(2026, 3, 9, 8, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 12, 7, tzinfo=UTC)),
        (date(2026, 10, 29), datetime(2026, 11, 2, 7, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 5, 8, tzinfo=UTC)),
        (date(2026, 12, 30), datetime(2027, 1, 3, 8, tzinfo=UTC)),
    ],
)
def test_a_package_is_due_when_the_grace_after_its_anchor_day_has_passed(
    anchor_day: date, due: datetime
) -> None:
    assert rules().due_at(anchor_day) == due


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_later_anchor_day_is_due_later(day: date) -> None:
    assert rules().due_at(day) < rules().due_at(day + timedelta(days=1))


def test_the_window_ends_today_and_has_as_many_days_as_the_policy_says() -> None:
    assert rules().window(date(2026, 3, 30)) == (date(2026, 3, 1), date(2026, 3, 30))


def test_the_window_lags_behind_today_where_the_policy_says_so() -> None:
    first, last = rules(window_days=7, lag_days=3).window(date(2026, 3, 30))
    assert (first, last) == (date(2026, 3, 21), date(2026, 3, 27))


@pytest.mark.parametrize(
    ("anchor", "promised", "day"),
    [
        (Anchor.SHIP_DATE, date(2026, 3, 9), SHIP_DAY),
        (Anchor.PROMISED_DELIVERY_DATE, date(2026, 3, 9), date(2026, 3, 9)),
        (Anchor.PROMISED_DELIVERY_DATE, None, SHIP_DAY),
        (Anchor.CONFIRMED_AT, date(2026, 3, 9), date(2026, 3, 4)),
    ],
)
def test_the_anchor_day_is_the_one_that_the_policy_counts_by(
    anchor: Anchor, promised: date | None, day: date
) -> None:
    stated = a_confirmation(
        promised_delivery_date=promised, confirmed_at=datetime(2026, 3, 5, 7, tzinfo=UTC)
    )
    assert rules(anchor=anchor).anchor_day(stated) == day


@pytest.mark.parametrize(
    ("value", "exempt"),
    [
        (usd("9.99"), "letter-under-10-usd"),
        (usd("10.00"), None),
        (Money(Decimal("9.99"), "EUR"), None),
        (None, None),
    ],
)
def test_a_letter_under_ten_dollars_is_exempt(value: Money | None, exempt: str | None) -> None:
    assert rules().exemption(a_confirmation(value=value, **LETTER)) == exempt


def test_a_cheap_parcel_is_no_letter() -> None:
    assert rules().exemption(a_confirmation(value=usd("1.00"))) is None


def test_freight_is_exempt_whatever_it_is_worth() -> None:
    assert rules().exemption(a_confirmation(method_class="freight")) == "freight"


def test_every_condition_that_an_exemption_states_must_hold() -> None:
    stamps = Exemption(name="stamps", label_source=("amazon",), origin=("CN", "HK"))
    under = rules(exemptions=(stamps,))
    both = a_confirmation(label_source="amazon", origin="HK")
    assert under.exemption(both) == "stamps"
    assert under.exemption(replace(both, label_source="seller")) is None
    assert under.exemption(replace(both, origin="US")) is None
    assert under.exemption(replace(both, origin=None)) is None


def test_the_first_exemption_that_covers_a_package_names_it() -> None:
    two = (Exemption(name="one"), Exemption(name="two"))
    assert rules(exemptions=two).exemption(a_confirmation()) == "one"


def a_waiver(**changes: object) -> Waiver:
    return replace(
        Waiver(name="strike", first_day=SHIP_DAY, last_day=SHIP_DAY + timedelta(days=2)),
        **changes,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("days_after", "waived"), [(-1, None), (0, "strike"), (2, "strike"), (3, None)]
)
def test_a_waiver_covers_its_first_and_its_last_day(days_after: int, waived: str | None) -> None:
    under = rules().with_waivers((a_waiver(),))
    stated = a_confirmation(ship_date=SHIP_DAY + timedelta(days=days_after))
    assert under.waiver(stated) == waived


def test_a_waiver_covers_the_carriers_that_it_names() -> None:
    under = rules().with_waivers((a_waiver(carriers=frozenset({"usps"})),))
    assert under.waiver(a_confirmation(carrier="usps")) == "strike"
    assert under.waiver(a_confirmation(carrier="ups")) is None
    assert under.waiver(a_confirmation(carrier=None)) is None


def test_a_waiver_goes_by_the_anchor_day() -> None:
    under = rules(anchor=Anchor.PROMISED_DELIVERY_DATE).with_waivers((a_waiver(),))
    promised_later = a_confirmation(promised_delivery_date=SHIP_DAY + timedelta(days=9))
    assert under.waiver(promised_later) is None


def test_waivers_are_added_to_those_there_are() -> None:
    under = rules(waivers=(a_waiver(name="first"),)).with_waivers((a_waiver(name="second"),))
    assert [one.name for one in under.waivers] == ["first", "second"]


def test_the_versions_of_a_policy_are_told_apart_by_the_anchor_day() -> None:
    loaded: Policy = policy("amazon-us", PLACED.date())
    assert loaded.effective_from <= PLACED.date()
