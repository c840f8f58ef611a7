"""Recounts: counted from the rows, overwritten, summed; what the turn of a day brings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from support.builders import (
    DUE,
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    rules,
    some_facts,
)
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.queues import MemoryRecounts
from vtr.adapters.memory.stores import MemoryPackages, MemoryRates
from vtr.domain.accounts import Account
from vtr.domain.errors import AccountNotFoundError, InvalidRequestError
from vtr.domain.packages import BucketKey, PackageRow, ParcelKey
from vtr.domain.partitioning import ROWS_A_SHARD, ROWS_A_SLOT
from vtr.domain.policies import Policy, Waiver
from vtr.domain.verdict import Reason, State
from vtr.ports.packages import RowPage
from vtr.ports.queues import Recount
from vtr.ports.rates import DaySums
from vtr.use_cases.manage_waivers import add_waiver, remove_waiver
from vtr.use_cases.recount import kept_days, recount
from vtr.use_cases.roll_over_days import ROLLOVER_SLICES, roll_over_days

BUCKET = BucketKey("acme", SHIP_DAY)
STRIKE = Waiver(name="strike", first_day=SHIP_DAY, last_day=SHIP_DAY)


def test_counting_a_bucket_again_changes_nothing() -> None:
    world = World()
    world.confirm()
    for _ in range(3):
        assert recount(world.ports, Recount(BUCKET), world.now).rows == 1
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}


def test_a_bucket_of_many_pages_is_counted_whole() -> None:
    world = World(MemoryPorts(packages=MemoryPackages(page_size=2)))
    for number in range(7):
        world.confirm(order_id=f"111-{number}")
    assert recount(world.ports, Recount(BUCKET), world.now).rows == 7


def test_a_bucket_that_was_emptied_counts_nothing() -> None:
    world = World()
    world.confirm()
    world.recount()
    world.confirm(ship_date=SHIP_DAY + timedelta(days=1))
    assert world.counted(SHIP_DAY) == {}


def test_a_recount_for_an_account_that_is_gone_is_an_error() -> None:
    with pytest.raises(AccountNotFoundError):
        recount(World().ports, Recount(BucketKey("nobody", SHIP_DAY)), DUE)


def test_shards_of_a_day_add_up() -> None:
    world = World()
    account = Account(id="big", policy="amazon-us", cursor_secret=b"s", shards=4)
    world.ports.accounts.add(account)
    world.account = account
    for number in range(40):
        world.confirm(order_id=f"111-{number}")
    counted = [sum(world.counted(SHIP_DAY, shard).values()) for shard in range(4)]
    assert sum(counted) == 40
    assert min(counted) > 0
    assert world.states() == {State.PENDING: 40}
    assert len(world.all_listed(limit=7)) == 40


def test_a_reconcile_repairs_a_row_that_missed_what_its_parcel_knows() -> None:
    world = World()
    world.confirm()
    world.recount()
    scanned = World()
    scanned.scan(a_scan())
    key = ParcelKey(UPS_NUMBER)
    parcel = world.ports.parcels.get(key)
    world.ports.parcels.save(parcel.scanned(scanned.ports.parcels.get(key).evidence))
    assert world.states() == {State.PENDING: 1}
    recount(world.ports, Recount(BUCKET, reconcile=True), world.now)
    assert world.states() == {State.VALID: 1}
    row = world.ports.packages.get(world.ports.packages.page(BUCKET).rows[0].key)
    assert row is not None
    assert row.evidence == scanned.ports.parcels.get(key).evidence


def test_a_reconcile_repairs_a_row_that_missed_what_its_seller_said() -> None:
    world = World()
    world.confirm()
    order = world.ports.orders.get("acme", "111-0000001")
    assert order is not None
    world.ports.orders.save(replace(order, cancelled_at=world.now))
    world.turn()
    assert world.ports.packages.page(BUCKET).rows[0].confirmation.cancelled_at == world.now


def test_a_package_moved_by_an_edit_cut_off_is_counted_once_after_the_next_edit() -> None:
    world = World()
    world.confirm()
    order = world.ports.orders.get("acme", "111-0000001")
    assert order is not None
    package = order.package("1")
    moved = package.stating(
        replace(package.current, ship_date=date(2026, 3, 4), confirmed_at=world.now)
    )
    world.ports.orders.save(order.with_package(moved.counted_on(date(2026, 3, 4))))
    world.passes(seconds=1)
    world.confirm(ship_date=date(2026, 3, 4), tracking_number=UPS_NUMBER_2)
    world.now = DUE
    world.turn()
    assert world.states() == {State.PENDING: 1}


def test_a_package_that_the_turn_moves_to_an_earlier_day_is_counted_there() -> None:
    """The turn counts day by day, so the earlier day was counted without it."""
    world = World()
    world.confirm(ship_date=SHIP_DAY + timedelta(days=1))
    order = world.ports.orders.get("acme", "111-0000001")
    assert order is not None
    package = order.package("1")
    moved = package.stating(replace(package.current, ship_date=SHIP_DAY, confirmed_at=world.now))
    world.ports.orders.save(order.with_package(moved.counted_on(SHIP_DAY)))
    world.turn()
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}
    assert world.counted(SHIP_DAY + timedelta(days=1)) == {}


def test_a_scan_that_only_changes_why_a_package_is_pending_is_settled_when_due() -> None:
    world = World()
    world.confirm()
    world.scan(a_label())
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}
    world.now = DUE
    recount(world.ports, Recount(BUCKET), world.now)
    assert world.counted(SHIP_DAY) == {Reason.LABEL_ONLY: 1}


def test_the_rate_moves_from_pending_to_unconfirmed_without_anything_running() -> None:
    world = World()
    world.confirm()
    assert world.states() == {State.PENDING: 1}
    world.now = DUE
    assert world.states() == {State.UNCONFIRMED: 1}


def test_a_day_leaves_the_window_without_anything_running() -> None:
    world = World()
    world.confirm()
    world.scan(a_scan())
    world.recount()
    world.now = datetime(2026, 4, 2, 6, 59, tzinfo=UTC)
    assert world.states() == {State.VALID: 1}
    world.now = datetime(2026, 4, 2, 7, 0, tzinfo=UTC)
    assert world.states() == {}


def test_a_day_ahead_of_today_comes_into_the_window_without_anything_running() -> None:
    world = World()
    world.confirm(ship_date=date(2026, 3, 9))
    assert world.states() == {}
    world.now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert world.states() == {State.PENDING: 1}


@pytest.mark.parametrize("days_ahead", [0, 7])
def test_what_a_rollover_sums_lasts_until_the_next_is_done(days_ahead: int) -> None:
    """It may come an hour after midnight, and rates are read before it."""
    law = rules(future_ship_days=days_ahead)
    first, last = law.window(law.day_of(DUE) + timedelta(days=1))
    kept = kept_days(law, DUE)
    assert kept[0] <= first
    assert kept[-1] >= last + timedelta(days=days_ahead)


def test_every_account_has_its_turn_once_in_the_hour_after_its_midnight() -> None:
    world = World()
    for number in range(30):
        world.ports.accounts.add(
            Account(id=f"seller-{number}", policy="amazon-us", cursor_secret=b"")
        )
    midnight = datetime(2026, 3, 20, 7, tzinfo=UTC)
    turned: list[str] = []
    for tick in range(-24, 36):
        roll_over_days(world.ports, midnight + timedelta(minutes=5 * tick))
        asked = world.ports.recounts.due(DUE + timedelta(days=100))
        turned.extend({task.bucket.account for task in asked})
    assert sorted(turned) == sorted(account.id for account in world.ports.accounts.all())


def test_an_accounts_turn_is_spread_over_the_hour() -> None:
    world = World()
    accounts = [
        Account(id=f"seller-{n}", policy="amazon-us", cursor_secret=b"") for n in range(200)
    ]
    assert {account.rollover_slice(ROLLOVER_SLICES) for account in accounts} == set(
        range(ROLLOVER_SLICES)
    )
    for account in accounts:
        world.ports.accounts.add(account)
    assert 0 < roll_over_days(world.ports, datetime(2026, 3, 20, 7, tzinfo=UTC)) < 30 * 200


def test_the_turn_reconciles_the_window_and_the_days_ahead() -> None:
    world = World()
    roll_over_days(world.ports, DUE, every_account=True)
    asked = [task for task, _ in world.ports.recounts.waiting]
    days = sorted(task.bucket.day for task in asked if task.reconcile)
    assert all(task.reconcile != task.archive for task in asked)
    assert days[0] <= date(2026, 2, 6)
    assert days[-1] >= date(2026, 3, 7) + timedelta(days=7)


def test_a_waiver_takes_its_packages_out_of_the_rate_and_no_others() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-2", ship_date=date(2026, 3, 4))
    world.passes(days=1)
    assert world.states() == {State.PENDING: 2}
    add_waiver(world.ports, "amazon-us", STRIKE)
    assert world.states() == {State.EXEMPT: 1, State.PENDING: 1}
    assert world.reason() is Reason.WAIVED


def test_a_waiver_asks_for_the_recount_of_its_days_of_every_account_under_the_policy() -> None:
    world = World()
    world.another_account("bolt")
    world.ports.accounts.add(Account(id="etsy", policy="etsy", cursor_secret=b""))
    two_days = replace(STRIKE, last_day=SHIP_DAY + timedelta(days=1))
    assert add_waiver(world.ports, "amazon-us", two_days) == 4


def test_a_waiver_that_is_cut_short_is_recounted_on_the_days_that_it_left() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-2", ship_date=SHIP_DAY + timedelta(days=1))
    world.passes(days=1)
    two_days = replace(STRIKE, last_day=SHIP_DAY + timedelta(days=1))
    add_waiver(world.ports, "amazon-us", two_days)
    assert world.states() == {State.EXEMPT: 2}
    assert add_waiver(world.ports, "amazon-us", STRIKE) == 2
    assert world.states() == {State.EXEMPT: 1, State.PENDING: 1}


def test_a_waiver_that_is_removed_gives_its_packages_back() -> None:
    world = World()
    world.confirm()
    add_waiver(world.ports, "amazon-us", STRIKE)
    assert world.states() == {State.EXEMPT: 1}
    assert remove_waiver(world.ports, "amazon-us", STRIKE.name) == 1
    assert world.states() == {State.PENDING: 1}
    assert world.reason() is not Reason.WAIVED


def test_a_waiver_that_nobody_added_cannot_be_removed() -> None:
    world = World()
    with pytest.raises(InvalidRequestError):
        remove_waiver(world.ports, "amazon-us", STRIKE.name)


def test_a_package_confirmed_under_a_waiver_is_waived_at_once() -> None:
    world = World()
    add_waiver(world.ports, "amazon-us", STRIKE)
    assert world.confirmed().verdict.rule == "strike"


def test_a_late_delivery_that_turns_a_verdict_turns_the_count() -> None:
    world = World()
    world.scan(a_scan(at=after_order(hours=6)))
    world.confirm()
    assert world.states() == {State.VALID: 1}
    world.scan(a_delivery(after_order(hours=20)))
    assert world.states() == {State.UNCONFIRMED: 1}
    assert world.counted(SHIP_DAY) == {Reason.UPLOADED_AFTER_DELIVERY: 1}


def test_a_package_counts_in_the_category_of_its_order() -> None:
    world = World()
    world.confirm()
    world.confirm(order_id="111-2", tracking_number=UPS_NUMBER_2, facts=some_facts(category="Home"))
    assert {name: tally.packages for name, tally in world.rate().categories.items()} == {
        "Home": 1,
        "Toys": 1,
    }


def test_a_large_bucket_is_postponed_until_it_has_cooled_down_and_then_counted() -> None:
    world = World()
    slot = timedelta(seconds=20)
    queue = MemoryRecounts(slot, lambda: world.now)
    world.ports = replace(world.ports, recounts=queue)
    for number in range(2 * ROWS_A_SLOT):
        world.confirm(order_id=f"111-{number}")
    assert recount(world.ports, Recount(BUCKET), world.now).rows == 2 * ROWS_A_SLOT
    queue.waiting.clear()
    world.passes(seconds=33)
    assert recount(world.ports, Recount(BUCKET), world.now).postponed == timedelta(seconds=7)
    assert not queue.waiting
    world.passes(seconds=7)
    assert recount(world.ports, Recount(BUCKET), world.now).rows == 2 * ROWS_A_SLOT


class CountedReads(MemoryPackages):
    """Packages that note how often a bucket was read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def page(self, bucket: BucketKey, **wanted: Any) -> RowPage[PackageRow]:
        self.reads += 1
        return super().page(bucket, **wanted)


@pytest.mark.parametrize(
    ("seconds", "reads"), [(-60, 1), (0, 1), (0.9, 1), (1, 0), (60, 0)], ids=str
)
def test_a_bucket_that_was_counted_after_all_that_a_request_is_for_is_not_read_again(
    seconds: float, reads: int
) -> None:
    """A second is left for clocks that differ."""
    packages = CountedReads()
    world = World(MemoryPorts(packages=packages))
    world.confirm()
    world.recount()
    counted = world.ports.rates.bucket(BUCKET)
    assert counted is not None
    packages.reads = 0
    until = counted.counted_from - timedelta(seconds=seconds)
    recount(world.ports, Recount(BUCKET, until=until), world.now)
    assert packages.reads == reads


def test_a_bucket_that_was_counted_and_not_summed_is_summed_by_the_next_request() -> None:
    """The run that counted it was cut off, and its own message, too, comes after the count."""
    world = World()
    world.confirm()
    world.ports.recounts.waiting.clear()
    world.ports.rates.put_bucket(BUCKET, {"Toys": {Reason.NO_SCAN: 1}}, world.now, SHIP_DAY)
    assert world.states() == {}
    until = world.now - timedelta(minutes=1)
    recount(world.ports, Recount(BUCKET, until=until), world.now)
    assert world.states() == {State.PENDING: 1}


def test_a_reconcile_is_done_however_lately_its_bucket_was_counted() -> None:
    world = World()
    world.confirm()
    world.recount()
    until = world.now - timedelta(days=1)
    assert recount(world.ports, Recount(BUCKET, reconcile=True, until=until), world.now).rows == 1


def test_a_reconcile_and_a_small_bucket_are_never_postponed() -> None:
    world = World()
    world.ports = replace(
        world.ports, recounts=MemoryRecounts(timedelta(hours=1), lambda: world.now)
    )
    world.confirm()
    for task in (Recount(BUCKET), Recount(BUCKET), Recount(BUCKET, reconcile=True)):
        assert not recount(world.ports, task, world.now).postponed


def test_an_account_that_outgrows_its_shards_is_given_more_and_its_packages_stay() -> None:
    world = World()
    world.confirm()
    busy = {"Toys": {Reason.NO_SCAN: 4 * ROWS_A_SHARD}}
    world.ports.rates.put_bucket(BucketKey("acme", SHIP_DAY, 1), busy, world.now, SHIP_DAY)
    world.recount()
    grown = world.ports.accounts.get("acme")
    assert grown is not None
    assert grown.shards == 8
    before = world.ports.packages.page(BUCKET).rows
    world.confirm(grown, carrier="FedEx", tracking_number="986578788855")
    (row,) = world.ports.packages.page(BUCKET).rows
    assert row.key == before[0].key
    assert world.counted(SHIP_DAY) == {Reason.NO_SCAN: 1}
    assert len(world.all_listed()) == 1


class CountedMeanwhile(MemoryRates):
    """Another shard is counted and summed while this account is being summed."""

    def put_days(self, account: str, sums: DaySums) -> None:
        other = BucketKey(account, SHIP_DAY, 1)
        if self.bucket(other) is None:
            self.put_bucket(other, {"Toys": {Reason.VALID: 3}}, DUE, SHIP_DAY)
            days = {SHIP_DAY: {"Toys": {Reason.VALID: 3}}}
            super().put_days(account, sums._replace(days=days))
        super().put_days(account, sums)


def test_of_shards_summed_side_by_side_none_is_left_out_of_the_rate() -> None:
    world = World(MemoryPorts(rates=CountedMeanwhile()))
    world.confirm()
    assert world.states() == {State.PENDING: 1, State.VALID: 3}


def test_days_that_a_longer_window_brings_back_are_in_the_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.confirm()
    world.recount()
    world.passes(days=6)
    window, later = Policy.window, SHIP_DAY + timedelta(days=5)

    def of_two_days(policy: Policy, today: date) -> tuple[date, date]:
        _, last = window(policy, today)
        return last - timedelta(days=1), last

    with monkeypatch.context() as patch:
        patch.setattr(Policy, "window", of_two_days)
        world.confirm(order_id="111-2", ship_date=later, facts=some_facts(placed_at=world.now))
        world.recount()
        assert world.rate().overall.packages == 1
    world.confirm(order_id="111-3", ship_date=later, facts=some_facts(placed_at=world.now))
    world.recount()
    assert world.rate().overall.packages == 3
