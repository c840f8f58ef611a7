"""Play a story: processes that run one after another, inside one another, and until they die."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32

from simulation.answers import Answers
from simulation.comparison import compare_all, compare_rates
from simulation.ending import Ending
from simulation.laws import LAWS
from simulation.log import Log
from simulation.oracle import Oracle
from simulation.played import Played, told
from simulation.stage import CrashError, Stage, ThrottledError, TimedOutError, Weather
from simulation.story import (
    Deliver,
    Erase,
    Event,
    Hold,
    Reported,
    Restore,
    Said,
    Story,
    Waive,
)
from simulation.translation import scan_of, waiver_of
from vtr.domain.accounts import Account
from vtr.domain.erasures import WRITERS_END
from vtr.domain.errors import ConflictError, OrderNotFoundError
from vtr.domain.evidence import NO_EVIDENCE
from vtr.domain.packages import BucketKey
from vtr.ports.queues import Recount
from vtr.use_cases.archive_day import archive_day
from vtr.use_cases.erase_order import clear_order, forget_order
from vtr.use_cases.manage_holds import place_hold
from vtr.use_cases.manage_waivers import add_waiver
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount, rows_of
from vtr.use_cases.roll_over_days import ROLLOVER_SLICES, roll_over_days

PATIENCE = 6
"""After this many failed attempts the weather clears, so that a story ends."""

SLOWEST = timedelta(seconds=8)
"""A process is never held up longer: the recount queue's delay outlasts its slot by ten."""

DEEPEST = 3
"""The most processes that run at once."""

CHECKS = 4
"""How often the rates are compared; every second time, and at the end, everything is."""

FAULTS = (CrashError, ThrottledError, TimedOutError, ConflictError)


@dataclass(frozen=True)
class Turn(Event):
    """The schedule runs, for the accounts whose day has turned or for all."""

    every_account: bool = False


@dataclass(frozen=True)
class Count(Event):
    """A recount is delivered."""

    task: Recount

    @property
    def fate(self) -> int:
        bucket = self.task.bucket
        return crc32(f"{bucket.account} {bucket.day} {bucket.shard} {self.at}".encode())


@dataclass(frozen=True, kw_only=True)
class Forget(Event):
    """An order that was cleared is forgotten, once no writer can be left from before."""

    account: str
    order: str


class Player:
    def __init__(self, story: Story, weather: Weather) -> None:
        self.story = story
        self.stage = Stage(story.seed, story.events[0].at if story.events else story.ends, weather)
        self.played = Played(story)
        self.log = Log()
        self.scans: set[Reported] = set()
        self.waivers: list[Waive] = []
        self._erasing_until: dict[tuple[str, str], datetime | None] = {}
        self.accounts = {
            name: Account(id=name, policy=law, cursor_secret=b"s", shards=story.shards)
            for name, law in story.accounts.items()
        }
        for account in self.accounts.values():
            self.stage.memory.accounts.add(account)
        self.stage.preempt = self._preempt
        self.stage.wrote_order = self._wrote_order
        self._answers = Answers(self)
        self._queue: list[tuple[datetime, int, int, Event]] = []
        self._pushed = 0
        self._started = self.stage.clock.now
        self._running: list[tuple[datetime, Event]] = []
        self._counting: set[str] = set()
        self._drifted = False

    def play(self) -> Played:
        for event in [*self.story.events, *self._turns()]:
            self._push(event.at, 0, event)
        begins = self.stage.clock.now
        for check in range(1, CHECKS + 1):
            moment = begins + (self.story.ends - begins) * check / CHECKS
            while self._queue and self._queue[0][0] <= moment:
                self._run_next()
            self._settle()
            self.stage.clock.reach(moment)
            self._compare(all_of_it=check % 2 == 0)
            if self.played.differences:
                return self.played
        if self.story.ends_for_good:
            self._queue = [each for each in self._queue if isinstance(each[-1], Forget)]
            while self._queue:
                self._run_next()
            Ending(self).play()
        return self.played

    def play_on(self, event: Event, at: datetime) -> None:
        """Play an event, and all that follows from it, to the end."""
        self._push(at, 0, event)
        while self._queue:
            self._run_next()

    def turn_all(self) -> None:
        """The schedule runs for every account."""
        now = self.stage.clock.now
        self.play_on(Turn(at=now, subject="schedule", every_account=True), now)

    def oracle(self) -> Oracle:
        return Oracle(self.story, self.log.claims(), self.scans, self.waivers)

    # --- what runs when

    def _push(self, at: datetime, attempt: int, event: Event) -> None:
        self._pushed += 1
        heapq.heappush(self._queue, (at, self._pushed, attempt, event))

    def _push_recounts(self, attempt: int) -> None:
        for at, task in self.stage.recounts.take():
            self._push(at, attempt, Count(at=at, subject="recount", task=task))

    def _run_next(self) -> None:
        at, _, attempt, event = heapq.heappop(self._queue)
        self.stage.clock.reach(at)
        self._started = self.stage.clock.now
        self._run(attempt, event)

    def _preempt(self) -> None:
        """Another process runs, if one has something to do about now."""
        if len(self._running) >= DEEPEST or not self._queue:
            return
        at, _, attempt, event = self._queue[0]
        late = max(at, self.stage.clock.now) - self._started > SLOWEST
        if late or (isinstance(event, Count) and event.task.group in self._counting):
            return
        heapq.heappop(self._queue)
        self.stage.clock.reach(at)
        self._run(attempt, event)

    def _run(self, attempt: int, event: Event) -> None:
        stage = self.stage
        now, is_message = stage.clock.now, isinstance(event, Deliver | Count)
        fate, stage.random = stage.random, stage.fate_of(event.fate, attempt)
        stage.calm += (patient := attempt >= PATIENCE)
        self._running.append((now, event))
        outcome = "done"
        try:
            self._do(event, attempt, now)
            if is_message and not stage.calm and stage.random.random() < stage.weather.repeat:
                self._push(now + timedelta(seconds=30), attempt + 1, event)
        except FAULTS as fault:
            outcome = f"{type(fault).__name__} in {fault}"
            wait = timedelta(seconds=30 if is_message else stage.random.choice((1, 5)))
            self._push(stage.clock.now + wait, attempt + 1, event)
        except Exception as error:  # noqa: BLE001 - whatever it is, the story shows how it came
            outcome = repr(error)
            self.played.differs(told(event), "an answer", outcome)
        finally:
            self._running.pop()
            stage.calm -= patient
            stage.random = fate
        self.played.trace.append((now, attempt, event, outcome))
        self._push_recounts(0)

    def _do(self, event: Event, attempt: int, now: datetime) -> None:
        match event:
            case Said() if not isinstance(event, Hold):
                self._answers.to(event, now)
            case Deliver():
                self._record(event, now, repeated=attempt > 0)
            case Waive():
                self.waivers.append(event)
                add_waiver(self.stage.ports, event.law, waiver_of(event))
            case Turn():
                roll_over_days(self.stage.ports, now, every_account=event.every_account)
            case Count():
                self._count(event.task, now)
            case _:
                self._operate(event, now)

    def _operate(self, event: Event, now: datetime) -> None:
        """Do what an operator does by hand."""
        match event:
            case Hold():
                self._hold(event, now)
            case Restore():
                self._restore(event, now)
            case Erase():
                self._clear(event, now)
            case Forget():
                self._forget(event, now)

    def _hold(self, event: Hold, now: datetime) -> None:
        account, ports = self.accounts[event.account], self.stage.ports
        place_hold(ports, account, event.order, event.until, now, by="an operator")

    def _record(self, told: Deliver, now: datetime, *, repeated: bool) -> None:
        self.scans.update(told.scans)
        record_scans(self.stage.ports, map(scan_of, told.scans), now, repeated=repeated)
        self._answers.recorded.update(told.scans)

    def _count(self, task: Recount, now: datetime) -> None:
        """Recount; meanwhile the FIFO queue delivers no other message of the group."""
        self._counting.add(task.group)
        try:
            left = None
            if task.archive:
                archive_day(self.stage.ports, task.bucket, now)
            else:
                left = recount(self.stage.ports, task, now).postponed
        finally:
            self._counting.discard(task.group)
        if left:
            self._push(now + left, 0, Count(at=now + left, subject="recount", task=task))

    def _restore(self, event: Restore, now: datetime) -> None:
        """Restore a row that the next day rollover reads with a strongly consistent read."""
        account, today = self.accounts[event.account], now.date()
        buckets = [
            BucketKey(event.account, today + timedelta(days=ahead), shard)
            for ahead in range(3)
            for shard in range(account.shards)
        ]
        rows = [row for bucket in buckets for row in rows_of(self.stage.memory, bucket)]
        if rows:
            row = rows[event.fate % len(rows)]
            self.stage.packages.restore(replace(row, evidence=NO_EVIDENCE, parcel_version=0))
            self._drifted = True

    def _clear(self, event: Erase, now: datetime) -> None:
        length = self.log.length(event.key)
        try:
            clear_order(self.stage.ports, self.accounts[event.account], event.order, now)
        except OrderNotFoundError:
            if not self.log.was_unknown(event.key, length):
                self.played.differs(f"erasure of {event.subject}", "erased", "not found")
        else:
            at = self.stage.clock.now + WRITERS_END
            forget = Forget(at=at, subject=event.subject, account=event.account, order=event.order)
            self._push(at, 0, forget)

    def _forget(self, event: Forget, now: datetime) -> None:
        account, ports = self.accounts[event.account], self.stage.ports
        order = ports.orders.get(event.account, event.order, consistent=True)
        if order is not None and order.erasing_since is not None:
            forget_order(ports, account, order, now)
            ports.orders.delete(order)
        self._erasing_until[event.account, event.order] = self.stage.clock.now

    def erased(self) -> list[tuple[str, str]]:
        """The orders that were erased to the end, and that nobody has confirmed since."""
        ended = (key for key, until in self._erasing_until.items() if until is not None)
        return [key for key in ended if self.log.order(key) is None]

    def was_being_erased(self, key: tuple[str, str], since: datetime) -> bool:
        """Whether an order was being erased at some moment since."""
        until = self._erasing_until.get(key, datetime.min.replace(tzinfo=UTC))
        return until is None or until >= since

    def _wrote_order(self) -> None:
        """Log a written order, at the time when the process that writes it began."""
        now, event = self._running[-1]
        assert isinstance(event, Said | Erase)
        self.log.write(now, event)
        if isinstance(event, Erase):
            self._erasing_until[event.key] = None

    def _turns(self) -> Iterator[Turn]:
        """The schedule runs in each account's slice of the hour after its midnight."""
        for account in self.accounts.values():
            for ahead in range((self.story.ends.date() - self.story.begins).days + 1):
                yield self._turn(account, self.story.begins + timedelta(days=ahead))

    def _turn(self, account: Account, day: date) -> Turn:
        into = timedelta(minutes=account.rollover_slice(ROLLOVER_SLICES) * 60 / ROLLOVER_SLICES + 1)
        midnight = datetime.combine(day, time(0), LAWS[account.policy].time_zone)
        return Turn(at=midnight.astimezone(UTC) + into, subject="schedule")

    # --- what is compared

    def _settle(self) -> None:
        """Let everything that is under way come to its end, in fair weather."""
        self.stage.calm += 1
        rest = []
        while self._queue:
            entry = heapq.heappop(self._queue)
            at, _, attempt, event = entry
            if attempt or isinstance(event, Count):
                self.stage.clock.reach(at)
                self._run(attempt, event)
            else:
                rest.append(entry)
        self._queue = rest
        heapq.heapify(self._queue)
        self.stage.calm -= 1

    def _compare(self, *, all_of_it: bool) -> None:
        """Compare. What was cut off was retried, so all but why a package waits is right at once.

        Reasons are settled, and drift is repaired, at the day rollover.
        """
        oracle = self.oracle()
        self.stage.calm += 1
        if not self._drifted:
            compare_rates(self, oracle, "before the turn of the day", with_reasons=False)
        if all_of_it:
            roll_over_days(self.stage.ports, self.stage.clock.now, every_account=True)
            self._push_recounts(1)
            self._settle()
            self._drifted = False
        self.stage.calm -= 1
        if all_of_it:
            compare_all(self, oracle)
