"""Stores whose eventually consistent reads may return what was true a moment ago."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from vtr.adapters.memory.stores import MemoryOrders, MemoryPackages, MemoryParcels, MemoryRates
from vtr.domain.orders import Order
from vtr.domain.packages import PackageRow, ParcelKey, RowKey
from vtr.domain.parcels import Parcel
from vtr.ports.rates import DaySums

if TYPE_CHECKING:
    from simulation.stage import Stage

LAG = timedelta(seconds=2)
"""How long an eventually consistent read may miss a write."""

K = TypeVar("K")
V = TypeVar("V")


class Before(Generic[K, V]):
    """What stood in each place before the last write to it, and when that was."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage
        self._before: dict[K, tuple[datetime, V]] = {}

    def keep(self, key: K, value: V) -> None:
        self._before[key] = self._stage.clock.now, value

    def shown(self, key: K) -> bool:
        """Whether an eventually consistent read misses what was written last."""
        before, stage = self._before.get(key), self._stage
        return (
            before is not None
            and not stage.calm
            and stage.clock.now - before[0] <= LAG
            and stage.random.random() < stage.weather.stale
        )

    def __getitem__(self, key: K) -> V:
        return self._before[key][1]


class LaggingOrders(MemoryOrders):
    def __init__(self, stage: "Stage") -> None:
        super().__init__()
        self._stage = stage
        self._before: Before[tuple[str, str], Order | None] = Before(stage)

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:
        if not consistent and self._before.shown((account, order_id)):
            return self._before[account, order_id]
        return super().get(account, order_id)

    def save(self, order: Order) -> Order:
        before = super().get(order.account, order.order_id)
        saved = super().save(order)
        self._before.keep((order.account, order.order_id), before)
        self._stage.wrote_order()
        self._stage.may_send_again()
        return saved

    def delete(self, order: Order) -> None:
        self._before.keep((order.account, order.order_id), order)
        super().delete(order)


class LaggingParcels(MemoryParcels):
    def __init__(self, stage: "Stage") -> None:
        super().__init__()
        self._stage = stage
        self._before: Before[ParcelKey, Parcel] = Before(stage)

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        if not consistent and self._before.shown(key):
            return self._before[key]
        return super().get(key)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        found = {key: self.get(key) for key in sorted(keys)}
        return {key: parcel for key, parcel in found.items() if parcel.version}

    def save(self, parcel: Parcel) -> Parcel:
        before = super().get(parcel.key)
        saved = super().save(parcel)
        self._before.keep(parcel.key, before)
        self._stage.may_send_again()
        return saved

    def delete(self, parcel: Parcel) -> None:
        self._before.keep(parcel.key, parcel)
        super().delete(parcel)

    def held(self) -> list[Parcel]:
        return list(self._parcels.values())


class LaggingPackages(MemoryPackages):
    def __init__(self, stage: "Stage") -> None:
        super().__init__(page_size=4)
        self._before: Before[RowKey, PackageRow | None] = Before(stage)

    def get(self, key: RowKey, *, consistent: bool = False) -> PackageRow | None:
        if not consistent and self._before.shown(key):
            return self._before[key]
        return super().get(key)

    def put(self, row: PackageRow) -> None:
        self._before.keep(row.key, super().get(row.key))
        super().put(row)

    def delete(self, key: RowKey) -> None:
        self._before.keep(key, super().get(key))
        super().delete(key)

    def held(self) -> list[PackageRow]:
        """Every row, tombstones too."""
        return [row for rows in self._buckets.values() for row in rows.values()]

    def restore(self, row: PackageRow) -> None:
        """Write a row whatever stands there, as nobody but an operator does."""
        self._buckets[row.key.bucket][row.key] = row


class LaggingRates(MemoryRates):
    def __init__(self, stage: "Stage") -> None:
        super().__init__()
        self._stage = stage
        self._before: Before[str, DaySums] = Before(stage)

    def days(self, account: str, *, consistent: bool = False) -> DaySums:
        if not consistent and self._before.shown(account):
            return self._before[account]
        return super().days(account)

    def put_days(self, account: str, sums: DaySums) -> None:
        before = super().days(account)
        super().put_days(account, sums)
        self._before.keep(account, before)
        self._stage.may_send_again()
