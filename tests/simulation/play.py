"""Play a story on the stage with the real use cases, and compare what comes out with the oracle."""

import heapq
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simulation.laws import LAWS, laws_in_force
from simulation.oracle import Expected, Oracle, claim_of, read_orders, says_the_same
from simulation.stage import (
    CALM,
    CROWDED,
    ROUGH,
    WILD,
    CrashError,
    Stage,
    ThrottledError,
    TimedOutError,
    Weather,
)
from simulation.story import (
    Cancel,
    Confirm,
    Deliver,
    Event,
    Facts,
    Place,
    Reported,
    Story,
    Waive,
    story_of,
)
from vtr.domain.accounts import Account
from vtr.domain.errors import (
    CategoryFrozenError,
    ConflictError,
    DeliveredError,
    OrderNotFoundError,
    OrderUnknownError,
)
from vtr.domain.packages import Money, OrderFacts
from vtr.domain.policies import Waiver
from vtr.domain.rates import Rate
from vtr.domain.scans import Milestone, Physical, PhysicalBy, Scan, TimeTrust
from vtr.domain.submissions import Submission
from vtr.use_cases import submit
from vtr.use_cases.ports import Recount
from vtr.use_cases.read_packages import PackageFilter, list_packages
from vtr.use_cases.read_rates import read_history, read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import TURN_SLICES, recount, turn_days
from vtr.use_cases.waivers import add_waiver

WEATHERS = (CALM, CROWDED, ROUGH, WILD)
PATIENCE = 6
"""After so many failed attempts the weather clears, so that a story ends."""

SLOWEST = timedelta(seconds=8)
"""A process is never held up longer: the recount queue's delay outlasts its slot by ten."""

FAULTS = (CrashError, ThrottledError, TimedOutError, ConflictError)

KINDS = {
    "label": Milestone.LABEL_CREATED,
    "accepted": Milestone.ACCEPTED,
    "transit": Milestone.IN_TRANSIT,
    "delivered": Milestone.DELIVERED,
}


@dataclass(frozen=True)
class Turn(Event):
    """The schedule runs."""


@dataclass(frozen=True)
class Count(Event):
    """A recount is handed out."""

    task: Recount


@dataclass(frozen=True)
class Difference:
    what: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass
class Played:
    """How a story went."""

    story: Story
    events: int = 0
    differences: list[Difference] = field(default_factory=list)
    trace: list[tuple[datetime, int, Event, str]] = field(default_factory=list)

    def told(self) -> str:
        """Everything that happened but the recounts, and what came out wrong."""
        lines = [
            f"{at:%m-%d %H:%M:%S.%f} #{attempt} {_told(event)}: {outcome}"
            for at, attempt, event, outcome in self.trace
            if not isinstance(event, Count | Turn)
        ]
        return "\n".join((*lines, *map(str, self.differences)))


class Player:
    def __init__(self, story: Story, weather: Weather) -> None:
        self.story = story
        self.stage = Stage(story.seed, story.events[0].at if story.events else story.ends, weather)
        self.played = Played(story)
        self.queue: list[tuple[datetime, int, int, Event]] = []
        self.serial = 0
        self.depth = 0
        self.started: datetime = self.stage.clock.now
        self.running: list[tuple[datetime, Event]] = []
        self.accepted: list[tuple[datetime, Event]] = []
        self.busy: set[str] = set()
        self.scans: set[Reported] = set()
        self.recorded: list[tuple[datetime, Deliver]] = []
        self.waivers: list[Waive] = []
        self.accounts = {
            name: Account(id=name, policy=law, cursor_secret=b"s", shards=1 + story.seed % 2)
            for name, law in story.accounts.items()
        }
        for account in self.accounts.values():
            self.stage.memory.accounts.add(account)
        self.stage.preempt = self._preempt
        self.stage.wrote_order = self._wrote_order

    def play(self) -> Played:
        for event in [*self.story.events, *self._turns()]:
            self._push(event.at, 0, event)
        third = (self.story.ends - self.stage.clock.now) / 3
        checks = [self.story.ends - 2 * third, self.story.ends - third, self.story.ends]
        for moment in checks:
            while self.queue and self.queue[0][0] <= moment:
                self._run_next()
            self._settle()
            self.stage.clock.reach(moment)
            self._compare()
            if self.played.differences:
                break
        return self.played

    # --- what runs

    def _push(self, at: datetime, attempt: int, event: Event) -> None:
        self.serial += 1
        heapq.heappush(self.queue, (at, self.serial, attempt, event))

    def _run_next(self) -> None:
        at, _, attempt, event = heapq.heappop(self.queue)
        self.stage.clock.reach(at)
        self.started = self.stage.clock.now
        self._run(attempt, event)

    def _preempt(self) -> None:
        """Another process runs, if one has something to do about now."""
        if self.depth >= 3 or not self.queue:
            return
        at, _, attempt, event = self.queue[0]
        late = max(at, self.stage.clock.now) - self.started > SLOWEST
        if late or (isinstance(event, Count) and event.task.bucket.account in self.busy):
            return
        heapq.heappop(self.queue)
        self.stage.clock.reach(at)
        self._run(attempt, event)

    def _run(self, attempt: int, event: Event) -> None:
        now = self.stage.clock.now
        outcome = "done"
        fate, self.stage.random = self.stage.random, self.stage.fate_of(event, attempt)
        self.depth += 1
        self.running.append((now, event))
        self.played.events += 1
        patient = attempt >= PATIENCE
        self.stage.calm += patient
        account = event.task.bucket.account if isinstance(event, Count) else ""
        self.busy.add(account)
        try:
            self._do(event, attempt, now)
            repeats = isinstance(event, Deliver | Count) and not self.stage.calm
            if repeats and self.stage.random.random() < self.stage.weather.repeat:
                self._push(now + timedelta(seconds=30), attempt + 1, event)
        except FAULTS as fault:
            outcome = f"{type(fault).__name__} in {fault}"
            wait = 30 if isinstance(event, Deliver | Count) else self.stage.random.choice((1, 5))
            self._push(self.stage.clock.now + timedelta(seconds=wait), attempt + 1, event)
        finally:
            self.busy.discard(account)
            self.stage.calm -= patient
            self.running.pop()
            self.depth -= 1
            self.stage.random = fate
        self.played.trace.append((now, attempt, event, outcome))
        for at, task in self._take_recounts():
            self._push(at, 0, Count(at=at, subject="recount", task=task))

    def _take_recounts(self) -> list[tuple[datetime, Recount]]:
        waiting, self.stage.recounts.waiting = self.stage.recounts.waiting, []
        return waiting

    def _do(self, event: Event, attempt: int, now: datetime) -> None:
        ports = self.stage.ports
        match event:
            case Confirm():
                self._confirm(event, now)
            case Place():
                self._expect_frozen(event, now)
            case Cancel():
                account = self.accounts[event.account]
                with suppress(OrderNotFoundError):
                    submit.cancel_order(ports, account, event.order, event.at, now)
            case Deliver():
                self.scans.update(event.scans)
                scans = [_scan(one) for one in event.scans]
                record_scans(ports, scans, now, repeated=attempt > 0)
                self.recorded.append((self.stage.clock.now, event))
            case Waive():
                self.waivers.append(event)
                waiver = Waiver(
                    name=event.name,
                    first_day=event.first,
                    last_day=event.last,
                    carriers=event.carriers,
                )
                add_waiver(ports, event.law, waiver)
            case Turn():
                turn_days(ports, now)
            case Count():
                recount(ports, event.task, now)

    def _confirm(self, event: Confirm, now: datetime) -> None:
        account = self.accounts[event.account]
        log_before = len(self.accepted)
        submission = Submission(
            order_id=event.order,
            package_id=event.package,
            carrier=event.label.carrier_typed,
            tracking_number=event.label.number_typed,
            ship_date=event.ship,
            method_class=event.method,
            facts=_facts(event.facts) if event.facts else None,
            confirmed_at=event.stated_at,
        )
        try:
            submit.confirm_package(self.stage.ports, account, submission, now)
        except (OrderUnknownError, CategoryFrozenError):
            return
        except DeliveredError:
            self._check_refusal(event, now)
            return
        self._check_acceptance(event, log_before)

    def _expect_frozen(self, event: Place, now: datetime) -> None:
        account = self.accounts[event.account]
        try:
            submit.place_order(self.stage.ports, account, event.order, _facts(event.facts), now)
        except CategoryFrozenError:
            key = event.account, event.order
            known = read_orders(self.accepted).get(key)
            if known is None or known.facts.category == event.facts.category:
                self._differs(f"refusal of {_told(event)}", "no refusal", "category frozen")

    def _wrote_order(self) -> None:
        """An order was written: for whatever runs now, which was told its time when it began."""
        self.accepted.append(self.running[-1])

    # --- what is compared while it runs

    def _check_acceptance(self, event: Confirm, log_before: int) -> None:
        """What was answered as accepted was written, or held already at some moment of the call."""
        if any(logged is event for _, logged in self.accepted[log_before:]):
            return
        key = event.account, event.order
        for end in range(log_before, len(self.accepted) + 1):
            order = read_orders(self.accepted[:end]).get(key)
            said = order.packages.get(event.package) if order else None
            if said and (event.stated_at or says_the_same(said[-1].said, event)):
                return
        self._differs(f"acceptance of {_told(event)}", "written, or said before", "neither")

    def _check_refusal(self, event: Confirm, now: datetime) -> None:
        """An edit is refused only where the carrier had delivered."""
        oracle = self._oracle()
        order = oracle.orders[event.account, event.order]
        claim = claim_of(order, event.package)
        if not oracle.delivered_before(claim, event.stated_at or now):
            self._differs(f"refusal of {_told(event)}", "accepted", "delivered")

    # --- what is compared at the end

    def _settle(self) -> None:
        """Let everything that is under way come to its end, in fair weather."""
        self.stage.calm += 1
        rest = []
        while self.queue:
            entry = heapq.heappop(self.queue)
            at, _, attempt, event = entry
            if attempt or isinstance(event, Count):
                self.stage.clock.reach(at)
                self._run(attempt, event)
            else:
                rest.append(entry)
        for entry in rest:
            heapq.heappush(self.queue, entry)
        self.stage.calm -= 1

    def _oracle(self) -> Oracle:
        return Oracle(self.story, self.accepted, self.scans, self.waivers)

    def _compare(self) -> None:
        self.stage.calm += 1
        oracle = self._oracle()
        if not self.stage.weather.cuts_off:
            self._compare_rates(oracle, "before the turn of the day", with_reasons=False)
        turn_days(self.stage.ports, self.stage.clock.now, every_account=True)
        for at, task in self._take_recounts():
            self._push(at, 1, Count(at=at, subject="recount", task=task))
        self._settle()
        self._compare_lists(oracle)
        self._compare_rates(oracle, "after the turn of the day", with_reasons=True)
        self._compare_history(oracle)
        self.stage.calm -= 1

    def _compare_rates(self, oracle: Oracle, when: str, *, with_reasons: bool) -> None:
        now = self.stage.clock.now
        for name, account in self.accounts.items():
            rate = read_rate(self.stage.ports, account, now)
            expected = oracle.counts(name, now)
            self._compare_counts(
                f"rate of {name} {when}", expected, rate, with_reasons=with_reasons
            )

    def _compare_history(self, oracle: Oracle) -> None:
        now = self.stage.clock.now
        for name, account in self.accounts.items():
            for past in read_history(self.stage.ports, account, 3, now):
                expected = oracle.counts(name, now, today=past.day)
                self._compare_counts(
                    f"rate of {name} on {past.day}", expected, past.rate, with_reasons=True
                )

    def _compare_counts(
        self, what: str, expected: dict[str, Counter[str]], rate: Rate, *, with_reasons: bool
    ) -> None:
        wanted = {
            category: {
                name: n for name, n in tally.items() if n and (with_reasons or name.islower())
            }
            for category, tally in expected.items()
        }
        found = {}
        for category, tally in rate.categories.items():
            counted = {str(state): n for state, n in tally.states.items() if n}
            if with_reasons:
                counted |= {str(reason): n for reason, n in tally.reasons.items() if n}
            if counted:
                found[category] = counted
        if wanted != found:
            self._differs(what, wanted, found)

    def _compare_lists(self, oracle: Oracle) -> None:
        """Every package is listed once, on its day, with its reason."""
        now = self.stage.clock.now
        expected = oracle.packages(now)
        found: dict[tuple[str, str, str], Expected] = {}
        for name, account in self.accounts.items():
            for day, package in self._listed(account, now):
                claim, verdict = package.confirmation, package.verdict
                key = name, claim.order_id, claim.package_id
                if key in found:
                    self._differs(f"package {key}", "listed once", f"twice, {day} too")
                found[key] = Expected(day, claim.category, str(verdict.state), str(verdict.reason))
        for key in sorted(expected.keys() | found.keys()):
            if expected.get(key) != found.get(key):
                self._differs(f"package {'/'.join(key)}", expected.get(key), found.get(key))

    def _listed(self, account: Account, now: datetime) -> Iterator[tuple[Any, Any]]:
        first = self.story.begins - timedelta(days=3)
        for ahead in range(20):
            day = first + timedelta(days=ahead)
            wanted, after = PackageFilter(first_day=day, last_day=day), None
            while True:
                page = list_packages(self.stage.ports, account, wanted, now, after=after, limit=3)
                yield from ((day, package) for package in page.packages)
                after = page.after
                if after is None:
                    break

    def _differs(self, what: str, expected: Any, found: Any) -> None:
        self.played.differences.append(Difference(what, expected, found))

    def _turns(self) -> Iterator[Turn]:
        """The schedule runs in each account's slice of the hour after its midnight."""
        for account in self.accounts.values():
            zone = ZoneInfo(LAWS[account.policy].zone)
            into = timedelta(minutes=account.turn_slice(TURN_SLICES) * 60 / TURN_SLICES + 1)
            for ahead in range(0, 16, 3):
                day = self.story.begins + timedelta(days=ahead)
                at = datetime.combine(day, time(0), zone).astimezone(self.story.ends.tzinfo) + into
                yield Turn(at=at, subject="schedule")


def play(seed: int, weather: Weather | None = None, story: Story | None = None) -> Played:
    story = story or story_of(seed)
    with laws_in_force(story.begins):
        return Player(story, weather or WEATHERS[seed % len(WEATHERS)]).play()


def shortest(seed: int, weather: Weather | None = None) -> Played:
    """The failing story with all left out that it fails without: whole subjects, then events."""
    failed = play(seed, weather)
    for subject in failed.story.subjects:
        failed = _still_failing(failed, failed.story.without_subject(subject), weather)
    for event in failed.story.events:
        failed = _still_failing(failed, failed.story.without_event(event), weather)
    return failed


def _still_failing(failed: Played, less: Story, weather: Weather | None) -> Played:
    played = play(failed.story.seed, weather, less)
    return played if played.differences else failed


def _facts(facts: Facts) -> OrderFacts:
    return OrderFacts(
        placed_at=facts.placed_at,
        category=facts.category,
        promised_delivery_date=facts.promised,
        value=None if facts.value is None else Money(facts.value, "USD"),
    )


def _scan(told: Reported) -> Scan:
    return Scan(
        carrier=told.carrier,
        tracking_number=told.number,
        codes=(told.kind,),
        milestone=KINDS[told.kind],
        physical=Physical(told.physical),
        occurred_at=told.occurred_at,
        event_key=repr(told),
        source="simulated",
        physical_by=PhysicalBy.PARTNER if told.partner else PhysicalBy.CARRIER,
        time_trust=TimeTrust(told.trust),
        unique_id=told.unique_id,
        test=told.test,
    )


def _told(event: Event) -> str:
    match event:
        case Confirm():
            stated = f" as of {event.stated_at:%m-%d %H:%M:%S}" if event.stated_at else ""
            label = f"{event.label.carrier_typed} {event.label.number_typed}"
            return f"{event.subject}/{event.package} is {label}, {event.ship}{stated}"
        case Place():
            return f"{event.subject} placed {event.facts.placed_at:%m-%d %H:%M}, {event.facts}"
        case Deliver():
            told = ", ".join(
                f"{s.kind} {s.physical} {s.occurred_at:%m-%d %H:%M:%S}" for s in event.scans
            )
            return f"{event.subject} scanned: {told}"
        case Count():
            bucket = event.task.bucket
            return f"recount {bucket.account} {bucket.day} {bucket.shard}"
        case _:
            return f"{type(event).__name__} {event.subject}"
