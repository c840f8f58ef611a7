"""A small world in memory: the use cases over the ports in memory, and a clock to be set."""

import csv
import gzip
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from support.builders import PLACED, a_submission
from vtr.adapters.memory import MemoryPorts
from vtr.domain.accounts import Account
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import BucketKey
from vtr.domain.rates import Rate
from vtr.domain.reports import Report, ReportStatus
from vtr.domain.scans import Scan
from vtr.domain.verdict import JudgedPackage, Reason, State
from vtr.use_cases.manage_keys import open_account
from vtr.use_cases.read_packages import PackageFilter, PackagePage, list_packages, read_package
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount
from vtr.use_cases.request_report import request_report
from vtr.use_cases.roll_over_days import roll_over_days
from vtr.use_cases.submit import Submitted, cancel_order, confirm_package, place_order
from vtr.use_cases.write_report import write_report


class World:
    """One account in memory. ``now`` is a day after the first order, until it is set."""

    def __init__(self, ports: MemoryPorts | None = None) -> None:
        self.ports = ports or MemoryPorts()
        self.now = PLACED + timedelta(days=1)
        self.account = open_account(self.ports, "acme", "amazon-us")

    def another_account(self, name: str) -> "World":
        """The same world as another account sees it."""
        other = World(self.ports)
        other.account = open_account(self.ports, name, "amazon-us")
        return other

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def confirm(self, account: Account | None = None, **changes: Any) -> Submitted:
        """Confirm or edit a package; the next thing happens a second later."""
        submission = a_submission(**changes)
        submitted = confirm_package(self.ports, account or self.account, submission, self.now)
        self.passes(seconds=1)
        return submitted

    def confirmed(self, **changes: Any) -> JudgedPackage:
        (package,) = self.confirm(**changes).packages.values()
        return package

    def place(self, facts: OrderFacts, order_id: str = "111-0000001") -> Submitted:
        return place_order(self.ports, self.account, order_id, facts, self.now)

    def cancel(self, at: datetime | None = None, order_id: str = "111-0000001") -> Submitted:
        return cancel_order(self.ports, self.account, order_id, at or self.now, self.now)

    def scan(self, *scans: Scan, repeated: bool = False) -> None:
        record_scans(self.ports, scans, self.now, repeated=repeated)

    def package(self, order_id: str = "111-0000001", package_id: str = "1") -> JudgedPackage:
        return read_package(self.ports, self.account, order_id, package_id, self.now)[1]

    def reason(self, order_id: str = "111-0000001", package_id: str = "1") -> Reason:
        return self.package(order_id, package_id).verdict.reason

    def recount(self) -> None:
        """Process the waiting recounts."""
        for task in self.ports.recounts.due(self.now + timedelta(minutes=5)):
            recount(self.ports, task, self.now)

    def turn(self) -> None:
        """Run the day rollover."""
        roll_over_days(self.ports, self.now, every_account=True)
        self.recount()

    def rate(self) -> Rate:
        """The rate, once every recount that was asked for is done."""
        self.recount()
        return read_rate(self.ports, self.account, self.now)

    def states(self) -> dict[State, int]:
        return {state: n for state, n in self.rate().overall.states.items() if n}

    def counted(self, day: date, shard: int = 0) -> dict[Reason, int]:
        """What a bucket of the default category counts."""
        self.recount()
        known = self.ports.rates.bucket(BucketKey(self.account.id, day, shard))
        return dict(known.counts.get("Toys", {})) if known else {}

    def listed(self, **wanted: Any) -> PackagePage:
        after, limit = wanted.pop("after", None), wanted.pop("limit", 50)
        first_day = wanted.pop("first_day", date(2026, 2, 1))
        last_day = wanted.pop("last_day", date(2026, 4, 30))
        asked = PackageFilter(first_day=first_day, last_day=last_day, **wanted)
        return list_packages(self.ports, self.account, asked, self.now, after=after, limit=limit)

    def all_listed(self, *, limit: int = 50, **wanted: Any) -> list[JudgedPackage]:
        """Every package of a list, walked page by page."""
        found: list[JudgedPackage] = []
        page = self.listed(limit=limit, **wanted)
        found.extend(page.packages)
        while page.after is not None:
            page = self.listed(limit=limit, after=page.after, **wanted)
            found.extend(page.packages)
        return found

    def report(self, first: date, last: date, category: str | None = None) -> Report:
        return request_report(self.ports, self.account, first, last, self.now, category)

    def write(self, report: Report, *, runs_of_pages: int | None = None) -> Report:
        """Write a report; each run ends after this many pages, and the queue brings the next."""
        while True:
            self.ports.report_queue.sent.pop(0)
            out_of_time = _after_pages(runs_of_pages or 10**9)
            written = write_report(self.ports, self.account, report.id, self.now, out_of_time)
            if written.status is ReportStatus.DONE or not self.ports.report_queue.sent:
                return written

    def document(self, report: Report) -> list[dict[str, str]]:
        content = self.ports.report_files.documents[report.document_key]
        text = gzip.decompress(content).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))


def _after_pages(pages: int) -> Callable[[], bool]:
    left = iter(range(pages - 1))
    return lambda: next(left, None) is None
