"""Every operation of the system, run once on AWS in this process, with what it would be billed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from integration.log_volume import log_bytes
from support.aws import aws_account
from support.builders import PLACED, SHIP_DAY, UPS_NUMBER, UPS_NUMBER_2, a_scan, after_order
from support.capacity import Meter, metered
from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import Account
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import BucketKey
from vtr.domain.scans import Milestone, Physical, Scan
from vtr.domain.submissions import Submission
from vtr.ports.queues import Recount
from vtr.use_cases.admit_category import admit_category
from vtr.use_cases.archive_day import archive_day
from vtr.use_cases.manage_keys import open_account
from vtr.use_cases.read_packages import PackageFilter, list_packages
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount
from vtr.use_cases.request_report import request_report
from vtr.use_cases.submit import cancel_order, confirm_package
from vtr.use_cases.write_report import write_report
from vtr_cost import MEASURED

ORDER = "114-3941689-8772232"
NOW = after_order(hours=24)
ENDED = after_order(hours=24 * 400)
LABEL = a_scan(Milestone.LABEL_CREATED, after_order(hours=25))
PHYSICAL = [a_scan(Milestone.IN_TRANSIT, after_order(hours=30 + 5 * n)) for n in range(5)]
NOTE = a_scan(Milestone.CUSTOMS, after_order(hours=60), physical=Physical.NO)
DELIVERY = a_scan(Milestone.DELIVERED, after_order(hours=70))
LIFE = [LABEL, *PHYSICAL, NOTE, DELIVERY]
"""A label event and seven further scans, six of them physical, the last one the delivery."""


class Bill(NamedTuple):
    operation: str
    writes: float
    reads: float


@dataclass
class World:
    """One account on AWS in this process, and the bills of what was done with it."""

    ports: AwsPorts
    account: Account
    meter: Meter
    bills: list[Bill] = field(default_factory=list)

    def bill(self, operation: str, do: Callable[[], object]) -> None:
        writes, reads = self.meter.writes, self.meter.reads
        do()
        self.bills.append(Bill(operation, self.meter.writes - writes, self.meter.reads - reads))

    def submit(self, number: str = UPS_NUMBER, order_id: str = ORDER, day: date = SHIP_DAY) -> None:
        facts = OrderFacts(
            placed_at=PLACED, category="electronics", promised_delivery_date=date(2026, 3, 9)
        )
        submission = Submission(
            order_id=order_id,
            package_id="1",
            carrier="UPS",
            tracking_number=number,
            ship_date=day,
            facts=facts,
        )
        confirm_package(self.ports, self.account, submission, NOW)

    def scan(self, *scans: Scan) -> None:
        for scan in scans:
            record_scans(self.ports, [scan], NOW)

    def live(self) -> None:
        self.submit()
        self.scan(*LIFE)

    def recount(self, now: datetime = NOW, *, reconcile: bool = False) -> None:
        recount(self.ports, Recount(BucketKey(self.account.id, SHIP_DAY), reconcile), now)


def bills() -> list[Bill]:
    """What each operation costs, in the order of a package's life; each line on its own."""
    return [*_one_package(), *_many_packages()]


@contextmanager
def _world() -> Iterator[World]:
    with aws_account() as aws:
        ports = aws.ports()
        account = open_account(ports, "acme", "amazon-us")
        admit_category(ports, account, "electronics")  # written once in an account's life
        ports.accounts.get("acme")
        ports.waivers.of("amazon-us")  # read once every half minute, by whatever comes first
        with metered() as meter:
            yield World(ports, account, meter)


def _one_package() -> Iterator[Bill]:
    with _world() as world:
        world.bill("submit", world.submit)
        world.bill("label event", lambda: world.scan(LABEL))
        world.bill("first physical scan", lambda: world.scan(PHYSICAL[0]))
        world.bill("a further scan", lambda: world.scan(PHYSICAL[1]))
        world.bill("delivery", lambda: world.scan(DELIVERY))
        world.bill("a duplicate of any", lambda: world.scan(PHYSICAL[0]))
        world.bill("the same submission again", world.submit)
        world.bill(
            "cancellation", lambda: cancel_order(world.ports, world.account, ORDER, NOW, NOW)
        )
        world.bill("recount of one package", world.recount)
        world.bill("recount, nothing changed", world.recount)
        world.bill("rate", lambda: read_rate(world.ports, world.account, NOW))
        yield from world.bills
    with _world() as world:
        world.submit(UPS_NUMBER_2)
        world.bill("edit of the number", world.submit)
        yield from world.bills
    with _world() as world:
        world.bill("a package's life", world.live)
        yield from world.bills


def _many_packages() -> Iterator[Bill]:
    with _world() as world:
        for n in range(100):
            world.submit(f"1Z999AA1{n:010}", order_id=f"order-{n:03}")
        wanted = PackageFilter(first_day=SHIP_DAY, last_day=SHIP_DAY)
        world.bill("recount of 100 packages", world.recount)
        world.bill("reconcile of 100 packages", lambda: world.recount(reconcile=True))
        due = after_order(hours=24 * 30)
        world.bill("the same, due and unscanned", lambda: world.recount(due))
        page = lambda: list_packages(world.ports, world.account, wanted, NOW, limit=50)  # noqa: E731 - read next to its name
        world.bill("a page of 50 packages", page)
        report = request_report(world.ports, world.account, SHIP_DAY, SHIP_DAY, NOW)
        world.bill(
            "report of 100 packages",
            lambda: write_report(world.ports, world.account, report.id, NOW, lambda: False),
        )
        archived = BucketKey(world.account.id, SHIP_DAY)
        world.bill("archive of 100 packages", lambda: archive_day(world.ports, archived, ENDED))
        yield from world.bills


def item_bytes() -> dict[str, int]:
    """The size of each item that a package leaves behind, at the end of its life."""
    with _world() as world:
        world.live()
        world.recount()
        return {
            table.rpartition("-")[2]: size
            for (table, key), size in world.meter.sizes.items()
            if "RATE#current" not in key
        }


def measured(found: list[Bill]) -> str:
    """What the cost model counts with, as the text of its data file."""
    operations = {bill.operation: {"writes": bill.writes, "reads": bill.reads} for bill in found}
    figures = {"operations": operations, "item_bytes": item_bytes()}
    figures["log_bytes"] = log_bytes()
    return json.dumps(figures, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    every_bill = bills()
    for each in every_bill:
        print(f"| {each.operation} | {each.writes:g} | {each.reads:g} |")  # noqa: T201 - a command
    figures = measured(every_bill)
    for work, size in json.loads(figures)["log_bytes"].items():
        print(f"| {work} | {size} |")  # noqa: T201 - a command
    MEASURED.write_text(figures, "utf-8")
