"""A world on AWS's engine for what happens at the same time, and on a line that can be planned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from contract.worlds import AwsWorld
from support.aws import aws_account
from support.builders import (
    SHIP_DAY,
    a_submission,
    after_order,
)
from support.faulty_client import Fault, FaultyLine
from vtr.adapters.dynamodb.tables import TABLES
from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Policy, Sharing, policy
from vtr.domain.scans import Scan
from vtr.domain.verdict import JudgedPackage, Reason
from vtr.ports import Ports
from vtr.use_cases import judge, policy_in_force
from vtr.use_cases.manage_keys import open_account
from vtr.use_cases.read_packages import read_order, read_package
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.recount import rows_of
from vtr.use_cases.submit import confirm_package

NOW = after_order(days=10)
"""When everything has happened: every package is due."""

FIRST_DAY, LAST_DAY = date(2026, 3, 1), date(2026, 3, 31)


@contextmanager
def fresh_world() -> Iterator[tuple[AwsWorld, Account]]:
    with aws_account() as aws:
        world = AwsWorld(aws)
        world.now = NOW
        yield world, open_account(world.ports, "acme", "amazon-us")


@contextmanager
def numbers_shared(sharing: Sharing) -> Iterator[None]:
    """Amazon's rules, but for who may name a number that another order has named."""

    def lookup(policy_id: str, on: date) -> Policy:
        return replace(policy(policy_id, on), sharing=sharing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy_in_force, "policy", lookup)
        policy_in_force.rules_of.cache_clear()
        try:
            yield
        finally:
            policy_in_force.rules_of.cache_clear()


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
        """Plan these faults for the next such requests on a table or queue."""
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
