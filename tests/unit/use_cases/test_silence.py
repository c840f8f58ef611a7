"""Silence: what should have moved and has not, and a carrier that is silent as a whole."""

from datetime import date, timedelta

import pytest

from support.builders import PLACED, SHIP_DAY, USPS_NUMBER, a_label, a_scan, some_facts
from support.memory_world import World
from vtr.use_cases.watch_silence import FEWEST, CarrierSilence, watch_silence

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
    return {each.carrier: each for each in watch_silence(world.ports, world.now)}


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
    assert world.ports.silent_parcels.lists == {(world.now.date(), "ups"): tuple(numbers)}


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
