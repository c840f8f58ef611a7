"""Scans: recorded in any order, any number of times; written only where they are worth it."""

from itertools import permutations

import pytest

from support.builders import (
    DUE,
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_delivery,
    a_label,
    a_retraction,
    a_scan,
    after_order,
    some_facts,
)
from support.memory_world import World
from vtr.domain.packages import BucketKey, PackageRow, ParcelKey
from vtr.domain.scans import Milestone, Scan
from vtr.domain.verdict import Reason, State

PARCEL = ParcelKey(UPS_NUMBER)


def writes(world: World) -> int:
    """How often the parcel was written."""
    return world.ports.parcels.get(PARCEL).version


def test_a_physical_scan_makes_the_package_valid() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    assert world.states() == {State.VALID: 1}


def test_scans_of_several_parcels_may_come_together() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-2", tracking_number=UPS_NUMBER_2)
    world.scan(a_scan(), a_label(number=UPS_NUMBER_2))
    assert world.states() == {State.VALID: 1, State.PENDING: 1}


def test_scans_may_come_in_any_order_and_twice() -> None:
    scans = [a_label(), a_scan(), a_delivery()]
    found = []
    for arrived in permutations([*scans, scans[0]]):
        world = World()
        world.confirm()
        for scan in arrived:
            world.scan(scan)
        found.append((world.package(), world.states()))
    assert all(one == found[0] for one in found)


def test_a_number_that_nobody_claims_is_remembered() -> None:
    world = World()
    for scan in (a_label(), a_scan(), a_delivery()):
        world.scan(scan)
    assert writes(world) == 3
    world.passes(days=5)
    assert world.confirmed().verdict.reason is Reason.UPLOADED_AFTER_DELIVERY


def test_of_a_whole_journey_only_what_is_material_is_written() -> None:
    world = World()
    world.confirm()
    journey = [a_scan(Milestone.IN_TRANSIT, after_order(hours=hours)) for hours in range(40, 60, 4)]
    for scan in (a_label(), a_scan(), *journey, a_delivery()):
        world.scan(scan)
    assert writes(world) == 4


def test_a_scan_told_again_writes_nothing() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    before = writes(world)
    world.scan(a_scan())
    assert writes(world) == before
    assert world.states() == {State.VALID: 1}


def test_a_label_asks_for_no_recount_while_the_package_is_pending() -> None:
    world = World()
    world.confirm()
    world.recount()
    world.scan(a_label())
    assert not world.ports.recounts.waiting


def test_why_a_package_was_pending_is_settled_once_it_is_due() -> None:
    world = World()
    world.confirm()
    world.scan(a_label())
    world.recount()
    world.now = DUE
    world.turn()
    assert world.counted(SHIP_DAY) == {Reason.LABEL_ONLY: 1}
    assert world.rate().overall.reasons == {Reason.LABEL_ONLY: 1}


def test_a_label_that_comes_when_the_package_is_due_is_counted_at_once() -> None:
    world = World()
    world.confirm()
    world.now = DUE
    world.scan(a_label())
    assert world.counted(SHIP_DAY) == {Reason.LABEL_ONLY: 1}


def test_a_delivery_that_was_cut_off_is_repaired_when_it_is_handed_out_again() -> None:
    world = World()
    world.confirm()
    parcel = world.ports.parcels.get(PARCEL)
    scanned = World()
    scanned.scan(a_scan())
    evidence = scanned.ports.parcels.get(PARCEL).evidence
    world.ports.parcels.save(parcel.scanned(evidence))
    world.scan(a_scan(), repeated=True)
    assert world.states() == {State.VALID: 1}


def test_a_delivery_told_anew_leaves_rows_that_are_right_alone() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    (row,) = _rows(world)
    world.scan(a_scan(), repeated=True)
    assert _rows(world) == [row]


def _rows(world: World) -> list[PackageRow]:
    return list(world.ports.packages.page(BucketKey("acme", SHIP_DAY)).rows)


def test_every_package_that_claims_the_parcel_is_judged_again() -> None:
    world = World()
    for number in range(5):
        world.confirm(order_id=f"111-{number}")
    world.scan(a_scan())
    assert world.states() == {State.VALID: 5}


def test_a_scan_that_is_taken_back_no_longer_counts() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    assert world.states() == {State.VALID: 1}
    world.scan(a_retraction(a_scan(), after_order(days=2)))
    assert world.states() == {State.PENDING: 1}


TAKEN_BACK = a_scan(Milestone.ARRIVED, codes=("AR",))
STANDS = a_scan(Milestone.ARRIVED, after_order(hours=50))
UNDONE = a_retraction(TAKEN_BACK, after_order(hours=48))


@pytest.mark.parametrize("arrived", list(permutations((TAKEN_BACK, STANDS, UNDONE))))
def test_a_scan_that_stands_counts_though_an_earlier_one_is_taken_back(
    arrived: tuple[Scan, ...],
) -> None:
    world = World()
    world.confirm()
    for scan in arrived:
        world.scan(scan)
    assert world.reason() is Reason.VALID


def test_what_a_later_order_reads_does_not_depend_on_who_claimed_the_number_before() -> None:
    """An order of day 51 reads a number that was last scanned on day 50."""
    scans = [
        a_scan(at=after_order(days=2)),
        a_label(after_order(days=37)),
        a_scan(Milestone.ARRIVED, after_order(days=50)),
    ]
    later = after_order(days=52, hours=-2)
    placed = {"facts": some_facts(placed_at=later), "order_id": "later"}

    def judged_last(*, claimed_before: bool) -> Reason:
        world = World()
        if claimed_before:
            world.confirm()
        for scan in scans:
            world.scan(scan)
        world.passes(days=52)
        return world.confirmed(ship_date=later.date(), **placed).verdict.reason

    assert judged_last(claimed_before=True) is judged_last(claimed_before=False)
