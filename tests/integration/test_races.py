"""Writers at the same time, on a line to AWS that refuses, cuts off and answers in part.

Stories are told twice: in calm, one thing after the other, and in a crowd, where every order has a
seller of its own, carriers deliver everything twice and in any order, and whoever failed tries
again, as queues and senders do. Both must come to the same. Below that each fault has its test, and
each test is shown to bite. ``tests/support/faulty_client.py`` is the line.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from random import Random
from typing import Any, TypeVar

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from contract.worlds import SLOT, AwsWorld
from integration.deployment import Deployment
from integration.problems import assert_problem
from integration.requests import a_package
from simulation.mutations import (
    Mutation,
    a_claim_does_not_read_the_evidence,
    scans_do_not_read_the_claims,
)
from support.aws import aws_account
from support.builders import (
    PLACED,
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_delivery,
    a_label,
    a_scan,
    a_submission,
    after_order,
    some_facts,
)
from support.faulty_client import Fault, FaultyLine, faulty_line
from vtr.adapters import orders, parcels, queues, versions
from vtr.adapters.queues import QueueError
from vtr.adapters.tables import TABLES, OrderItem, PackageItem, ParcelItem, RateItem
from vtr.domain.accounts import Account
from vtr.domain.errors import ConflictError
from vtr.domain.packages import BucketKey, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Policy, Sharing, policy
from vtr.domain.rates import DayCounts
from vtr.domain.scans import Scan
from vtr.domain.submissions import Submission
from vtr.domain.verdict import AWAITING, JudgedPackage, Reason
from vtr.messages import DeliveryMessage, read_message
from vtr.use_cases import judge, rules
from vtr.use_cases.keys import open_account
from vtr.use_cases.ports import Ports, Recount
from vtr.use_cases.read_packages import PackageFilter, list_packages, read_order, read_package
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount, rows_of
from vtr.use_cases.rules import scans_needed
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
}
REFUSALS = (BotoCoreError, ClientError, PynamoDBException, QueueError, ConflictError)
"""What a caller answers with another attempt."""

NOW, EARLY = after_order(days=10), after_order(days=3)
"""When everything is told: every package is due, or none is yet."""

FIRST_DAY, LAST_DAY = date(2026, 3, 1), date(2026, 3, 31)

PACKAGE = "/v1/orders/114-1/packages/1"
JSON = {"content-type": "application/json"}

Step = Callable[[Ports, Account], object]


# --- stories


@dataclass(frozen=True)
class Story:
    """What the sellers do, in turn for each order, and what the carriers deliver.

    The ``late`` deliveries are about parcels of which nothing is heard until all is confirmed.
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


@contextmanager
def numbers_shared(sharing: Sharing) -> Iterator[None]:
    """Amazon's rules, but for who may name a number that another order has named."""

    def lookup(policy_id: str, on: date) -> Policy:
        return replace(policy(policy_id, on), sharing=sharing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "policy", lookup)
        rules.rules_of.cache_clear()
        try:
            yield
        finally:
            rules.rules_of.cache_clear()


# --- who acts


@contextmanager
def fresh_world() -> Iterator[tuple[AwsWorld, Account]]:
    with aws_account() as aws:
        world = AwsWorld(aws)
        world.now = NOW
        yield world, open_account(world.ports, "acme", "amazon-us")


def until_done(act: Callable[[bool], T]) -> T:
    """Try again, as queues and senders do; what is done is told whether it was tried before."""
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
    """Answers what went wrong while it was played."""
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
    assert happened == set(Fault)


# --- each fault by itself


@dataclass
class Race:
    """A world with one account, on a line on which what is planned goes wrong."""

    world: AwsWorld
    account: Account
    line: FaultyLine

    @property
    def ports(self) -> Ports:
        return self.world.ports

    def plan(self, operation: str, about: str, *happens: Fault | Callable[[], object]) -> None:
        """Have these befall the next such requests on a table or queue."""
        for each in happens:
            self.line.plan(operation, named(about), each)

    def confirm(self, **changes: Any) -> JudgedPackage:
        submitted = confirm_package(self.ports, self.account, a_submission(**changes), NOW)
        (package,) = submitted.packages.values()
        return package

    def scan(self, *scans: Scan, repeated: bool = False) -> None:
        record_scans(self.ports, scans, NOW, repeated=repeated)

    def package(self, order_id: str = "111-0000001") -> JudgedPackage:
        return read_package(self.ports, self.account, order_id, "1", NOW)[1]

    def history(self, order_id: str = "111-0000001") -> list[str]:
        order, _ = read_order(self.ports, self.account, order_id, NOW)
        return [said.tracking_number for said in order.package("1").history]

    def rows(self, day: date = SHIP_DAY) -> dict[str, Reason]:
        """How each order's package is counted on a day."""
        rows = rows_of(self.ports, BucketKey(self.account.id, day))
        judged = ((row, judge.judged(self.ports, row, NOW)) for row in rows)
        return {row.key.order_id: package.verdict.reason for row, package in judged}

    def counted(self, day: date = SHIP_DAY) -> dict[Reason, int]:
        known = self.ports.rates.bucket(BucketKey(self.account.id, day))
        assert known is not None
        return dict(known.counts["Toys"])

    def asked(self) -> list[date]:
        return [task.bucket.day for task in self.world.asked_recounts()]


def named(about: str) -> str:
    """What a table or queue is called."""
    table: Any = TABLES.get(about)
    return str(table.Meta.table_name) if table else about


@pytest.fixture
def race() -> Iterator[Race]:
    with fresh_world() as (world, account), faulty_line() as line:
        yield Race(world, account, line)
        assert line.is_as_planned


@pytest.mark.parametrize("table", ["orders", "parcels", "packages"])
def test_a_submission_that_took_effect_unanswered_is_recorded_once(race: Race, table: str) -> None:
    race.scan(a_scan())
    race.plan("PutItem", table, Fault.LOST)
    assert race.confirm().verdict.reason is Reason.VALID
    assert race.history() == [UPS_NUMBER]
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


@pytest.mark.parametrize("table", ["orders", "parcels", "packages"])
def test_an_edit_that_took_effect_unanswered_is_recorded_once(race: Race, table: str) -> None:
    race.scan(a_scan(number=UPS_NUMBER_2))
    race.confirm()
    race.plan("PutItem", table, Fault.LOST)
    later = SHIP_DAY + timedelta(days=1)
    edited = race.confirm(tracking_number=UPS_NUMBER_2, ship_date=later)
    assert edited.verdict.reason is Reason.VALID
    assert race.history() == [UPS_NUMBER, UPS_NUMBER_2]
    assert (race.rows(), race.rows(later)) == ({}, {"111-0000001": Reason.VALID})
    assert race.asked() == [SHIP_DAY, later]


def test_a_cancellation_that_took_effect_unanswered_is_none_of_anothers(race: Race) -> None:
    race.confirm()
    race.plan("PutItem", "orders", Fault.LOST)
    order = cancel_order(race.ports, race.account, "111-0000001", NOW, NOW).order
    assert (order.cancelled_at, order.version) == (NOW, 2)
    assert race.package().confirmation.cancelled_at == NOW


def test_a_scan_that_took_effect_unanswered_reaches_its_packages(race: Race) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("PutItem", "parcels", Fault.LOST)
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


def test_a_scan_that_took_effect_unanswered_and_was_written_over_reaches_its_packages(
    race: Race,
) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("PutItem", "parcels", Fault.LOST, lambda: race.scan(a_label()))
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


def test_a_claim_withdrawn_unanswered_gives_the_number_to_the_next_order(race: Race) -> None:
    with numbers_shared(Sharing.FORBIDDEN):
        race.scan(a_scan())
        race.confirm(confirmed_at=after_order(hours=24))
        race.confirm(order_id="111-0000002", confirmed_at=after_order(hours=25))
        assert race.rows()["111-0000002"] is not Reason.VALID
        race.plan("PutItem", "parcels", lambda: None, Fault.LOST)
        race.confirm(tracking_number=UPS_NUMBER_2, confirmed_at=after_order(hours=26))
        assert race.rows()["111-0000002"] is Reason.VALID


def test_a_write_that_nobody_answers_fails_and_is_done_by_trying_again(race: Race) -> None:
    race.plan("PutItem", "parcels", Fault.CUT_OFF)
    with pytest.raises(PynamoDBException):
        race.confirm()
    race.confirm()
    assert race.history() == [UPS_NUMBER]
    race.plan("PutItem", "parcels", Fault.CUT_OFF)
    with pytest.raises(PynamoDBException):
        race.scan(a_scan())
    race.scan(a_scan(), repeated=True)
    assert race.rows() == {"111-0000001": Reason.VALID}
    assert race.asked() == [SHIP_DAY]


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.FAILED])
def test_what_is_refused_for_a_moment_is_sent_again_by_the_client(race: Race, fault: Fault) -> None:
    race.plan("PutItem", "orders", fault, fault)
    race.plan("GetItem", "parcels", fault)
    race.plan("SendMessageBatch", "RecountsQueue.fifo", fault)
    race.confirm()
    assert (race.history(), race.asked()) == ([UPS_NUMBER], [SHIP_DAY])


def test_no_row_is_lost_where_batches_are_read_in_part(race: Race) -> None:
    numbers = [ups(package).number for package in range(12)]
    for number in numbers:
        race.confirm(order_id=f"111-{number}", tracking_number=number)
        race.scan(a_scan(number=number))
    race.plan("BatchGetItem", "parcels", Fault.PARTIAL, Fault.PARTIAL)
    wanted = PackageFilter(first_day=FIRST_DAY, last_day=LAST_DAY)
    listed = list_packages(race.ports, race.account, wanted, NOW).packages
    assert [package.confirmation.tracking_number for package in listed] == sorted(numbers)
    assert {package.verdict.reason for package in listed} == {Reason.VALID}


def test_no_recount_is_lost_where_a_batch_is_queued_in_part(race: Race) -> None:
    days = [SHIP_DAY + timedelta(days=ahead) for ahead in range(23)]
    tasks = [Recount(BucketKey(race.account.id, each)) for each in days]
    race.plan("SendMessageBatch", "RecountsQueue.fifo", lambda: None, Fault.PARTIAL)
    with pytest.raises(QueueError):
        race.ports.recounts.send(tasks)
    race.ports.recounts.send(tasks)
    assert sorted(race.asked()) == days


def test_no_part_of_a_delivery_is_lost_where_a_batch_is_queued_in_part(race: Race) -> None:
    send = partial(race.ports.deliveries.send, "standard", b"{}", "e3b0c442", NOW, parts=13)
    race.plan("SendMessageBatch", "ScansQueue", Fault.PARTIAL)
    with pytest.raises(QueueError):
        send()
    send()
    taken = race.world.aws.take("ScansQueue")
    parts = {read_message(message["Body"], DeliveryMessage).part for message in taken}
    assert parts == set(range(13))


def test_a_scan_whose_recount_was_not_queued_is_counted_when_it_is_handed_out_again(
    race: Race,
) -> None:
    race.confirm()
    race.asked()
    race.world.now += SLOT
    race.plan("SendMessageBatch", "RecountsQueue.fifo", Fault.PARTIAL)
    with pytest.raises(QueueError):
        race.scan(a_scan())
    race.scan(a_scan(), repeated=True)
    assert race.asked() == [SHIP_DAY]


def both_ended_up_in(race: Race) -> None:
    parcel = race.ports.parcels.get(ParcelKey("ups", UPS_NUMBER))
    assert [key.order_id for key in parcel.claims] == ["111-0000001"]
    assert parcel.evidence.periods
    assert race.rows() == {"111-0000001": Reason.VALID}


def test_a_scan_that_comes_while_its_parcel_is_claimed_is_not_written_over(race: Race) -> None:
    race.plan("PutItem", "parcels", lambda: race.scan(a_scan()))
    assert race.confirm().verdict.reason is Reason.VALID
    both_ended_up_in(race)


def test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over(race: Race) -> None:
    race.plan("PutItem", "parcels", race.confirm)
    race.scan(a_scan())
    both_ended_up_in(race)


def test_a_row_that_a_late_writer_brings_does_not_replace_a_later_one(race: Race) -> None:
    race.plan("PutItem", "packages", lambda: race.scan(a_scan()))
    race.confirm()
    both_ended_up_in(race)


def test_two_orders_that_claim_a_parcel_at_once_are_both_in_it(race: Race) -> None:
    race.plan("PutItem", "parcels", partial(race.confirm, order_id="111-0000002"))
    race.confirm()
    race.scan(a_scan())
    assert race.rows() == {"111-0000001": Reason.VALID, "111-0000002": Reason.VALID}


def test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it(race: Race) -> None:
    race.plan("PutItem", "orders", partial(race.confirm, package_id="2"))
    race.confirm()
    order, _ = read_order(race.ports, race.account, "111-0000001", NOW)
    assert sorted(order.packages) == ["1", "2"]


def test_of_two_counts_of_a_bucket_the_one_that_began_later_stands(race: Race) -> None:
    race.confirm()
    task, later = Recount(BucketKey(race.account.id, SHIP_DAY)), NOW + timedelta(seconds=1)

    def overtake() -> None:
        race.confirm(order_id="111-0000002")
        recount(race.ports, task, later)

    race.plan("PutItem", "rates", overtake)
    recount(race.ports, task, NOW)
    assert race.counted() == {Reason.NO_SCAN: 2}
    assert read_rate(race.ports, race.account, NOW).overall.packages == 2


def test_a_count_that_took_effect_unanswered_does_not_replace_a_later_one(race: Race) -> None:
    race.confirm()
    task, later = Recount(BucketKey(race.account.id, SHIP_DAY)), NOW + timedelta(seconds=1)

    def overtake() -> None:
        race.confirm(order_id="111-0000002")
        recount(race.ports, task, later)

    race.plan("PutItem", "rates", Fault.LOST, overtake)
    recount(race.ports, task, NOW)
    assert race.counted() == {Reason.NO_SCAN: 2}


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "unanswered"])
def test_of_two_who_sum_the_days_at_once_the_last_has_seen_every_bucket(
    race: Race, *, lost: bool
) -> None:
    later = SHIP_DAY + timedelta(days=1)
    race.confirm()
    race.confirm(order_id="111-0000002", ship_date=later)
    another = partial(recount, race.ports, Recount(BucketKey(race.account.id, later)), NOW)
    race.plan("PutItem", "rates", lambda: None, *([Fault.LOST] if lost else []), another)
    recount(race.ports, Recount(BucketKey(race.account.id, SHIP_DAY)), NOW)
    assert read_rate(race.ports, race.account, NOW).overall.packages == 2


def test_an_idempotency_key_that_was_claimed_unanswered_is_held_and_then_done_once(
    vtr: Deployment,
) -> None:
    call = partial(
        vtr.call, "PUT", PACKAGE, a_package(), headers={**JSON, "idempotency-key": "8e03978e"}
    )
    assert vtr.call("GET", PACKAGE).status == 404  # from now on the key's use is noted
    with faulty_line() as line:
        line.plan("PutItem", named("transient"), Fault.LOST)
        assert_problem(call(), "idempotency_key_in_flight")
        assert line.is_as_planned
    assert vtr.call("GET", PACKAGE).status == 404
    its_time_is_over()
    assert call().status == 201
    assert call().headers["idempotent-replayed"] == "true"


def its_time_is_over() -> None:
    """Let the run that claimed an idempotency key be one that cannot be under way any more."""
    table: Any = TABLES["transient"]
    (claim,) = [item for item in table.scan() if item.pk.startswith("IDEMPOTENCY#")]
    table._get_connection().connection.client.update_item(  # noqa: SLF001 - PynamoDB keeps it to itself
        TableName=table.Meta.table_name,
        Key={"pk": {"S": claim.pk}},
        UpdateExpression="SET in_progress_expiration = :past",
        ExpressionAttributeValues={":past": {"N": "0"}},
    )


# --- it bites


def parts_that_were_not_read_are_left_out(patch: pytest.MonkeyPatch) -> None:
    def raw_of(table: Any, pks: Iterable[str], *, consistent: bool = False) -> Any:
        keys = [{"pk": {"S": pk}} for pk in pks]
        found = table._get_connection().batch_get_item(keys, consistent_read=consistent)  # noqa: SLF001
        return iter(found["Responses"][table.Meta.table_name])

    patch.setattr(ParcelItem, "raw_of", classmethod(raw_of))


def parts_that_were_not_queued_are_left_out(patch: pytest.MonkeyPatch) -> None:
    def send(sqs: Any, queue_url: str, entries: Any) -> None:
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)

    patch.setattr(queues, "_send_batch", send)


def conflicts_are_taken_for_success(patch: pytest.MonkeyPatch) -> None:
    def save(item: Any, read_at: int, what: str) -> int:
        with suppress(ConflictError):
            return versions.save_version(item, read_at, what)
        return read_at + 1

    patch.setattr(orders, "save_version", save)
    patch.setattr(parcels, "save_version", save)


def written_whatever_is_there(*tables: type[Model]) -> Mutation:
    def mutate(patch: pytest.MonkeyPatch) -> None:
        for table in tables:
            patch.setattr(
                table, "save", lambda item, *_: Model.save(item, add_version_condition=False)
            )

    return mutate


def what_was_found_done_is_another_ones_to_count(patch: pytest.MonkeyPatch) -> None:
    change = judge.change_parcel

    def unchanged(*args: Any, **options: Any) -> tuple[Parcel, Parcel]:
        before, after = change(*args, **options)
        return (before, after) if after.version == before.version + 1 else (after, after)

    patch.setattr(judge, "change_parcel", unchanged)


@pytest.mark.parametrize(
    ("mutate", "test"),
    [
        (
            parts_that_were_not_read_are_left_out,
            test_no_row_is_lost_where_batches_are_read_in_part,
        ),
        (
            parts_that_were_not_queued_are_left_out,
            test_no_recount_is_lost_where_a_batch_is_queued_in_part,
        ),
        (
            parts_that_were_not_queued_are_left_out,
            test_no_part_of_a_delivery_is_lost_where_a_batch_is_queued_in_part,
        ),
        (
            conflicts_are_taken_for_success,
            test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it,
        ),
        (
            conflicts_are_taken_for_success,
            test_two_orders_that_claim_a_parcel_at_once_are_both_in_it,
        ),
        (
            written_whatever_is_there(OrderItem),
            test_two_packages_that_are_added_to_an_order_at_once_are_both_in_it,
        ),
        (
            written_whatever_is_there(ParcelItem),
            test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over,
        ),
        (
            written_whatever_is_there(PackageItem),
            test_a_row_that_a_late_writer_brings_does_not_replace_a_later_one,
        ),
        (
            written_whatever_is_there(RateItem),
            test_of_two_counts_of_a_bucket_the_one_that_began_later_stands,
        ),
        (
            written_whatever_is_there(RateItem),
            test_a_count_that_took_effect_unanswered_does_not_replace_a_later_one,
        ),
        (
            a_claim_does_not_read_the_evidence,
            test_a_scan_that_comes_while_its_parcel_is_claimed_is_not_written_over,
        ),
        (
            scans_do_not_read_the_claims,
            test_a_claim_that_comes_while_its_parcel_is_scanned_is_not_written_over,
        ),
        (
            what_was_found_done_is_another_ones_to_count,
            test_a_scan_that_took_effect_unanswered_and_was_written_over_reaches_its_packages,
        ),
        (
            written_whatever_is_there(RateItem),
            partial(
                test_of_two_who_sum_the_days_at_once_the_last_has_seen_every_bucket, lost=False
            ),
        ),
    ],
)
def test_a_fault_in_the_code_is_found(
    race: Race, mutate: Mutation, test: Callable[[Race], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        mutate(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            test(race)
    race.line.plan_nothing()
