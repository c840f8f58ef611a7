"""Reading: one package, an order's, and the packages behind every number of the rate."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from support.builders import (
    DUE,
    PLACED,
    SHIP_DAY,
    UPS_NUMBER,
    UPS_NUMBER_2,
    a_label,
    a_scan,
    some_facts,
)
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.stores import MemoryPackages
from vtr.api.cursors import read_cursor, write_cursor
from vtr.domain.accounts import Account
from vtr.domain.errors import InvalidCursorError, OrderNotFoundError, PackageNotFoundError
from vtr.domain.packages import BucketKey, RowKey
from vtr.domain.verdict import JudgedPackage, Reason, State
from vtr.ports.packages import RowPage
from vtr.use_cases import read_packages
from vtr.use_cases.read_packages import find_packages, read_order

FEDEX_BARCODE = "1001901781990001000300617767839437"
"""What a scanner reads off a label of FedEx Express; the last twelve digits are the number."""

HERE = RowKey(BucketKey("acme", SHIP_DAY, 3), "Toys", "111-1", "1")


def a_shop() -> World:
    """Packages of two categories over eight days: every third one scanned, some unreadable."""
    world = World(MemoryPorts(packages=MemoryPackages(page_size=3)))
    for number in range(40):
        world.confirm(
            order_id=f"111-{number:02}",
            ship_date=SHIP_DAY + timedelta(days=number % 8 - 1),
            facts=some_facts(category=("Toys", "Home")[number % 2]),
            tracking_number="#" if number % 7 == 0 else f"1Z999AA1{number:010}",
        )
        if number % 3 == 0:
            world.scan(a_scan(number=f"1Z999AA1{number:010}"))
        if number % 5 == 0:
            world.scan(a_label(number=f"1Z999AA1{number:010}"))
    world.now = DUE + timedelta(hours=1)
    world.turn()
    return world


def keys(packages: list[JudgedPackage]) -> list[tuple[str, str]]:
    return [(one.confirmation.order_id, one.confirmation.package_id) for one in packages]


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_walking_the_list_finds_every_package_exactly_once(limit: int) -> None:
    found = keys(a_shop().all_listed(limit=limit))
    assert sorted(found) == sorted((f"111-{number:02}", "1") for number in range(40))


def test_the_list_is_newest_day_first() -> None:
    days = [one.confirmation.ship_date for one in a_shop().all_listed(limit=3)]
    assert days == sorted(days, reverse=True)


def test_every_count_in_the_rate_can_be_listed() -> None:
    world = a_shop()
    rate = world.rate()
    inside: dict[str, Any] = {"first_day": rate.first_day, "last_day": rate.last_day}
    for category, tally in rate.categories.items():
        for state in State:
            found = world.all_listed(limit=4, category=category, state=state, **inside)
            assert len(found) == tally.states[state]
        for reason, number in tally.reasons.items():
            wanted: dict[str, Any] = {"state": State.UNCONFIRMED, "reason": reason, **inside}
            assert len(world.all_listed(limit=4, category=category, **wanted)) == number
    assert rate.overall.packages == len(world.all_listed(**inside))


@pytest.mark.parametrize(
    ("state", "category"), list(product([State.VALID, State.PENDING], ["Toys", "Home"]))
)
def test_a_filter_takes_what_it_says_and_nothing_else(state: State, category: str) -> None:
    world = a_shop()
    found = world.all_listed(limit=3, state=state, category=category)
    assert found
    assert {(one.verdict.state, one.confirmation.category) for one in found} == {(state, category)}
    rest = [one for one in world.all_listed() if one not in found]
    assert all((r.verdict.state, r.confirmation.category) != (state, category) for r in rest)


def test_a_rare_reason_is_found_over_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_packages, "EXAMINED", 5)
    world = a_shop()
    first = world.listed(reason=Reason.INVALID_ID)
    assert len(first.packages) < 6
    assert first.after is not None
    assert len(world.all_listed(reason=Reason.INVALID_ID)) == 6


class CountingPackages(MemoryPackages):
    """Packages that remember which buckets were asked for, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[BucketKey] = []

    def claims(self, bucket: BucketKey, **which: Any) -> Any:
        self.asked.append(bucket)
        return super().claims(bucket, **which)


@pytest.mark.parametrize(("shards", "days"), [(16, 400), (64, 30)])
def test_a_request_asks_for_a_bounded_number_of_buckets(shards: int, days: int) -> None:
    packages = CountingPackages()
    world = World(MemoryPorts(packages=packages))
    world.account = replace(world.account, shards=shards)
    first_day = SHIP_DAY - timedelta(days=days - 1)
    page = world.listed(category="Rare", first_day=first_day, last_day=SHIP_DAY)
    assert len(packages.asked) == read_packages.QUERIES
    assert list(page.packages) == []
    assert isinstance(page.after, BucketKey)
    assert page.after not in packages.asked


class EndlessPackages(MemoryPackages):
    """A bucket that never ends, and how many of its rows were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def claims(self, bucket: BucketKey, *, limit: int | None = None, **which: Any) -> Any:
        (row,) = super().claims(bucket, **{**which, "after": None}).rows
        rows = [row] * (limit or 1)
        self.read += len(rows)
        return RowPage(rows, more=True)


def test_a_request_examines_two_thousand_packages_at_most() -> None:
    packages = EndlessPackages()
    world = World(MemoryPorts(packages=packages))
    world.confirm()
    page = world.listed(state=State.VALID, first_day=SHIP_DAY, last_day=SHIP_DAY)
    assert list(page.packages) == []
    assert isinstance(page.after, RowKey)
    assert packages.read <= 2000


def test_pages_that_end_between_buckets_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_shop()
    everything = keys(world.all_listed())
    for queries in (1, 2, 3, 5):
        monkeypatch.setattr(read_packages, "QUERIES", queries)
        assert keys(world.all_listed(limit=7)) == everything


def test_pages_that_end_within_a_bucket_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_shop()
    everything = keys(world.all_listed(state=State.UNCONFIRMED))
    monkeypatch.setattr(read_packages, "PAGE", 2)
    for queries in (1, 2, 3, 5):
        monkeypatch.setattr(read_packages, "QUERIES", queries)
        assert keys(world.all_listed(state=State.UNCONFIRMED)) == everything


def test_a_report_has_every_bucket_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_packages, "QUERIES", 2)
    world = a_shop()
    report = world.write(world.report(date(2026, 2, 1), date(2026, 4, 30)))
    assert len(world.document(report)) == 40


def test_the_last_page_says_that_it_is_the_last() -> None:
    world = a_shop()
    first_day = SHIP_DAY - timedelta(days=1)
    assert world.listed(first_day=first_day, limit=40).after is None
    assert world.listed(first_day=first_day, limit=39).after is not None


def test_a_range_without_packages_is_one_empty_page() -> None:
    page = a_shop().listed(first_day=date(2025, 1, 1), last_day=date(2025, 1, 9))
    assert (list(page.packages), page.after) == ([], None)


def test_a_cursor_outside_the_range_finds_nothing_more() -> None:
    elsewhere = HERE._replace(bucket=BucketKey("acme", date(2020, 1, 1), 0))
    assert list(a_shop().listed(after=elsewhere).packages) == []


def test_a_list_shows_the_newest_evidence_though_the_row_was_not_worth_a_write() -> None:
    world = World()
    world.confirm()
    world.scan(a_label())
    (found,) = world.all_listed()
    assert found.verdict.reason is Reason.LABEL_ONLY


def test_an_order_shows_all_its_packages() -> None:
    world = World()
    world.confirm(package_id="1")
    world.confirm(package_id="2", tracking_number="#")
    world.scan(a_scan())
    order, packages = read_order(world.ports, world.account, "111-0000001", world.now)
    assert set(order.packages) == {"1", "2"}
    assert packages["1"].verdict.reason is Reason.VALID
    assert packages["2"].verdict.reason is Reason.INVALID_ID


def test_what_is_not_there_and_what_is_anothers_look_the_same() -> None:
    world = World()
    world.confirm()
    other = world.another_account("bolt")
    details = []
    for asked in (world, other):
        order_id = "111-0000001" if asked is other else "111-0000009"
        with pytest.raises(PackageNotFoundError) as refusal:
            asked.package(order_id)
        details.append(refusal.value.detail.replace(order_id, "…"))
        with pytest.raises(OrderNotFoundError):
            read_order(asked.ports, asked.account, order_id, asked.now)
    assert details[0] == details[1]
    assert other.all_listed() == []


def test_a_package_of_an_order_that_lacks_it_is_not_found() -> None:
    world = World()
    world.confirm()
    with pytest.raises(PackageNotFoundError):
        world.package(package_id="2")


def an_account(account: str = "acme", secret: bytes = b"secret") -> Account:
    return Account(id=account, policy="amazon-us", cursor_secret=secret)


def test_a_cursor_leads_back_to_its_row() -> None:
    cursor = write_cursor(an_account(), "state=valid", HERE)
    assert read_cursor(an_account(), "state=valid", cursor) == HERE


def test_a_cursor_without_a_row_leads_back_to_its_bucket() -> None:
    cursor = write_cursor(an_account(), "state=valid", HERE.bucket)
    assert read_cursor(an_account(), "state=valid", cursor) == HERE.bucket


def test_a_cursor_that_a_client_has_kept_stays_valid() -> None:
    cursor = "2YwVpMj2QZD7zG1_cnTj1FsiMjAyNi0wMy0wMyIsMywiVG95cyIsIjExMS0xIiwiMSJd"
    assert read_cursor(an_account(), "state=valid", cursor) == HERE


@pytest.mark.parametrize(
    ("account", "query"),
    [
        (an_account("bolt"), "state=valid"),
        (an_account(secret=b"other"), "state=valid"),
        (an_account(), "state=pending"),
    ],
)
def test_a_cursor_serves_its_own_account_and_list_only(account: Account, query: str) -> None:
    cursor = write_cursor(an_account(), "state=valid", HERE)
    with pytest.raises(InvalidCursorError):
        read_cursor(account, query, cursor)


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "AAAA", "A" * 400, "é"])
def test_a_cursor_that_was_made_up_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        read_cursor(an_account(), "", cursor)


def test_a_cursor_that_was_tampered_with_is_refused() -> None:
    cursor = write_cursor(an_account(), "", HERE)
    for place in range(len(cursor) - 1):
        changed = "A" if cursor[place] != "A" else "B"
        with pytest.raises(InvalidCursorError):
            read_cursor(an_account(), "", cursor[:place] + changed + cursor[place + 1 :])


def test_a_number_is_shown_as_it_was_typed() -> None:
    world = World()
    world.confirm(tracking_number="1z 999 AA10123456784")
    found = world.package().confirmation
    assert (found.number_stated, found.tracking_number) == ("1z 999 AA10123456784", UPS_NUMBER)
    assert found.placed_at == PLACED


def found_by(world: World, number: str) -> list[tuple[str, Reason]]:
    found = find_packages(world.ports, world.account, number, world.now)
    return [(each.confirmation.order_id, each.verdict.reason) for each in found]


@pytest.mark.parametrize("typed", [UPS_NUMBER, "1z 999 aa1 01 2345 6784"])
def test_a_number_in_any_spelling_finds_its_packages_the_last_first(typed: str) -> None:
    world = World()
    world.confirm(order_id="111-1")
    world.now += timedelta(minutes=1)
    world.confirm(order_id="111-2", tracking_number=f" {UPS_NUMBER} ")
    world.scan(a_scan())
    found = found_by(world, typed)
    assert found == [("111-2", Reason.VALID), ("111-1", Reason.VALID)]


def test_a_barcode_finds_what_was_confirmed_by_the_number_that_the_carrier_tracks() -> None:
    world = World()
    world.confirm(carrier="FedEx", tracking_number=FEDEX_BARCODE[-12:])
    assert len(found_by(world, FEDEX_BARCODE)) == 1


def test_a_number_finds_no_package_that_names_another_one_by_now() -> None:
    world = World()
    world.confirm()
    world.confirm(tracking_number=UPS_NUMBER_2)
    assert found_by(world, UPS_NUMBER) == []
    assert len(found_by(world, UPS_NUMBER_2)) == 1


@pytest.mark.parametrize("typed", ["", "?", "no number"])
def test_what_is_no_number_finds_nothing(typed: str) -> None:
    world = World()
    world.confirm(tracking_number="?")
    assert found_by(world, typed) == []


def test_a_number_finds_no_package_that_has_ended() -> None:
    world = World()
    world.confirm()
    world.passes(days=5 * 366)
    assert found_by(world, UPS_NUMBER) == []
