"""Silence: what should have moved and has not, and a carrier that is silent as a whole."""

from datetime import UTC, date, datetime, timedelta

import pytest

from support.builders import PLACED, SHIP_DAY, USPS_NUMBER, a_label, a_scan, some_facts
from support.memory_world import World
from vtr.use_cases import watch_silence as module
from vtr.use_cases.watch_silence import (
    FEWEST,
    ROUND,
    RUNS,
    CarrierSilence,
    run_of,
    watch_silence,
)

# The package leaves on 3 March in Los Angeles; by the end of 4 March it should have moved.
SHOULD_HAVE_MOVED = PLACED + timedelta(days=2, hours=14)


def number(n: int) -> str:
    """A UPS number with its check digit; what is not well formed is not watched."""
    body = f"999AA1{n:09}"
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return f"1Z{body}{-(sum(values) + sum(values[1::2])) % 10}"


def ship(world: World, count: int, *, day: date = SHIP_DAY, first: int = 0) -> list[str]:
    numbers = [number(first + n) for n in range(count)]
    for each in numbers:
        world.confirm(order_id=f"111-{each}", tracking_number=each, ship_date=day)
    return numbers


def watched(world: World) -> dict[str, CarrierSilence]:
    watch = watch_silence(world.ports, 0, world.now, lambda: False)
    assert watch is not None
    assert watch.unwatched == 0
    return {each.carrier: each for each in watch.carriers}


def listed(world: World, carrier: str = "ups") -> list[str]:
    return list(watched(world)[carrier].numbers)


@pytest.fixture
def world() -> World:
    world = World()
    world.now = SHOULD_HAVE_MOVED
    return world


def test_a_parcel_that_has_not_moved_is_listed_once_it_should_have(world: World) -> None:
    numbers = ship(world, 2)
    world.now = SHOULD_HAVE_MOVED - timedelta(seconds=1)
    assert watched(world) == {}
    world.now = SHOULD_HAVE_MOVED
    assert listed(world) == numbers
    assert world.ports.silent_parcels.lists == {(world.now.date(), "ups", 0): tuple(numbers)}


def test_a_label_is_no_movement_and_a_physical_scan_is(world: World) -> None:
    labelled, moved = ship(world, 2)
    world.scan(a_label(number=labelled), a_label(number=moved), a_scan(number=moved))
    assert listed(world) == [labelled]


def test_what_is_unsaid_for_longer_than_it_is_watched_is_left_to_its_seller(world: World) -> None:
    ship(world, 1)
    world.passes(days=8)
    assert watched(world) == {}


def test_a_number_that_is_wrong_says_nothing_of_its_carrier(world: World) -> None:
    world.confirm(tracking_number="1Z")
    world.confirm(order_id="111-2", carrier="Pigeon Post")
    assert watched(world) == {}


def test_each_carrier_is_counted_by_itself_over_all_accounts(world: World) -> None:
    other = world.another_account("other")
    ship(world, 1)
    other.confirm(order_id="222-1", tracking_number=number(7), facts=some_facts())
    world.confirm(order_id="111-9", carrier="USPS", tracking_number=USPS_NUMBER)
    assert listed(world) == [number(0), number(7)]
    assert listed(world, "usps") == [USPS_NUMBER]


@pytest.mark.parametrize(
    ("parcels", "moved", "silent"),
    [
        (FEWEST, 0, True),
        (FEWEST, FEWEST // 10, True),
        (FEWEST, FEWEST // 10 + 1, False),
        (FEWEST - 1, 0, False),
    ],
)
def test_a_carrier_is_silent_as_a_whole_where_hardly_any_of_many_moved(
    world: World, parcels: int, moved: int, *, silent: bool
) -> None:
    numbers = ship(world, parcels)
    world.scan(*(a_scan(number=each) for each in numbers[:moved]))
    assert watched(world)["ups"].is_silent is silent


def test_the_latest_day_with_enough_parcels_tells(world: World) -> None:
    spoke = ship(world, FEWEST)
    world.scan(*(a_scan(number=each) for each in spoke))
    world.now += timedelta(days=2)
    ship(world, FEWEST, day=SHIP_DAY + timedelta(days=1), first=100)
    ship(world, 1, day=SHIP_DAY + timedelta(days=2), first=200)
    assert watched(world)["ups"].is_silent


def test_a_round_takes_in_every_account_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ACCOUNTS_A_RUN", 3)
    worlds = [world, *(world.another_account(f"shop{n}") for n in range(7))]
    for n, each in enumerate(worlds):
        each.confirm(order_id=f"111-{n}", tracking_number=number(n), facts=some_facts())
    runs = [watch_silence(world.ports, run, world.now, lambda: False) for run in range(ROUND)]
    found = [each for run in runs if run for carrier in run.carriers for each in carrier.numbers]
    assert sorted(found) == sorted(map(number, range(8)))
    assert [run is None for run in runs] == 3 * [False] + (ROUND - 3) * [True]


def test_a_run_without_time_lists_what_it_has_found_and_says_what_is_left(world: World) -> None:
    """It ends well: cut off, it would be called again, twice, and end no better."""
    numbers = ship(world, 2, day=SHIP_DAY)
    ship(world, 2, day=SHIP_DAY + timedelta(days=1), first=50)
    world.now += timedelta(days=1)
    left = iter([False] * 5 + [True])  # four days before, and the first with packages
    watch = watch_silence(world.ports, 0, world.now, lambda: next(left))
    assert watch is not None
    assert [list(each.numbers) for each in watch.carriers] == [numbers]
    assert watch.unwatched > 0
    assert list(world.ports.silent_parcels.lists.values()) == [tuple(numbers)]


def test_the_runs_of_a_round_begin_anew_every_six_hours() -> None:
    midnight = datetime(2026, 11, 30, tzinfo=UTC)
    runs = [run_of(midnight + n * RUNS) for n in range(48)]
    assert runs == 4 * list(range(ROUND))
