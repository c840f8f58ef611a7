"""Rates: today's, and those of past days with what is known now."""

from datetime import UTC, date, datetime, timedelta

from support.builders import DUE, SHIP_DAY, a_scan
from support.memory_world import World
from vtr.domain.verdict import State
from vtr.use_cases.read_rates import read_history, read_rate


def test_an_account_without_packages_has_an_empty_rate() -> None:
    world = World()
    rate = read_rate(world.ports, world.account, world.now)
    assert (rate.overall.packages, rate.categories) == (0, {})


def test_the_last_of_a_history_is_todays_rate() -> None:
    world = World()
    world.confirm()
    today = world.rate()
    history = read_history(world.ports, world.account, 5, world.now)
    assert history[-1].day == today.last_day
    assert history[-1].rate == today


def test_a_history_has_one_rate_a_day_oldest_first() -> None:
    world = World()
    history = read_history(world.ports, world.account, 7, world.now)
    days = [past.day for past in history]
    assert days == [date(2026, 2, 25) + timedelta(days=n) for n in range(7)]
    assert all(past.rate.last_day == past.day for past in history)


def test_each_day_of_a_history_has_its_own_window_and_what_is_known_now() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-2", ship_date=SHIP_DAY + timedelta(days=1), tracking_number="#")
    world.now = DUE
    world.rate()
    world.scan(a_scan())
    world.rate()
    by_day = {p.day: p.rate for p in read_history(world.ports, world.account, 7, world.now)}
    before, first, both = (by_day[SHIP_DAY + timedelta(days=n)] for n in (-1, 0, 1))
    assert before.overall.packages == 0
    assert first.overall.states[State.VALID] == 1
    assert first.overall.states[State.UNCONFIRMED] == 0
    assert both.overall.states[State.UNCONFIRMED] == 1


def test_a_day_that_has_left_todays_window_is_in_the_history_still() -> None:
    world = World()
    world.confirm()
    world.rate()
    world.now = datetime(2026, 4, 10, 12, tzinfo=UTC)
    world.turn()
    history = read_history(world.ports, world.account, 20, world.now)
    assert world.rate().overall.packages == 0
    assert history[0].rate.overall.packages == 1
