"""Cheap reads may answer what was true a moment ago; that costs a retry and no more."""

from datetime import timedelta

import pytest

from support.builders import (
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    some_facts,
)
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.stores import MemoryOrders, MemoryPackages, MemoryParcels
from vtr.domain.errors import DeliveredError
from vtr.domain.orders import Order
from vtr.domain.packages import PackageRow, ParcelKey, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.verdict import Reason, State


class StaleOrders(MemoryOrders):
    """While ``lagging``, cheap reads miss the last write."""

    def __init__(self) -> None:
        super().__init__()
        self.lagging = False
        self._before: dict[tuple[str, str], Order | None] = {}

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:
        if self.lagging and not consistent:
            return self._before.get((account, order_id))
        return super().get(account, order_id)

    def save(self, order: Order) -> Order:
        self._before[order.account, order.order_id] = super().get(order.account, order.order_id)
        return super().save(order)


class StaleParcels(MemoryParcels):
    """While ``lagging``, cheap reads miss the last write."""

    def __init__(self) -> None:
        super().__init__()
        self.lagging = False
        self._before: dict[ParcelKey, Parcel] = {}

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        if self.lagging and not consistent:
            return self._before.get(key, Parcel(key=key))
        return super().get(key)

    def save(self, parcel: Parcel) -> Parcel:
        self._before[parcel.key] = super().get(parcel.key)
        return super().save(parcel)


class StalePackages(MemoryPackages):
    """While ``lagging``, cheap reads miss the last write."""

    def __init__(self) -> None:
        super().__init__()
        self.lagging = False
        self._before: dict[RowKey, PackageRow | None] = {}

    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None:
        if self.lagging and not consistent:
            return self._before.get(key)
        return super().get(key)

    def put(self, row: PackageRow) -> None:
        self._before[row.key] = super().get(row.key)
        super().put(row)


class StaleWorld(World):
    def __init__(self) -> None:
        self.orders, self.parcels, self.packages = StaleOrders(), StaleParcels(), StalePackages()
        super().__init__(
            MemoryPorts(orders=self.orders, parcels=self.parcels, packages=self.packages)
        )

    def lags(self, *, lagging: bool = True) -> None:
        self.orders.lagging = self.parcels.lagging = self.packages.lagging = lagging


def test_a_first_confirmation_that_was_not_seen_yet_is_edited_all_the_same() -> None:
    world = StaleWorld()
    world.confirm()
    world.lags()
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.lags(lagging=False)
    assert world.package().confirmation.number_stated == UPS_NUMBER_2


def test_an_edit_back_to_what_was_said_before_is_not_lost() -> None:
    world = StaleWorld()
    world.confirm()
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.lags()
    world.confirm(tracking_number=UPS_NUMBER)
    world.lags(lagging=False)
    assert world.package().confirmation.number_stated == UPS_NUMBER


def test_a_claim_that_was_not_seen_yet_is_withdrawn_all_the_same() -> None:
    world = StaleWorld()
    world.confirm()
    world.lags()
    world.confirm(tracking_number=UPS_NUMBER_2)
    assert world.parcels.get(ParcelKey(UPS_NUMBER), consistent=True).claims == {}


def test_an_edit_right_after_the_delivery_was_recorded_is_refused() -> None:
    world = StaleWorld()
    world.confirm()
    world.scan(a_delivery(after_order(hours=26)))
    world.passes(hours=3)
    world.lags()
    with pytest.raises(DeliveredError):
        world.confirm(tracking_number=UPS_NUMBER_2)


def test_an_edit_is_not_refused_for_a_number_that_was_corrected_before() -> None:
    world = StaleWorld()
    world.confirm()
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.scan(a_delivery(after_order(hours=12)))
    world.lags()
    world.confirm(ship_date=SHIP_DAY + timedelta(days=1))
    world.lags(lagging=False)
    assert world.package().confirmation.ship_date == SHIP_DAY + timedelta(days=1)


def test_an_order_that_was_placed_a_moment_ago_is_known() -> None:
    world = StaleWorld()
    world.place(some_facts())
    world.lags()
    assert world.confirm(facts=None).created


def test_a_package_that_leaves_a_day_again_is_listed_once() -> None:
    """The tombstone of the first time is no proof that the package did not come back."""
    world = StaleWorld()
    for days in (1, 0, 1, 0):
        world.confirm(ship_date=SHIP_DAY + timedelta(days=days))
        world.lags()
    assert len(world.all_listed()) == 1


def test_a_scan_meets_a_claim_that_was_not_seen_yet() -> None:
    world = StaleWorld()
    world.confirm()
    world.lags()
    world.scan(a_scan())
    world.lags(lagging=False)
    assert world.states() == {State.VALID: 1}


def test_a_claim_meets_a_scan_that_was_not_seen_yet() -> None:
    world = StaleWorld()
    world.scan(a_scan())
    world.lags()
    assert world.confirmed().verdict.reason is Reason.VALID
    world.lags(lagging=False)
    assert world.states() == {State.VALID: 1}


def test_a_scan_that_only_a_claim_not_seen_yet_reads_is_kept() -> None:
    """What went on until day 50 is the order's of day 52, though only just."""
    world = StaleWorld()
    world.confirm(order_id="early")
    world.scan(a_scan(at=after_order(days=2)), a_label(after_order(days=37)))
    world.passes(days=52)
    placed = after_order(days=52, hours=-2)
    facts = some_facts(placed_at=placed)
    world.confirm(order_id="late", facts=facts, ship_date=placed.date())
    world.lags()
    world.scan(a_scan(at=after_order(days=50)))
    world.lags(lagging=False)
    assert world.reason("late") is Reason.VALID
