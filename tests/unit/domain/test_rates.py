"""The rate: counts by day, category and reason, and the share that follows from them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import DUE, SHIP_DAY, rules
from vtr.domain.rates import DayCounts, Rate, Ratio, Status, Tally, add_counts, count, rate
from vtr.domain.verdict import AWAITING, Reason, State, state_of

LATER = DUE + timedelta(days=1)
ONE_DAY = timedelta(days=1)

reason_counts = st.dictionaries(st.sampled_from(Reason), st.integers(1, 50), max_size=5)
day_counts = st.dictionaries(st.sampled_from(["Toys", "Home", "Pets"]), reason_counts, max_size=3)


def of_one_day(**reasons: int) -> dict[date, DayCounts]:
    return {SHIP_DAY: {"Toys": {Reason(name): number for name, number in reasons.items()}}}


def share(valid: int, against: int, **policy_changes: object) -> Ratio:
    days = of_one_day(VALID=valid, NO_SCAN=against)
    return rate(days, rules(**policy_changes), LATER).overall.ratio(rules(**policy_changes))


def states(found: Rate) -> dict[State, int]:
    return dict(found.overall.states)


def test_the_rate_is_the_valid_of_the_valid_and_unconfirmed() -> None:
    found = share(19, 1)
    assert (found.valid, found.measured, found.rate) == (19, 20, Decimal("0.9500"))


def test_exempt_packages_are_not_measured() -> None:
    found = rate(of_one_day(VALID=1, EXEMPT=5, WAIVED=4), rules(), LATER).overall
    assert (found.ratio(rules()).measured, found.packages) == (1, 10)


def test_a_rate_below_the_target_never_reads_as_reached() -> None:
    found = share(949_999, 50_001)
    assert found.rate == Decimal("0.9499")
    assert found.status is Status.MISSED


def test_a_rate_at_the_target_meets_at_least() -> None:
    assert share(19, 1, comparator=">=").status is Status.MET


def test_a_rate_at_the_target_misses_more_than() -> None:
    assert share(19, 1, comparator=">").status is Status.MISSED
    assert share(20, 1, comparator=">").status is Status.MET


def test_a_rate_of_nothing_is_no_rate() -> None:
    found = share(0, 0)
    assert (found.rate, found.status) == (None, Status.NO_DATA)


def test_below_the_minimum_a_rate_is_shown_and_not_judged() -> None:
    assert share(0, 9, minimum_packages=10).status is Status.TOO_FEW
    assert share(0, 10, minimum_packages=10).status is Status.MISSED


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_the_share_shown_is_never_above_the_share_itself(valid: int, against: int) -> None:
    shown = Ratio(valid, valid + against, Status.MET).rate
    assert shown is not None
    assert shown * (valid + against) <= valid < (shown + Decimal("0.0001")) * (valid + against)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_status_is_met_exactly_where_the_target_is(valid: int, against: int) -> None:
    found = share(valid, against)
    if valid + against:
        assert (found.status is Status.MET) == (100 * valid >= 95 * (valid + against))


def test_a_pending_package_is_not_measured_until_it_is_due() -> None:
    days = of_one_day(VALID=1, NO_SCAN=1)
    before, after = (rate(days, rules(), at) for at in (DUE - timedelta(seconds=1), DUE))
    assert states(before) == {State.VALID: 1, State.PENDING: 1}
    assert states(after) == {State.VALID: 1, State.UNCONFIRMED: 1}


def test_the_forecast_counts_the_pending_ones_against_the_seller() -> None:
    days = of_one_day(VALID=9, LABEL_ONLY=1)
    found = rate(days, rules(), DUE - timedelta(seconds=1)).overall
    assert found.ratio(rules()).rate == Decimal("1.0000")
    assert found.forecast(rules()).rate == Decimal("0.9000")


def test_once_everything_is_due_forecast_and_share_are_one() -> None:
    found = rate(of_one_day(VALID=9, LABEL_ONLY=1), rules(), DUE).overall
    assert found.ratio(rules()) == found.forecast(rules())


@pytest.mark.parametrize(("back", "covered"), [(-1, False), (0, True), (29, True), (30, False)])
def test_the_window_covers_its_first_and_its_last_day(back: int, covered: bool) -> None:  # noqa: FBT001
    today = rules().day_of(LATER)
    days: dict[date, DayCounts] = {today - timedelta(days=back): {"Toys": {Reason.VALID: 1}}}
    assert (rate(days, rules(), LATER).overall.packages == 1) is covered


def test_the_window_of_another_day_may_be_asked_for() -> None:
    found = rate(of_one_day(VALID=1), rules(), LATER, today=SHIP_DAY + timedelta(days=30))
    assert (found.first_day, found.overall.packages) == (SHIP_DAY + ONE_DAY, 0)


def test_today_is_the_policys_own() -> None:
    assert rate({}, rules(), DUE - timedelta(seconds=1)).last_day == date(2026, 3, 6)
    assert rate({}, rules(), DUE).last_day == date(2026, 3, 7)


def test_categories_are_judged_apart_and_in_order() -> None:
    days: dict[date, DayCounts] = {
        SHIP_DAY: {"Toys": {Reason.VALID: 1}, "Home": {Reason.NO_SCAN: 1}},
    }
    found = rate(days, rules(), LATER).categories
    assert list(found) == ["Home", "Toys"]
    assert found["Home"].ratio(rules()).status is Status.MISSED
    assert found["Toys"].ratio(rules()).status is Status.MET


def test_reasons_are_told_of_the_unconfirmed_only() -> None:
    days = {
        **of_one_day(VALID=1, NO_SCAN=2, INVALID_ID=1, EXEMPT=1),
        rules().day_of(LATER): {"Toys": {Reason.NO_SCAN: 5}},
    }
    found = rate(days, rules(), LATER).overall
    assert found.reasons == {Reason.NO_SCAN: 2, Reason.INVALID_ID: 1}


@given(st.dictionaries(st.dates(date(2026, 2, 1), date(2026, 4, 1)), day_counts, max_size=6))
def test_the_whole_is_the_sum_of_its_categories(days: dict[date, DayCounts]) -> None:
    found = rate(days, rules(), LATER)
    total: Counter[State] = Counter()
    for tally in found.categories.values():
        total.update(tally.states)
    assert total == found.overall.states


@given(st.dictionaries(st.dates(date(2026, 2, 1), date(2026, 4, 1)), day_counts, max_size=6))
def test_every_unconfirmed_package_has_a_reason(days: dict[date, DayCounts]) -> None:
    overall = rate(days, rules(), LATER).overall
    assert overall.reasons.total() == overall.states[State.UNCONFIRMED]


@given(day_counts, day_counts)
def test_shards_may_be_added_in_any_order(one: DayCounts, other: DayCounts) -> None:
    assert add_counts([one, other]) == add_counts([other, one])


@given(
    st.lists(st.tuples(st.sampled_from(["Toys", "Home"]), st.sampled_from(Reason))),
    st.lists(st.tuples(st.sampled_from(["Toys", "Home"]), st.sampled_from(Reason))),
)
def test_counting_by_shards_is_counting_at_once(
    one: list[tuple[str, Reason]], other: list[tuple[str, Reason]]
) -> None:
    assert add_counts([count(one), count(other)]) == count([*other, *one])


def test_a_count_has_categories_in_order() -> None:
    found = count([("Toys", Reason.VALID), ("Home", Reason.VALID), ("Toys", Reason.VALID)])
    assert list(found.items()) == [("Home", {Reason.VALID: 1}), ("Toys", {Reason.VALID: 2})]


@pytest.mark.parametrize("reason", Reason)
def test_a_tally_puts_each_reason_under_the_state_of_its_verdict(reason: Reason) -> None:
    for due in (False, True):
        tally = Tally()
        tally.add(reason, 3, due=due)
        assert tally.states == {state_of(reason, due=due): 3}
        assert (state_of(reason, due=due) is State.PENDING) == (reason in AWAITING and not due)
