"""Every operation of the system, run once on AWS in this process, with what it would be billed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from support.aws import aws_account
from support.builders import PLACED, SHIP_DAY, UPS_NUMBER, UPS_NUMBER_2, a_scan, after_order
from support.capacity import metered
from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey, OrderFacts
from vtr.domain.scans import Milestone, Physical, Scan
from vtr.domain.submissions import Submission
from vtr.use_cases.keys import open_account
from vtr.use_cases.ports import Recount
from vtr.use_cases.read_packages import PackageFilter, list_packages
from vtr.use_cases.read_rates import read_rate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import recount
from vtr.use_cases.reports import request_report, write_report
from vtr.use_cases.submit import cancel_order, confirm_package

ORDER = "114-3941689-8772232"
NOW = after_order(hours=24)
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
    bills: list[Bill]

    def bill(self, operation: str, do: Callable[[], object]) -> None:
        with metered() as meter:
            do()
        self.bills.append(Bill(operation, meter.writes, meter.reads))

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

    def recount(self, now: datetime = NOW) -> None:
        recount(self.ports, Recount(BucketKey(self.account.id, SHIP_DAY)), now)


def bills() -> list[Bill]:
    """What each operation costs, in the order of a package's life; each line on its own."""
    return [*_one_package(), *_many_packages()]


def _world(ports: AwsPorts) -> World:
    account = open_account(ports, "acme", "amazon-us")
    ports.waivers.of("amazon-us")  # read once every half minute, by whatever comes first
    return World(ports, account, [])


def _one_package() -> Iterator[Bill]:
    with aws_account() as aws:
        world = _world(aws.ports())
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
    with aws_account() as aws:
        world = _world(aws.ports())
        world.submit(UPS_NUMBER_2)
        world.bill("edit of the number", world.submit)
        yield from world.bills
    with aws_account() as aws:
        world = _world(aws.ports())
        world.bill("a package's life", world.live)
        yield from world.bills


def _many_packages() -> Iterator[Bill]:
    with aws_account() as aws:
        world = _world(aws.ports())
        for n in range(100):
            world.submit(f"1Z999AA1{n:010}", order_id=f"order-{n:03}")
        wanted = PackageFilter(first_day=SHIP_DAY, last_day=SHIP_DAY)
        world.bill("recount of 100 packages", world.recount)
        due = after_order(hours=24 * 30)
        world.bill("the same, due and unscanned", lambda: world.recount(due))
        page = lambda: list_packages(world.ports, world.account, wanted, NOW, limit=50)  # noqa: E731 - read beside its name
        world.bill("a page of 50 packages", page)
        report = request_report(world.ports, world.account, SHIP_DAY, SHIP_DAY, NOW)
        world.bill(
            "report of 100 packages",
            lambda: write_report(world.ports, world.account, report.id, NOW, lambda: False),
        )
        yield from world.bills


if __name__ == "__main__":
    for each in bills():
        print(f"| {each.operation} | {each.writes:g} | {each.reads:g} |")  # noqa: T201 - a command
