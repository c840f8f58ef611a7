"""Where a story is played: a clock, and every port with the faults that its real kind has.

Between any two port calls another process may run, or this one may die. A write may be refused,
or take effect and not say so; the client may send it again, and it be refused for its own effect.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from simulation.expiring import expiring
from simulation.lagging import LaggingOrders, LaggingPackages, LaggingParcels, LaggingRates
from simulation.laws import MARGIN
from vtr.adapters.memory import MemoryPorts
from vtr.domain.errors import ConflictError
from vtr.domain.partitioning import cooldown_of
from vtr.ports.queues import Recount

TICK = timedelta(microseconds=4999)
"""How long a port call takes."""

SLOT, DELAY = timedelta(seconds=30), timedelta(seconds=40)
REMEMBERED = timedelta(minutes=5)
"""How long a FIFO queue drops duplicates."""

WRITES = frozenset(
    {"save", "put", "put_bucket", "put_days", "send", "add", "complete", "add_part", "delete"}
)

KEPT_AT_HAND = frozenset({"waivers"})
"""Ports that are cached in memory, as the real ones are for a minute: their calls never fail."""


class CrashError(Exception):
    """The process died between two calls."""


class ThrottledError(Exception):
    """The call was refused for now."""


class TimedOutError(Exception):
    """The call took effect, but its response was lost."""


@dataclass(frozen=True)
class Weather:
    """How often each thing goes wrong, a port call."""

    name: str
    crash: float = 0.0
    throttle: float = 0.0
    timeout: float = 0.0
    stale: float = 0.0
    preempt: float = 0.0
    repeat: float = 0.0
    """How often a message is redelivered after it was processed."""


CALM = Weather("calm")
CROWDED = Weather("crowded", stale=0.3, preempt=0.2, repeat=0.1)
ROUGH = Weather("rough", crash=0.03, throttle=0.02, timeout=0.03, preempt=0.06, repeat=0.1)
LOSSY = replace(ROUGH, name="lossy", crash=0.0, throttle=0.0, timeout=0.2)
WILD = replace(ROUGH, name="wild", crash=0.04, timeout=0.04, stale=0.3, preempt=0.2, repeat=0.2)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def reach(self, moment: datetime) -> None:
        self.now = max(self.now, moment)


class Stage:
    """The ports, the clock and the weather.

    ``preempt`` runs what another process would; ``wrote_order`` is called for every order written.
    While ``calm`` is not zero nothing goes wrong.
    """

    def __init__(self, seed: int, now: datetime, weather: Weather) -> None:
        self.clock = Clock(now)
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - the same story every time
        self.weather = weather
        self.calm = 0
        self.preempt: Callable[[], None] = lambda: None
        self.wrote_order: Callable[[], None] = lambda: None
        self.recounts = FifoRecounts(self.clock)
        self.parcels = LaggingParcels(self)
        self.packages = LaggingPackages(self)
        self.memory = MemoryPorts(
            orders=LaggingOrders(self),
            parcels=self.parcels,
            packages=self.packages,
            rates=LaggingRates(self),
        )
        self.ports: Any = FaultyPorts(self)

    def held(self) -> tuple[object, ...]:
        """All that the stores of parcels and packages hold."""
        return self.parcels.held(), self.packages.held()

    def fate_of(self, event: int, attempt: int) -> Random:
        """What goes wrong in one attempt at one event: the same, whatever else the story has."""
        return Random((self.seed << 40) + (event << 8) + attempt)  # noqa: S311 - the same every time

    def call(self, method: str, real: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        self.clock.now += TICK
        if self.calm:
            return real(*args, **kwargs)
        weather, chance = self.weather, self.random.random()
        if chance < weather.preempt:
            self.preempt()
            chance /= weather.preempt  # another process or none, this one has its own fate
        else:
            chance = (chance - weather.preempt) / (1 - weather.preempt)
        if chance < weather.crash:
            raise CrashError(method)
        if chance < weather.crash + weather.throttle:
            raise ThrottledError(method)
        answer = real(*args, **kwargs)
        if chance > 1 - weather.timeout and method in WRITES:
            raise TimedOutError(method)
        return answer

    def forget(self, share: float = 1.0) -> None:
        """Delete what has expired, as DynamoDB does in its own time: a share of it, by chance."""
        for _, items, ends in expiring(self.memory):
            for key, kept_until in ends.items():
                if kept_until is None:
                    continue
                expires = datetime.combine(kept_until, time(), UTC) + MARGIN
                if expires <= self.clock.now and self.random.random() < share:
                    del items[key]

    def stored(self) -> dict[str, int]:
        """How many items of each kind are stored that should expire."""
        counts = Counter[str]()
        for kind, items, _ in expiring(self.memory):
            counts[kind] += len(items)
        return {kind: number for kind, number in counts.items() if number}

    def may_send_again(self) -> None:
        """Lose the response to a write on a version, which then conflicts with its own effect.

        The client retries by itself when no response comes, and cannot know who wrote before.
        """
        if not self.calm and self.random.random() < self.weather.timeout:
            raise ConflictError("It was written in between.")


class FaultyPort:
    """One port, every call of which goes through the stage."""

    def __init__(self, stage: Stage, port: object) -> None:
        self._stage = stage
        self._port = port

    def __getattr__(self, method: str) -> Callable[..., Any]:
        real, through = getattr(self._port, method), self._stage.call

        def call(*args: Any, **kwargs: Any) -> Any:
            return through(method, real, args, kwargs)

        self.__dict__[method] = call
        return call


class FaultyPorts:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def __getattr__(self, name: str) -> object:
        stage = self._stage
        port = stage.recounts if name == "recounts" else getattr(stage.memory, name)
        self.__dict__[name] = port if name in KEPT_AT_HAND else FaultyPort(stage, port)
        return self.__dict__[name]


class FifoRecounts:
    """The queue of recounts: each once a time slot, later than the slot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.waiting: list[tuple[datetime, Recount]] = []
        self._seen: dict[tuple[Recount, int], datetime] = {}

    def send(self, recounts: Iterable[Recount]) -> None:
        now = self._clock.now
        slot = int(now.timestamp() // SLOT.total_seconds())
        until = datetime.fromtimestamp((slot + 1) * SLOT.total_seconds(), UTC)
        for recount in recounts:
            seen = self._seen.get((recount, slot))
            if seen is None or now - seen > REMEMBERED:
                self._seen[recount, slot] = now
                self.waiting.append((now + DELAY, replace(recount, until=until)))

    def cooldown(self, rows: int) -> timedelta:
        return cooldown_of(rows, SLOT)

    def take(self) -> list[tuple[datetime, Recount]]:
        waiting, self.waiting = self.waiting, []
        return waiting
