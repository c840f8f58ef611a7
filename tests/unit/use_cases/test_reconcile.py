"""Reconcile: each way in which the view can come away from the truths is found and set right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import (
    DUE,
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_label,
    a_retraction,
    a_scan,
    after_order,
)
from support.memory_world import World
from vtr.adapters.memory.stores import MemoryOrders, MemoryPackages, MemoryParcels
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, PackageRow, ParcelKey
from vtr.domain.policies import Policy
from vtr.domain.verdict import Reason, State
from vtr.ports.queues import Recount
from vtr.use_cases.reconcile import DriftKind, find_drift
from vtr.use_cases.recount import recount, rows_of

BUCKET = BucketKey("acme", SHIP_DAY)
PARCEL = ParcelKey(UPS_NUMBER)
NEXT_DAY = SHIP_DAY + timedelta(days=1)


def a_world() -> World:
    """One package, confirmed and counted."""
    world = World()
    world.confirm()
    world.recount()
    return world


def found(world: World, bucket: BucketKey = BUCKET) -> list[DriftKind]:
    rows = list(rows_of(world.ports, bucket))
    return [drift.kind for drift in find_drift(world.ports, bucket, rows, world.now)]


def reconcile(world: World) -> dict[DriftKind, int]:
    """Reconcile the bucket; what is found a second time was not set right."""
    counted = recount(world.ports, Recount(BUCKET, reconcile=True), world.now)
    world.recount()
    assert found(world) == []
    return dict(counted.drift)


def the_row(world: World) -> PackageRow:
    (row,) = rows_of(world.ports, BUCKET)
    return row


def the_order(world: World, order_id: str = "111-0000001") -> Order:
    order = world.ports.orders.get("acme", order_id)
    assert order is not None
    return order


def lose_package(world: World, package_id: str) -> None:
    """Lose the row of one package, and no other."""
    rows = list(rows_of(world.ports, BUCKET))
    world.ports = replace(world.ports, packages=MemoryPackages())
    for row in rows:
        if row.key.package_id != package_id:
            world.ports.packages.put(row)


def learn(world: World, number: str = UPS_NUMBER) -> None:
    """Have the parcel know of a scan, and nothing else: its recorder was cut off."""
    scanned = World()
    scanned.scan(a_scan(tracking_number=number))
    evidence = scanned.ports.parcels.get(ParcelKey(number)).evidence
    parcel = world.ports.parcels.get(ParcelKey(number))
    world.ports.parcels.save(parcel.scanned(evidence))


def test_where_nothing_drifted_nothing_is_found_or_written() -> None:
    world = a_world()
    world.scan(a_scan())
    world.recount()
    before = the_row(world), world.ports.parcels.get(PARCEL)
    assert reconcile(world) == {}
    assert (the_row(world), world.ports.parcels.get(PARCEL)) == before


def test_to_look_for_drift_writes_nothing() -> None:
    world = a_world()
    learn(world)
    row = the_row(world)
    assert found(world) == found(world) == [DriftKind.ROW_STALE]
    assert the_row(world) == row


def test_a_row_that_is_missing_beside_another_of_its_order_is_written() -> None:
    world = a_world()
    world.confirm(package_id="2", tracking_number=UPS_NUMBER_2)
    world.recount()
    lose_package(world, "2")
    assert found(world) == [DriftKind.ROW_MISSING, DriftKind.COUNT_WRONG]
    assert reconcile(world) == {DriftKind.ROW_MISSING: 1, DriftKind.COUNT_WRONG: 1}
    assert world.states() == {State.PENDING: 2}


def test_a_row_that_misses_what_its_parcel_knows_is_judged_again() -> None:
    world = a_world()
    learn(world)
    assert reconcile(world) == {DriftKind.ROW_STALE: 1}
    assert world.states() == {State.VALID: 1}


def test_a_row_that_was_written_again_takes_the_next_scan() -> None:
    """Its order has changed since by another package; its parcel does not know, and need not."""
    world = a_world()
    world.confirm(package_id="2", tracking_number=UPS_NUMBER_2)
    world.recount()
    lose_package(world, "1")
    reconcile(world)
    world.scan(a_scan())
    world.recount()
    assert world.counted(SHIP_DAY) == {Reason.VALID: 1, Reason.NO_SCAN: 1}


def test_a_row_that_was_judged_again_takes_the_next_scan() -> None:
    world = a_world()
    world.confirm(package_id="2", tracking_number=UPS_NUMBER_2)
    learn(world)
    reconcile(world)
    world.scan(a_retraction(a_scan(), after_order(days=2)))
    world.recount()
    assert Reason.VALID not in world.counted(SHIP_DAY)


def test_a_row_that_misses_what_its_order_says_is_written_again() -> None:
    world = a_world()
    world.ports.orders.save(replace(the_order(world), cancelled_at=world.now))
    assert reconcile(world)[DriftKind.ROW_STALE] == 1
    assert the_row(world).confirmation.cancelled_at == world.now


def test_a_row_on_a_day_that_its_order_has_left_is_moved_and_counted_there() -> None:
    world = a_world()
    order = the_order(world)
    package = order.package("1")
    later = replace(package.current, ship_date=NEXT_DAY, confirmed_at=world.now)
    world.ports.orders.save(order.with_package(package.stating(later).counted_on(NEXT_DAY)))
    reconcile(world)
    assert list(rows_of(world.ports, BUCKET)) == []
    assert world.counted(NEXT_DAY) == {Reason.NO_SCAN: 1}
    assert world.counted(SHIP_DAY) == {}


def test_a_row_on_a_day_that_its_policy_has_left_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world()
    monkeypatch.setattr(Policy, "anchor_day", lambda _, claim: claim.ship_date + timedelta(days=1))
    assert reconcile(world)[DriftKind.ROW_STALE] == 1
    assert list(rows_of(world.ports, BUCKET)) == []
    assert world.counted(NEXT_DAY) == {Reason.NO_SCAN: 1}


def test_a_row_that_is_later_than_its_parcels_claim_is_judged_again() -> None:
    """Its parcel came back from a backup, without the repetition that wrote the row."""
    world = a_world()
    world.confirm(package_id="2", tracking_number=UPS_NUMBER_2)
    row = next(row for row in rows_of(world.ports, BUCKET) if row.key.package_id == "1")
    world.ports.packages.put(replace(row, confirmation=replace(row.confirmation, revision=2)))
    learn(world)
    reconcile(world)
    assert world.counted(SHIP_DAY) == {Reason.VALID: 1, Reason.NO_SCAN: 1}


def test_a_row_that_no_order_knows_is_buried_with_what_it_said() -> None:
    world = a_world()
    row = the_row(world)
    world.ports = replace(world.ports, orders=MemoryOrders())
    assert reconcile(world) == {DriftKind.ROW_ORPHANED: 1}
    assert world.states() == {}
    tombstone = world.ports.packages.get(row.key)
    assert tombstone is not None
    assert tombstone.confirmation == row.confirmation


def test_rows_after_one_that_no_order_knows_are_set_right_too() -> None:
    world = a_world()
    row = the_row(world)
    stray = replace(row.confirmation, order_id="000-0000000")
    world.ports.packages.put(
        replace(row, key=row.key._replace(order_id="000-0000000"), confirmation=stray)
    )
    order = the_order(world)
    world.ports.orders.save(replace(order, cancelled_at=world.now))
    assert reconcile(world).keys() >= {DriftKind.ROW_ORPHANED, DriftKind.ROW_STALE}
    assert the_row(world).confirmation.cancelled_at == world.now


def test_a_parcel_that_lost_a_claim_gets_it_back_and_its_next_scan_counts() -> None:
    world = a_world()
    parcel = world.ports.parcels.get(PARCEL)
    world.ports.parcels.save(replace(parcel, claims={}))
    assert reconcile(world) == {DriftKind.CLAIM_MISSING: 1}
    world.scan(a_scan())
    assert world.states() == {State.VALID: 1}


def test_a_parcel_that_was_lost_is_claimed_anew() -> None:
    world = a_world()
    world.ports = replace(world.ports, parcels=MemoryParcels())
    assert reconcile(world) == {DriftKind.CLAIM_MISSING: 1}
    assert list(world.ports.parcels.get(PARCEL).claims) == [the_row(world).confirmation.key]


def test_a_claim_that_is_one_too_many_is_no_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vtr.domain.parcels.MAX_CLAIMS", 1)
    world = a_world()
    world.confirm(order_id="111-2")
    world.recount()
    assert found(world) == []


def test_a_roll_up_that_is_not_the_sum_of_its_rows_is_counted_again() -> None:
    world = a_world()
    world.ports.rates.put_bucket(BUCKET, {"Toys": {Reason.VALID: 7}}, world.now, SHIP_DAY)
    assert reconcile(world) == {DriftKind.COUNT_WRONG: 1}
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}


def test_why_a_scan_is_awaited_is_settled_when_due_and_is_no_drift() -> None:
    world = a_world()
    world.scan(a_label())
    assert found(world) == []
    world.now = DUE
    assert reconcile(world) == {}
    assert world.counted(SHIP_DAY) == {Reason.LABEL_ONLY: 1}


def test_what_is_written_while_it_looks_is_no_drift() -> None:
    world = a_world()
    rows = list(rows_of(world.ports, BUCKET))
    world.scan(a_scan())
    world.confirm(order_id="111-2", tracking_number=UPS_NUMBER_2)
    world.confirm(ship_date=NEXT_DAY)
    drift = find_drift(world.ports, BUCKET, rows, world.now)
    assert {each.kind for each in drift} <= {DriftKind.COUNT_WRONG}


def test_what_was_set_right_is_counted_though_another_count_overtook_it() -> None:
    """A recount that began later reads the bucket before the repair, and stores its count first."""
    world = a_world()
    world.confirm(package_id="2", tracking_number=UPS_NUMBER_2)
    world.recount()
    rows = world.ports.packages._buckets[BUCKET]  # noqa: SLF001 - lost, as no port would lose it
    del rows[next(key for key in rows if key.package_id == "2")]
    put, began = world.ports.packages.put, world.now

    def put_after_the_other_count(row: PackageRow) -> None:
        world.ports.packages.__dict__["put"] = put
        recount(world.ports, Recount(BUCKET), began + timedelta(seconds=1))
        put(row)

    world.ports.packages.__dict__["put"] = put_after_the_other_count
    recount(world.ports, Recount(BUCKET, reconcile=True), began)
    world.now = began + timedelta(minutes=1)
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 2}


def test_a_count_that_was_wrong_is_right_at_once_and_asks_for_no_other() -> None:
    world = a_world()
    world.ports.rates.put_bucket(BUCKET, {}, world.now, SHIP_DAY)
    recount(world.ports, Recount(BUCKET, reconcile=True), world.now)
    assert not world.ports.recounts.waiting
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}
