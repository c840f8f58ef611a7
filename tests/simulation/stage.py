"""Where a story is played: a clock, and every port with the faults that its real kind has.

Between any two port calls another process may run, or this one may die. A write may be refused,
or take effect and not say so. A cheap read may answer what was true a moment ago.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from vtr.adapters.memory import (
    MemoryOrders,
    MemoryPackages,
    MemoryParcels,
    MemoryPorts,
    MemoryRates,
)
from vtr.domain.packages import Order, ParcelKey, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.use_cases.ports import Recount, Row

LAG = timedelta(seconds=2)
"""How long a cheap read may miss a write."""

SLOT, DELAY = timedelta(seconds=30), timedelta(seconds=40)
REMEMBERED = timedelta(minutes=5)
"""For so long a FIFO queue drops what was sent before."""

READS = frozenset({"get", "get_many", "of", "all", "page", "bucket", "buckets", "days", "refresh"})


class CrashError(Exception):
    """The process died between two calls."""


class ThrottledError(Exception):
    """The call was refused for now."""


class TimedOutError(Exception):
    """The call took effect, and nobody was told."""


@dataclass(frozen=True)
class Weather:
    """How often each thing goes wrong, a port call."""

    crash: float = 0.0
    throttle: float = 0.0
    timeout: float = 0.0
    stale: float = 0.0
    preempt: float = 0.0
    repeat: float = 0.0
    """How often a message that was worked off is handed out once more."""

    @property
    def cuts_off(self) -> bool:
        return bool(self.crash or self.throttle or self.timeout)


CALM = Weather()
CROWDED = Weather(stale=0.3, preempt=0.15, repeat=0.1)
ROUGH = Weather(crash=0.02, throttle=0.02, timeout=0.02, preempt=0.05, repeat=0.1)
WILD = Weather(crash=0.03, throttle=0.02, timeout=0.03, stale=0.3, preempt=0.15, repeat=0.2)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def reach(self, moment: datetime) -> None:
        self.now = max(self.now, moment)

    def tick(self, random: Random) -> None:
        self.now += timedelta(microseconds=random.randint(1000, 9000))


class Stage:
    """The ports, the clock and the weather; ``preempt`` runs what another process would."""

    def __init__(self, seed: int, now: datetime, weather: Weather) -> None:
        self.clock = Clock(now)
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - the same story every time
        self.weather = weather
        self.calm = 0
        self.calls = 0
        self.preempt: Callable[[], None] = lambda: None
        self.wrote_order: Callable[[], None] = lambda: None
        self.recounts = FifoRecounts(self.clock)
        memory = MemoryPorts(
            orders=LaggingOrders(self),
            parcels=LaggingParcels(self),
            packages=LaggingPackages(self),
            rates=LaggingRates(self),
        )
        self.memory = memory
        self.ports: Any = FaultyPorts(self, memory)

    def fate_of(self, event: object, attempt: int) -> Random:
        """What befalls one attempt at one event: the same, whatever else happens in the story."""
        fate = crc32(f"{self.seed} {attempt} {event!r}".encode())
        return Random(fate)  # noqa: S311 - the same story every time

    def lags(self, written_at: datetime | None) -> bool:
        """Whether a cheap read misses what was written then."""
        return (
            written_at is not None
            and not self.calm
            and self.clock.now - written_at <= LAG
            and self.random.random() < self.weather.stale
        )

    def call(self, method: str, real: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        self.calls += 1
        self.clock.tick(self.random)
        if self.calm:
            return real(*args, **kwargs)
        if self.random.random() < self.weather.preempt:
            self.preempt()
        chance = self.random.random()
        if chance < self.weather.crash:
            raise CrashError(method)
        if chance < self.weather.crash + self.weather.throttle:
            raise ThrottledError(method)
        answer = real(*args, **kwargs)
        if method not in READS and self.random.random() < self.weather.timeout:
            raise TimedOutError(method)
        return answer


class FaultyPort:
    """One port, every call of which goes through the stage."""

    def __init__(self, stage: Stage, port: object) -> None:
        self._stage = stage
        self._port = port

    def __getattr__(self, method: str) -> Callable[..., Any]:
        real, stage = getattr(self._port, method), self._stage

        def call(*args: Any, **kwargs: Any) -> Any:
            return stage.call(method, real, args, kwargs)

        self.__dict__[method] = call
        return call


class FaultyPorts:
    def __init__(self, stage: Stage, memory: MemoryPorts) -> None:
        self._stage = stage
        self._memory = memory

    def __getattr__(self, name: str) -> FaultyPort:
        stage = self._stage
        port = stage.recounts if name == "recounts" else getattr(self._memory, name)
        self.__dict__[name] = FaultyPort(stage, port)
        return self.__dict__[name]  # type: ignore[no-any-return]


class LaggingOrders(MemoryOrders):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._before: dict[tuple[str, str], tuple[datetime, Order | None]] = {}

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:
        before = self._before.get((account, order_id))
        if not consistent and before and self._stage.lags(before[0]):
            return before[1]
        return super().get(account, order_id)

    def save(self, order: Order) -> Order:
        before = super().get(order.account, order.order_id)
        saved = super().save(order)
        self._before[order.account, order.order_id] = self._stage.clock.now, before
        self._stage.wrote_order()
        return saved


class LaggingParcels(MemoryParcels):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._before: dict[ParcelKey, tuple[datetime, Parcel]] = {}

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        before = self._before.get(key)
        if not consistent and before and self._stage.lags(before[0]):
            return before[1]
        return super().get(key)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        found = {key: self.get(key) for key in keys}
        return {key: parcel for key, parcel in found.items() if parcel.version}

    def save(self, parcel: Parcel) -> Parcel:
        before = super().get(parcel.key)
        saved = super().save(parcel)
        self._before[parcel.key] = self._stage.clock.now, before
        return saved


class LaggingPackages(MemoryPackages):
    def __init__(self, stage: Stage) -> None:
        super().__init__(page_size=4)
        self._stage = stage
        self._before: dict[RowKey, tuple[datetime, Row | None]] = {}

    def get(self, key: RowKey) -> Row | None:
        before = self._before.get(key)
        if before and self._stage.lags(before[0]):
            return before[1]
        return super().get(key)

    def put(self, row: Row) -> None:
        self._before[row.key] = self._stage.clock.now, super().get(row.key)
        super().put(row)


class LaggingRates(MemoryRates):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._summed: dict[str, tuple[datetime, Mapping[date, DayCounts]]] = {}

    def days(self, account: str, *, consistent: bool = False) -> Mapping[date, DayCounts]:
        before = self._summed.get(account)
        if before and not consistent and self._stage.lags(before[0]):
            return before[1]
        return super().days(account)

    def put_days(
        self, account: str, days: Mapping[date, DayCounts], counted_from: datetime
    ) -> None:
        self._summed[account] = self._stage.clock.now, super().days(account)
        super().put_days(account, days, counted_from)


class FifoRecounts:
    """The queue of recounts: each once a time slot, later than the slot, by account in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.waiting: list[tuple[datetime, Recount]] = []
        self._seen: dict[tuple[Recount, int], datetime] = {}

    def send(self, recounts: Iterable[Recount]) -> None:
        now = self._clock.now
        slot = int(now.timestamp() // SLOT.total_seconds())
        for recount in recounts:
            seen = self._seen.get((recount, slot))
            if seen is None or now - seen > REMEMBERED:
                self._seen[recount, slot] = now
                self.waiting.append((now + DELAY, recount))
