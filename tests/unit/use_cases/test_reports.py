"""Reports: asked for, written in parts over several runs, downloaded."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from support.builders import SHIP_DAY, a_scan, some_facts
from support.memory_world import World
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.stores import MemoryReportFiles, MemoryReports
from vtr.domain.errors import (
    InvalidRequestError,
    ReportExpiredError,
    ReportNotFoundError,
    ReportNotReadyError,
)
from vtr.domain.reports import COLUMNS, Report, ReportStatus
from vtr.use_cases import read_packages, write_document
from vtr.use_cases.policy_in_force import days_asked_for
from vtr.use_cases.read_report import read_report, report_url
from vtr.use_cases.write_report import fail_report, write_report

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 10)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few lines and pages of three, so that a report has many of both."""
    monkeypatch.setattr(write_document, "PART_BYTES", 1)
    monkeypatch.setattr(read_packages, "PAGE", 3)


def a_shop(packages: int = 20, ports: MemoryPorts | None = None) -> World:
    world = World(ports)
    for number in range(packages):
        world.confirm(
            order_id=f"111-{number:02}",
            ship_date=SHIP_DAY + timedelta(days=number % 4 - 1),
            facts=some_facts(category=("Toys", "Home")[number % 2]),
        )
    world.scan(a_scan())
    return world


def orders(world: World, report: Report) -> list[str]:
    return [line["Order ID"] for line in world.document(report)]


def test_a_report_has_a_line_for_every_package_of_its_days() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    done = world.write(report)
    assert (done.status, done.rows) == (ReportStatus.DONE, 20)
    assert sorted(orders(world, report)) == [f"111-{number:02}" for number in range(20)]
    assert done.bytes == len(world.ports.report_files.documents[report.document_key])
    assert done.finished_at == world.now


def test_a_report_covers_its_first_and_its_last_day() -> None:
    world = a_shop()
    report = world.report(SHIP_DAY, SHIP_DAY + timedelta(days=1))
    world.write(report)
    days = {line["Ship date"] for line in world.document(report)}
    assert days == {"2026-03-03", "2026-03-04"}


def test_a_report_of_a_category_has_that_alone() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST, category="Home")
    assert world.write(report).rows == 10
    assert {line["Category"] for line in world.document(report)} == {"Home"}


def test_a_report_without_packages_has_its_header() -> None:
    world = World()
    report = world.report(FIRST, LAST)
    assert world.write(report).rows == 0
    content = world.ports.report_files.documents[report.document_key]
    assert gzip.decompress(content).decode() == ",".join(COLUMNS) + "\r\n"


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("pages", [1, 2, 3, 100])
def test_a_report_is_the_same_however_many_runs_it_takes(pages: int) -> None:
    world = a_shop()
    at_once, in_runs = world.report(FIRST, LAST), world.report(FIRST, LAST)
    world.ports.report_queue.sent.clear()
    for report, runs in ((at_once, None), (in_runs, pages)):
        world.ports.report_queue.sent.append((world.account.id, report.id))
        done = world.write(report, runs_of_pages=runs)
        assert (done.status, done.rows, done.checkpoint) == (ReportStatus.DONE, 20, None)
    assert world.document(in_runs) == world.document(at_once)


@pytest.mark.usefixtures("small_parts")
def test_a_run_that_is_out_of_time_says_where_it_stopped_and_asks_for_the_next() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    world.ports.report_queue.sent.clear()
    stopped = write_report(world.ports, world.account, report.id, world.now, lambda: True)
    assert stopped.status is ReportStatus.RUNNING
    assert stopped.checkpoint is not None
    assert stopped.checkpoint.rows > 0
    assert world.ports.report_queue.sent == [(world.account.id, report.id)]


@pytest.mark.usefixtures("small_parts")
def test_a_report_ends_however_many_runs_it_takes() -> None:
    """Each run leaves a part behind. By default Lambda would stop the chain at sixteen."""
    world = a_shop(packages=90)
    report = world.report(FIRST, LAST)
    world.ports.report_queue.sent.clear()
    runs = 1
    while (
        write_report(world.ports, world.account, report.id, world.now, lambda: True).status
        is ReportStatus.RUNNING
    ):
        assert world.ports.report_queue.sent.pop() == (world.account.id, report.id)
        runs += 1
    assert runs > 16
    assert len(orders(world, report)) == 90


def test_a_run_goes_on_until_it_has_a_part_to_leave_behind() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    done = write_report(world.ports, world.account, report.id, world.now, lambda: True)
    assert done.status is ReportStatus.DONE


@pytest.mark.usefixtures("small_parts")
def test_a_run_that_was_cut_off_is_done_again_from_its_checkpoint() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    write_report(world.ports, world.account, report.id, world.now, lambda: True)

    def dies() -> bool:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        write_report(world.ports, world.account, report.id, world.now, dies)
    done = write_report(world.ports, world.account, report.id, world.now, lambda: False)
    assert done.rows == 20
    assert sorted(set(orders(world, report))) == sorted(orders(world, report))


def test_a_report_handed_out_again_after_its_end_is_left_alone() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    done = world.write(report)
    world.confirm(order_id="later")
    again = write_report(world.ports, world.account, report.id, world.now, lambda: False)
    assert again == done


class ForgetfulReports(MemoryReports):
    """The run dies just before it can say that the report is done."""

    dies = True

    def save(self, report: Report) -> None:
        if report.status is ReportStatus.DONE and self.dies:
            self.dies = False
            raise TimeoutError
        super().save(report)


def test_a_run_cut_off_after_its_document_was_complete_is_done_again() -> None:
    world = a_shop(ports=MemoryPorts(reports=ForgetfulReports()))
    report = world.report(FIRST, LAST)
    with pytest.raises(TimeoutError):
        write_report(world.ports, world.account, report.id, world.now, lambda: False)
    done = write_report(world.ports, world.account, report.id, world.now, lambda: False)
    assert (done.status, len(orders(world, report))) == (ReportStatus.DONE, 20)


@pytest.mark.usefixtures("small_parts")
def test_a_continued_run_cut_off_after_its_document_was_complete_is_done_again() -> None:
    world = a_shop(ports=MemoryPorts(reports=ForgetfulReports()))
    report = world.report(FIRST, LAST)
    write_report(world.ports, world.account, report.id, world.now, lambda: True)
    with pytest.raises(TimeoutError):
        write_report(world.ports, world.account, report.id, world.now, lambda: False)
    done = write_report(world.ports, world.account, report.id, world.now, lambda: False)
    assert (done.status, len(orders(world, report))) == (ReportStatus.DONE, 20)


def test_a_report_is_its_accounts_alone() -> None:
    world = World()
    report = world.report(FIRST, LAST)
    other = world.another_account("bolt")
    assert read_report(world.ports, world.account, report.id, world.now) == report
    for account, report_id in ((other.account, report.id), (world.account, "made-up")):
        with pytest.raises(ReportNotFoundError):
            read_report(world.ports, account, report_id, world.now)


def test_a_document_can_be_had_once_it_is_done_for_five_minutes_at_a_time() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    with pytest.raises(ReportNotReadyError, match="is queued"):
        report_url(world.ports, world.account, report.id, world.now)
    world.write(report)
    url, until = report_url(world.ports, world.account, report.id, world.now)
    assert url == f"memory:{report.document_key}?expires_in=300"
    assert until == world.now + timedelta(minutes=5)


def test_a_document_is_kept_for_thirty_days_and_then_said_to_be_gone() -> None:
    world = a_shop()
    done = world.write(world.report(FIRST, LAST))
    assert done.finished_at is not None
    end = done.finished_at + timedelta(days=30)
    last = end - timedelta(seconds=1)
    assert (done.document_until, done.status_at(last)) == (end, ReportStatus.DONE)
    assert report_url(world.ports, world.account, done.id, last)
    assert done.status_at(end) is ReportStatus.EXPIRED
    with pytest.raises(ReportExpiredError, match=rf"{end:%Y-%m-%d}T.*Request the report anew"):
        report_url(world.ports, world.account, done.id, end)


@pytest.mark.parametrize("status", [ReportStatus.QUEUED, ReportStatus.RUNNING, ReportStatus.FAILED])
def test_a_report_without_a_document_never_expires(status: ReportStatus) -> None:
    world = a_shop()
    report = replace(world.report(FIRST, LAST), status=status, finished_at=world.now)
    assert report.document_until is None
    assert report.status_at(world.now + timedelta(days=400)) is status


@pytest.mark.usefixtures("small_parts")
def test_a_report_that_cannot_be_written_is_given_up_and_leaves_no_parts() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    write_report(world.ports, world.account, report.id, world.now, lambda: True)
    fail_report(world.ports, world.account, report.id, world.now)
    failed = read_report(world.ports, world.account, report.id, world.now)
    assert (failed.status, failed.checkpoint) == (ReportStatus.FAILED, None)
    assert world.ports.report_files.uploads == {}
    late = write_report(world.ports, world.account, report.id, world.now, lambda: False)
    assert late.status is ReportStatus.FAILED


def test_a_report_that_is_done_cannot_fail_any_more() -> None:
    world = a_shop()
    report = world.report(FIRST, LAST)
    done = world.write(report)
    fail_report(world.ports, world.account, report.id, world.now)
    assert read_report(world.ports, world.account, report.id, world.now) == done


def test_a_report_that_never_began_can_be_given_up() -> None:
    world = World()
    report = world.report(FIRST, LAST)
    fail_report(world.ports, world.account, report.id, world.now)
    assert (
        read_report(world.ports, world.account, report.id, world.now).status is ReportStatus.FAILED
    )


class CountedParts(MemoryReportFiles):
    """Remembers how large each part was."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str:
        self.sizes.append(len(content))
        return super().add_part(key, upload_id, number, content)

    def complete(self, key: str, upload_id: str, parts: Sequence[str]) -> None:
        assert len(parts) == len(self.sizes)
        super().complete(key, upload_id, parts)


def test_every_part_but_the_last_has_the_size_that_the_store_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_document, "PART_BYTES", 2000)
    monkeypatch.setattr(read_packages, "PAGE", 3)
    files = CountedParts()
    world = World(MemoryPorts(report_files=files))
    for number in range(700):
        name = hashlib.sha256(str(number).encode()).hexdigest()
        world.confirm(order_id=name, tracking_number=name[:30])
    report = world.report(FIRST, LAST)
    world.write(report)
    assert len(files.sizes) > 1
    assert min(files.sizes[:-1]) >= 2000


def test_where_no_days_are_asked_for_they_are_those_of_the_rates_window() -> None:
    world = World()
    rate = world.rate()
    asked = days_asked_for(world.ports, world.account, None, None, world.now)
    assert asked == (rate.first_day, rate.last_day)


@pytest.mark.parametrize(
    ("first", "last"),
    [(LAST, FIRST), (date(2020, 1, 1), date(2026, 1, 1)), (date(2020, 1, 1), None)],
)
def test_days_that_are_too_many_or_the_wrong_way_round_are_refused(
    first: date, last: date | None
) -> None:
    world = World()
    with pytest.raises(InvalidRequestError, match="from"):
        days_asked_for(world.ports, world.account, first, last, world.now)


def test_one_day_asked_for_is_completed_by_the_window() -> None:
    world = World()
    today = world.rate().last_day
    ask = replace(world.account)
    assert days_asked_for(world.ports, ask, FIRST, None, world.now) == (FIRST, today)
    ahead = today + timedelta(days=5)
    assert days_asked_for(world.ports, ask, ahead, None, world.now) == (ahead, ahead)
    long_ago = date(2026, 1, 1)
    assert days_asked_for(world.ports, ask, None, long_ago, world.now) == (long_ago, long_ago)
