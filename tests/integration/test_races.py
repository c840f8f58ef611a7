"""Writers at the same time, on a line to AWS that refuses, cuts off and answers in part.

Stories are played twice: in calm, one thing after the other, and in a crowd, where every order has
a seller of its own, carriers deliver everything twice and in any order, and all retry what failed,
as queues and senders do. Both must come to the same. ``tests/support/faulty_client.py`` is the
line; ``test_faults.py`` has each of its faults by itself.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from random import Random
from typing import Any, TypeVar

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from contract.worlds import SLOT, AwsWorld
from integration.races import FIRST_DAY, LAST_DAY, NOW, fresh_world, numbers_shared
from support.builders import (
    PLACED,
    SHIP_DAY,
    a_delivery,
    a_label,
    a_scan,
    a_submission,
    after_order,
    some_facts,
)
from support.faulty_client import Fault, FaultyLine, faulty_line
from vtr.adapters.sqs import QueueError
from vtr.domain.accounts import Account
from vtr.domain.errors import ConflictError, ThrottledError
from vtr.domain.packages import BucketKey
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Sharing
from vtr.domain.rates import DayCounts
from vtr.domain.scans import Scan
from vtr.domain.submissions import Submission
from vtr.domain.verdict import AWAITING, JudgedPackage
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases import judge
from vtr.use_cases.policy_in_force import scans_needed
from vtr.use_cases.read_packages import PackageFilter, list_packages, read_order
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount, rows_of
from vtr.use_cases.submit import cancel_order, confirm_package, place_order
from vtr_demo.labels import ups

T = TypeVar("T")

SEEDS = range(4)
ORDERS, NUMBERS, CARRIERS = 4, 6, 2
LONGEST_PAUSE_SECONDS = 0.1
ROUGH = {
    Fault.THROTTLED: 0.03,
    Fault.FAILED: 0.02,
    Fault.LOST: 0.06,
    Fault.CUT_OFF: 0.03,
    Fault.PARTIAL: 0.3,
    Fault.CROSSED: 0.1,
    Fault.SHORT: 0.2,
}
REFUSALS = (
    *(BotoCoreError, ClientError, PynamoDBException, QueueError),
    *(ConflictError, ThrottledError),
)
"""Errors after which a caller retries."""

EARLY = after_order(days=3)
"""When no package is due yet."""

Step = Callable[[Ports, Account], object]


# --- stories


@dataclass(frozen=True)
class Story:
    """What the sellers do, in turn for each order, and what the carriers deliver.

    The ``late`` deliveries are about parcels without any scan until all is confirmed.
    """

    now: datetime
    sellers: Sequence[Sequence[Step]]
    deliveries: Sequence[Sequence[Scan]]
    late: Sequence[Sequence[Scan]]


class Teller:
    """Makes a story up from a seed.

    In half of them sellers state the moments, all before any delivery. In the others what they say
    counts from now, and nothing is delivered: whether an edit is refused must not hang on who
    comes first.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a story is the same every time
        self.stated = seed % 2 == 0
        self.now = EARLY if seed % 4 else NOW
        self.numbers = [ups(package).number for package in range(NUMBERS)]

    def story(self) -> Story:
        sellers = [list(self.steps(f"111-{number:07}")) for number in range(ORDERS)]
        late = NUMBERS // 2
        return Story(
            now=self.now,
            sellers=sellers,
            deliveries=list(self.deliveries(self.numbers[late:])),
            late=list(self.deliveries(self.numbers[:late])),
        )

    def steps(self, order_id: str) -> Iterator[Step]:
        at = after_order(hours=24)
        for turn in range(self.random.randrange(2, 6)):
            at += timedelta(minutes=self.random.randrange(1, 300), seconds=int(order_id[-2:]))
            yield self.step(order_id, at, first=turn == 0)

    def step(self, order_id: str, at: datetime, *, first: bool) -> Step:
        now = self.now if self.stated else self.now + (at - PLACED) / 1000
        chance = self.random.random()
        if chance < 0.15 and not first:
            return partial(_cancel, order_id, at, now)
        if chance < 0.3 and not first:
            promised = SHIP_DAY + timedelta(days=self.random.randrange(3, 6))
            return partial(_place, order_id, promised, now)
        submission = a_submission(
            order_id=order_id,
            package_id=self.random.choice("112"),
            tracking_number=self.random.choice(self.numbers),
            ship_date=SHIP_DAY + timedelta(days=self.random.randrange(3)),
            confirmed_at=at if self.stated else None,
        )
        return partial(_confirm, submission, now)

    def deliveries(self, numbers: Sequence[str]) -> Iterator[list[Scan]]:
        scans = [scan for number in numbers for scan in self.journey(number)]
        self.random.shuffle(scans)
        while scans:
            count = self.random.choice((1, 1, 1, 2))
            yield scans[:count]
            scans = scans[count:]

    def journey(self, number: str) -> Iterator[Scan]:
        ends = self.now - timedelta(hours=6)
        yield a_label(after_order(hours=20), number=number)
        for _ in range(self.random.randrange(4)):
            at = after_order(hours=30) + self.random.random() * (ends - after_order(hours=30))
            yield a_scan(at=at, number=number)
        if self.stated and self.random.random() < 2 / 3:
            yield a_delivery(ends + timedelta(hours=self.random.random()), number=number)


def _confirm(submission: Submission, now: datetime, ports: Ports, account: Account) -> object:
    return confirm_package(ports, account, submission, now)


def _cancel(order_id: str, at: datetime, now: datetime, ports: Ports, account: Account) -> object:
    return cancel_order(ports, account, order_id, at, now)


def _place(order_id: str, promised: date, now: datetime, ports: Ports, account: Account) -> object:
    facts = some_facts(promised_delivery_date=promised)
    return place_order(ports, account, order_id, facts, now)


# --- who acts


def until_done(act: Callable[[bool], T]) -> T:
    """Retry, as queues and senders do; *act* gets whether it was tried before."""
    for attempt in range(100):
        try:
            return act(attempt > 0)
        except REFUSALS:
            continue
    raise AssertionError("refused a hundred times")


def in_calm(world: AwsWorld, account: Account, story: Story) -> None:
    world.now = story.now
    for steps in story.sellers:
        for step in steps:
            step(world.ports, account)
    for scans in (*story.deliveries, *story.late):
        record_scans(world.ports, scans, story.now)
    while asked := world.asked_recounts():
        world.now += SLOT
        for task in asked:
            recount(world.ports, task, world.now)


class Crowd:
    """Every seller and carrier in a thread and an environment of their own."""

    def __init__(self, world: AwsWorld, account: Account, story: Story, seed: int) -> None:
        self.world = world
        self.account = account
        self.story = story
        self.random = Random(seed)  # noqa: S311 - as above
        self.waiting: deque[Sequence[Scan]] = deque()

    def work(self, line: FaultyLine) -> None:
        """Sellers and carriers at once; then the carriers again, with what is late."""
        line.cross = partial(self._deliver_one, self.world.ports)
        sellers = [partial(self._sell, steps=steps) for steps in self.story.sellers]
        carriers = [self._deliver] * CARRIERS
        self._take_in(self.story.deliveries)
        self._at_once([*sellers, *carriers])
        self._take_in(self.story.late)
        self._at_once(carriers)

    def recount(self, tasks: Sequence[Recount]) -> None:
        """Count side by side what is not in one group, and all of it twice, as a queue may."""
        ordered = sorted(tasks, key=lambda task: task.group)
        groups = [list(found) for _, found in groupby(ordered, key=lambda task: task.group)]
        self._at_once([partial(self._count, tasks=group) for group in [*groups, *groups]])

    def _take_in(self, deliveries: Sequence[Sequence[Scan]]) -> None:
        twice = [*deliveries, *deliveries]
        self.waiting.extend(self.random.sample(twice, len(twice)))

    def _at_once(self, jobs: Sequence[Callable[[Ports], None]]) -> None:
        environments = [self.world.another_environment() for _ in jobs]
        with ThreadPoolExecutor(len(jobs), thread_name_prefix="crowd") as threads:
            for _ in threads.map(lambda job, ports: job(ports), jobs, environments):
                pass

    def _sell(self, ports: Ports, steps: Sequence[Step]) -> None:
        for step in steps:
            until_done(lambda _, step=step: step(ports, self.account))  # type: ignore[misc]

    def _deliver(self, ports: Ports) -> None:
        """Deliver a little later than could be, so that there are claims to be met."""
        while self._deliver_one(ports):
            time.sleep(self.random.random() * LONGEST_PAUSE_SECONDS)

    def _deliver_one(self, ports: Ports) -> bool:
        """Record the next delivery; False where none is left."""
        try:
            scans = self.waiting.popleft()
        except IndexError:
            return False
        now = self.story.now
        until_done(lambda repeated: record_scans(ports, scans, now, repeated=repeated))
        return True

    def _count(self, ports: Ports, tasks: Sequence[Recount]) -> None:
        for task in tasks:
            until_done(lambda _, task=task: recount(ports, task, self.world.now))  # type: ignore[misc]


def in_a_crowd(world: AwsWorld, account: Account, story: Story, seed: int) -> set[Fault]:
    """Play the story in a crowd; return what went wrong meanwhile."""
    world.now = story.now
    crowd = Crowd(world, account, story, seed)
    with faulty_line(seed, ROUGH) as line:
        crowd.work(line)
    happened = set(line.happened)
    while asked := world.asked_recounts():
        world.now += SLOT
        with faulty_line(seed, ROUGH) as line:
            crowd.recount(asked)
    return happened


def outcome(world: AwsWorld, account: Account, story: Story) -> dict[str, Any]:
    """All that sellers are shown, and what it is made of, but for the number of writes it took."""
    ports, now = world.ports, story.now + timedelta(days=1)
    wanted = PackageFilter(first_day=FIRST_DAY, last_day=LAST_DAY)
    listed = list_packages(ports, account, wanted, now, limit=1000).packages
    ids = sorted({package.confirmation.order_id for package in listed})
    days = [FIRST_DAY + timedelta(days=ahead) for ahead in range(31)]
    rows = [row for day in days for row in rows_of(ports, BucketKey(account.id, day))]
    keys = {key for package in listed if (key := package.confirmation.parcel)}
    return {
        "listed": {package.confirmation.key: _shown(package) for package in listed},
        "read": {
            (order_id, package_id): _shown(package)
            for order_id in ids
            for package_id, package in read_order(ports, account, order_id, now)[1].items()
        },
        "rate": read_rate(ports, account, now),
        "counted": {
            bucket: _counted(counts)
            for bucket, counts in ports.rates.buckets(account.id, FIRST_DAY, LAST_DAY).items()
        },
        "rows": {row.key: _shown(judge.judged(ports, row, now)) for row in rows},
        "parcels": {key: _held(ports.parcels.get(key)) for key in keys},
    }


def _shown(package: JudgedPackage) -> object:
    return replace(package.confirmation, revision=0), package.verdict.counted_as


def _counted(counts: DayCounts) -> object:
    """Counts as they are shown: why a scan is awaited counts once it is due, not before."""
    shown: Counter[object] = Counter()
    for category, reasons in counts.items():
        for reason, number in reasons.items():
            shown[category, AWAITING if reason in AWAITING else reason] += number
    return shown


def _held(parcel: Parcel) -> object:
    claims = {key: replace(claim, revision=0) for key, claim in parcel.claims.items()}
    return claims, parcel.evidence.material(scans_needed())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crowd_on_a_bad_line_comes_to_what_one_after_the_other_does(seed: int) -> None:
    story = Teller(seed).story()
    with numbers_shared(Sharing.FORBIDDEN if seed % 4 in {2, 3} else Sharing.ALLOWED):
        with fresh_world() as (world, account):
            in_calm(world, account, story)
            calm = outcome(world, account, story)
        with fresh_world() as (world, account):
            happened = in_a_crowd(world, account, story, seed)
            assert outcome(world, account, story) == calm
    # Queries are few in a story, so that none of its pages may have been cut short.
    assert happened | {Fault.SHORT} == set(Fault)
