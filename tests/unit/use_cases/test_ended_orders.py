"""What happens to an order when its days end: refused, archived, reported as it was, forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from support.builders import (
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_scan,
    a_submission,
    after_order,
    some_facts,
)
from support.memory_world import World
from vtr.domain.errors import (
    InvalidRequestError,
    OrderEndedError,
    OrderNotFoundError,
    PackageNotFoundError,
    ReportNotFoundError,
)
from vtr.domain.packages import BucketKey, parcel_of
from vtr.domain.parcels import Parcel
from vtr.domain.policies import policy
from vtr.domain.verdict import Reason
from vtr.ports.queues import Recount
from vtr.use_cases import archive_day as archiving
from vtr.use_cases import policy_in_force
from vtr.use_cases.archive_day import Archived, archive_day
from vtr.use_cases.manage_holds import list_holds, place_hold, remove_hold
from vtr.use_cases.policy_in_force import days_ended, first_kept_day, require_kept_days
from vtr.use_cases.read_packages import read_order
from vtr.use_cases.read_report import read_report
from vtr.use_cases.record_scans import outlived
from vtr.use_cases.recount import recount
from vtr.use_cases.roll_over_days import roll_over_days
from vtr.use_cases.submit import place_order

ORDER = "111-0000001"
BUCKET = BucketKey("acme", SHIP_DAY)
ENDED = datetime(2027, 4, 3, 7, tzinfo=UTC)
"""Midnight in Los Angeles, thirteen months after the ship day."""


def a_world() -> World:
    world = World()
    world.confirm()
    world.scan(a_scan())
    world.recount()
    return world


def read(world: World, order_id: str = ORDER) -> list[str]:
    return list(read_order(world.ports, world.account, order_id, world.now)[1])


def parcel(world: World) -> Parcel:
    key = parcel_of("ups", UPS_NUMBER)
    assert key is not None
    return world.ports.parcels.get(key)


# --- until when


def test_everything_of_a_package_is_kept_until_its_day_ends() -> None:
    world = a_world()
    end = ENDED.date()
    order = world.ports.orders.get("acme", ORDER)
    (row,) = world.ports.packages.page(BUCKET).rows
    assert order is not None
    assert (order.kept_until, row.kept_until) == (end, end)
    kept = parcel(world).kept_until
    assert kept is not None
    assert kept >= end


def test_an_order_is_kept_until_the_last_of_its_packages_ends() -> None:
    world = a_world()
    world.confirm(package_id="2", ship_date=SHIP_DAY + timedelta(days=5), tracking_number="X")
    order = world.ports.orders.get("acme", ORDER)
    assert order is not None
    assert order.kept_until == date(2027, 4, 8)


@pytest.mark.parametrize(
    ("promised", "until"), [(None, date(2027, 4, 2)), (date(2026, 3, 9), date(2027, 4, 9))]
)
def test_an_order_without_packages_is_kept_by_its_own_days(
    promised: date | None, until: date
) -> None:
    world = World()
    order = world.place(some_facts(promised_delivery_date=promised)).order
    assert order.kept_until == until


def test_a_tombstone_ends_with_the_day_that_it_stands_on() -> None:
    world = a_world()
    world.confirm(ship_date=SHIP_DAY + timedelta(days=1))
    (tombstone,) = world.ports.packages._buckets[BUCKET].values()  # noqa: SLF001 - no page has it
    assert (tombstone.is_tombstone, tombstone.kept_until) == (True, ENDED.date())


# --- what is refused, and what is answered


def test_an_ended_order_is_neither_read_nor_edited_nor_cancelled() -> None:
    world = a_world()
    world.now = ENDED - timedelta(seconds=1)
    assert read(world) == ["1"]
    world.now = ENDED
    with pytest.raises(OrderEndedError, match=r"kept until 2027-04-03.*Ask for a report"):
        read(world)
    with pytest.raises(OrderEndedError):
        world.confirm()
    with pytest.raises(OrderEndedError):
        world.cancel()
    with pytest.raises(OrderEndedError):
        world.place(some_facts())
    with pytest.raises(OrderEndedError):
        world.confirm(tracking_number=UPS_NUMBER_2)


def test_of_an_order_that_goes_on_only_the_packages_that_have_ended_are_closed() -> None:
    world = a_world()
    world.confirm(package_id="2", ship_date=SHIP_DAY + timedelta(days=5), tracking_number="X")
    world.now = ENDED
    assert read(world) == ["2"]
    with pytest.raises(OrderEndedError, match=r"package 1 .* is counted on 2026-03-03, which has"):
        world.package(package_id="1")
    with pytest.raises(OrderEndedError, match="package 1"):
        world.confirm()
    with pytest.raises(OrderEndedError, match="package 1"):
        world.cancel(at=after_order(days=3))
    assert world.package(package_id="2").confirmation.cancelled_at is None


def test_a_package_cannot_be_counted_on_a_day_that_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped_long_ago = lambda name, day: replace(policy(name, day), past_ship_days=900)  # noqa: E731 - read next to its name
    policy_in_force.rules_of.cache_clear()
    monkeypatch.setattr(policy_in_force, "policy", shipped_long_ago)
    world = World()
    world.now = ENDED
    today = world.now.date()
    world.confirm(order_id="another", ship_date=today)
    with pytest.raises(OrderEndedError, match=r"package 2 .* which has ended"):
        world.confirm(order_id="another", package_id="2")
    assert list(read(world, "another")) == ["1"]
    policy_in_force.rules_of.cache_clear()


def test_what_is_no_longer_known_is_not_found_and_says_how_long_orders_are_kept() -> None:
    world = World()
    with pytest.raises(OrderNotFoundError, match="kept for 13 months"):
        read(world)
    with pytest.raises(PackageNotFoundError, match="kept for 13 months"):
        world.package()
    with pytest.raises(OrderNotFoundError, match="kept for 13 months"):
        world.cancel()


def test_an_order_older_than_orders_are_kept_is_not_taken() -> None:
    world = World()
    old = some_facts(placed_at=world.now - timedelta(days=500))
    with pytest.raises(OrderEndedError):
        place_order(world.ports, world.account, "old", old, world.now)


def test_a_list_begins_on_a_day_that_is_kept() -> None:
    world = World()
    world.now = ENDED
    kept = SHIP_DAY + timedelta(days=1)
    assert first_kept_day(world.ports, world.account, world.now) == kept
    require_kept_days(world.ports, world.account, kept, world.now)
    with pytest.raises(InvalidRequestError, match=r"must be 2026-03-04 or later.*request a report"):
        require_kept_days(world.ports, world.account, SHIP_DAY, world.now)


def test_a_scan_of_longer_ago_than_anything_is_kept_is_counted_and_no_evidence() -> None:
    world = World()
    world.now = ENDED + timedelta(days=40)
    scans = [a_scan(), a_scan(at=world.now)]
    world.scan(*scans)
    assert len(parcel(world).evidence.periods) == 1
    assert outlived(scans, world.now) == 1


def test_a_late_scan_does_not_bring_an_ended_package_back() -> None:
    world = World()
    world.confirm()
    world.now = ENDED
    world.ports.packages._buckets.clear()  # noqa: SLF001 - as DynamoDB does
    world.scan(a_scan())
    world.scan(a_scan(), repeated=True)
    assert not world.ports.packages.page(BUCKET).rows


def test_an_ended_day_is_counted_no_more() -> None:
    world = a_world()
    counted = world.ports.rates.bucket(BUCKET)
    world.ports.packages._buckets.clear()  # noqa: SLF001 - as DynamoDB does
    recount(world.ports, Recount(BUCKET), ENDED)
    assert world.ports.rates.bucket(BUCKET) == counted


def test_a_report_is_forgotten_after_its_document() -> None:
    world = a_world()
    report = world.report(SHIP_DAY, SHIP_DAY)
    read_report(world.ports, world.account, report.id, world.now + timedelta(days=59))
    with pytest.raises(ReportNotFoundError, match="can be downloaded for 30 days"):
        read_report(world.ports, world.account, report.id, world.now + timedelta(days=60))


# --- the archive


def test_the_days_that_ended_are_archived_in_the_night_and_a_night_later() -> None:
    world = World()
    roll_over_days(world.ports, ENDED, every_account=True)
    asked = [task for task, _ in world.ports.recounts.waiting if task.archive]
    assert [task.bucket.day for task in asked] == [
        date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
    ]  # fmt: skip


def test_the_last_days_of_longer_months_end_together() -> None:
    world = World()
    end = datetime(2027, 2, 28, 8, tzinfo=UTC)
    assert days_ended(world.ports, world.account, end, 1) == [
        date(2026, 1, day) for day in (28, 29, 30, 31)
    ]
    assert days_ended(world.ports, world.account, end + timedelta(days=1), 1) == [date(2026, 2, 1)]


def test_a_day_is_archived_once_it_has_ended_and_once_only() -> None:
    world = a_world()
    assert archive_day(world.ports, BUCKET, ENDED - timedelta(seconds=1)) == Archived()
    assert archive_day(world.ports, BUCKET, ENDED + timedelta(days=2)) == Archived(1, days_late=2)
    assert archive_day(world.ports, BUCKET, ENDED) == Archived()
    (package,) = world.ports.ended_days.read(BUCKET)
    assert (package.confirmation.order_id, package.verdict.reason) == (ORDER, Reason.VALID)
    assert [said.number_stated for said in package.history] == [UPS_NUMBER]
    assert package.evidence.periods


def test_a_day_without_packages_has_no_file() -> None:
    world = World()
    assert archive_day(world.ports, BUCKET, ENDED) == Archived()
    assert not world.ports.ended_days.buckets("acme", SHIP_DAY, SHIP_DAY)


def test_a_days_packages_are_archived_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for number in range(5):
        world.confirm(order_id=f"111-{number}")
    monkeypatch.setattr(archiving, "PAGE", 2)
    assert archive_day(world.ports, BUCKET, ENDED).packages == 5
    found = [package.confirmation.order_id for package in world.ports.ended_days.read(BUCKET)]
    assert found == [f"111-{number}" for number in range(5)]


def test_a_report_of_ended_days_says_what_it_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for number in range(6):
        day = SHIP_DAY + timedelta(days=number % 3)
        facts = some_facts(category=("Toys", "Home")[number % 2])
        world.confirm(order_id=f"111-{number}", ship_date=day, facts=facts)
    world.scan(a_scan())
    world.now = ENDED - timedelta(days=9)
    last = SHIP_DAY + timedelta(days=2)
    before = world.report(SHIP_DAY, last)
    world.write(before)
    world.now = ENDED + timedelta(days=1, hours=1)  # two days ended, the third has not
    archive_day(world.ports, BUCKET, world.now)  # and of them one is archived
    after, toys = world.report(SHIP_DAY, last), world.report(SHIP_DAY, last, "Toys")
    monkeypatch.setattr("vtr.use_cases.write_document.PART_BYTES", 1)
    monkeypatch.setattr("vtr.use_cases.read_ended_days.PAGE", 1)
    world.write(after, runs_of_pages=1)
    world.write(toys, runs_of_pages=1)
    assert world.document(after) == world.document(before)
    assert world.document(toys) == [
        line for line in world.document(before) if line["Category"] == "Toys"
    ]


# --- holds


def test_a_hold_keeps_an_order_and_its_evidence_and_reopens_nothing() -> None:
    world = a_world()
    until = date(2027, 9, 1)
    place_hold(world.ports, world.account, ORDER, until, world.now, by="ann", reason="appeal 7")
    order, (row,) = world.ports.orders.get("acme", ORDER), world.ports.packages.page(BUCKET).rows
    assert order is not None
    assert {order.kept_until, row.kept_until, parcel(world).kept_until} == {until}
    world.now = datetime(2027, 8, 31, tzinfo=UTC)
    world.scan(a_scan(at=world.now))
    assert world.reason() is Reason.VALID
    with pytest.raises(OrderEndedError):
        world.confirm(tracking_number=UPS_NUMBER_2)
    world.now = datetime(2027, 9, 1, 8, tzinfo=UTC)
    with pytest.raises(OrderEndedError):
        read(world)


def test_a_hold_outlives_edits_and_the_reconcile() -> None:
    world = a_world()
    until = date(2027, 9, 1)
    place_hold(world.ports, world.account, ORDER, until, world.now, by="ann")
    world.confirm(tracking_number=UPS_NUMBER_2)
    recount(world.ports, Recount(BUCKET, reconcile=True), world.now)
    order, (row,) = world.ports.orders.get("acme", ORDER), world.ports.packages.page(BUCKET).rows
    assert order is not None
    assert (order.kept_until, row.kept_until) == (until, until)


def test_a_hold_that_is_removed_lets_the_order_end_as_before() -> None:
    world = a_world()
    before = world.ports.packages.page(BUCKET).rows[0].kept_until
    place_hold(world.ports, world.account, ORDER, date(2027, 9, 1), world.now, by="ann")
    world.passes(hours=1)
    remove_hold(world.ports, world.account, ORDER, world.now, by="bob")
    assert world.ports.packages.page(BUCKET).rows[0].kept_until == before
    assert list_holds(world.ports, "acme") == []
    changes = world.ports.holds.changes("acme")
    assert [(change.event, change.by) for change in changes] == [
        ("placed", "ann"), ("removed", "bob")
    ]  # fmt: skip


def test_what_has_ended_can_be_held_until_it_expires() -> None:
    world = a_world()
    world.now = ENDED + timedelta(days=3)
    place_hold(world.ports, world.account, ORDER, date(2028, 1, 1), world.now, by="ann")
    assert world.reason() is Reason.VALID
    late = World()
    late.confirm()
    late.now = ENDED + timedelta(days=31)
    with pytest.raises(OrderNotFoundError):
        place_hold(late.ports, late.account, ORDER, date(2028, 1, 1), late.now, by="ann")
    assert late.ports.holds.changes("acme") == []


def test_holds_are_listed_by_their_end_the_last_of_each_order() -> None:
    world = a_world()
    world.confirm(order_id="2")
    placed = [(ORDER, date(2027, 9, 1)), ("2", date(2027, 8, 1)), (ORDER, date(2029, 1, 1))]
    for order, until in placed:
        world.passes(minutes=1)
        place_hold(world.ports, world.account, order, until, world.now, by="ann")
    assert [(hold.order_id, hold.until) for hold in list_holds(world.ports, "acme")] == [
        ("2", date(2027, 8, 1)), (ORDER, date(2029, 1, 1))
    ]  # fmt: skip


def test_a_hold_until_today_is_refused() -> None:
    world = a_world()
    with pytest.raises(InvalidRequestError, match=r"until: must be later than today\. Name a day"):
        place_hold(world.ports, world.account, ORDER, world.now.date(), world.now, by="ann")


def test_a_new_package_that_names_an_old_number_is_judged_by_itself() -> None:
    """The number's former parcel has expired, and DynamoDB has not deleted it yet."""
    world = a_world()
    world.now = ENDED + timedelta(days=90)
    placed = world.now - timedelta(days=2)
    submission = a_submission(
        order_id="new", facts=some_facts(placed_at=placed), ship_date=world.now.date()
    )
    world.ports.orders._orders.clear()  # noqa: SLF001 - as DynamoDB does
    submitted = world.confirm(
        order_id="new", facts=submission.facts, ship_date=submission.ship_date
    )
    assert submitted.packages["1"].verdict.reason is Reason.NO_SCAN
    assert [key.order_id for key in parcel(world).claims] == ["new"]
