"""What the tests speak of, with defaults that count: a test names only what its rule is about.

The default world: an order of 2 March 2026, 10:00 in Los Angeles, whose package leaves the next
day with UPS and is due at the end of 6 March.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vtr.domain.carriers import resolve
from vtr.domain.evidence import Evidence, evidence_of, merged
from vtr.domain.orders import Order, OrderFacts
from vtr.domain.packages import Confirmation, Package, Statement
from vtr.domain.policies import Policy, policy
from vtr.domain.scans import Milestone, Physical, Scan
from vtr.domain.submissions import Submission
from vtr.domain.verdict import Verdict, verdict

PLACED = datetime(2026, 3, 2, 18, tzinfo=UTC)
SHIP_DAY = date(2026, 3, 3)
DUE = datetime(2026, 3, 7, 8, tzinfo=UTC)

UPS_NUMBER = "1Z999AA10123456784"
UPS_NUMBER_2 = "1Z12345E0205271688"
USPS_NUMBER = "9400111202555842332669"

NOT_PHYSICAL = {
    Milestone.LABEL_CREATED,
    Milestone.PICKUP_SCHEDULED_OR_CANCELLED,
    Milestone.ADMIN_UPDATE,
    Milestone.VOIDED,
    Milestone.NOT_FOUND,
}


def after_order(*, days: float = 0, hours: float = 0) -> datetime:
    """A time after the order was placed; before it where negative."""
    return PLACED + timedelta(days=days, hours=hours)


def rules(**changes: Any) -> Policy:
    """The rules of amazon-us in March 2026, but for the changes."""
    return replace(policy("amazon-us", SHIP_DAY), **changes)


def a_confirmation(
    *, carrier: str | None = "ups", number: str = UPS_NUMBER, **changes: Any
) -> Confirmation:
    return replace(
        Confirmation(
            account="acme",
            policy="amazon-us",
            order_id="111-0000001",
            package_id="1",
            shard=0,
            revision=1,
            placed_at=PLACED,
            category="Toys",
            carrier_stated=carrier or "Pigeon Post",
            carrier=carrier,
            number_stated=number,
            tracking_number=number,
            ship_date=SHIP_DAY,
            confirmed_at=after_order(hours=24),
        ),
        **changes,
    )


def a_scan(
    milestone: Milestone = Milestone.ACCEPTED,
    at: datetime | None = None,
    *,
    carrier: str = "ups",
    number: str = UPS_NUMBER,
    **changes: Any,
) -> Scan:
    """A scan by the carrier, a day and a half after the order; physical as its milestone says."""
    occurred_at = at or after_order(hours=36)
    return replace(
        Scan(
            carrier=carrier,
            tracking_number=number,
            codes=(milestone.upper(),),
            milestone=milestone,
            physical=Physical.NO if milestone in NOT_PHYSICAL else Physical.YES,
            occurred_at=occurred_at,
            event_key=f"{carrier}#{number}#{milestone}#{occurred_at.isoformat()}",
            source="standard",
        ),
        **changes,
    )


def a_label(at: datetime | None = None, **changes: Any) -> Scan:
    return a_scan(Milestone.LABEL_CREATED, at or after_order(hours=20), **changes)


def a_delivery(at: datetime | None = None, **changes: Any) -> Scan:
    return a_scan(Milestone.DELIVERED, at or after_order(days=3), **changes)


def a_retraction(of: Scan, at: datetime) -> Scan:
    """The carrier takes a scan back."""
    taken_back = replace(of, milestone=Milestone.ADMIN_UPDATE, physical=Physical.NO)
    return replace(taken_back, occurred_at=at, retracts=of.codes[0], codes=("UNDO",))


def seen(*scans: Scan) -> Evidence:
    """The evidence that these scans are, in the order in which they came."""
    return merged(evidence_of(scan) for scan in scans)


def judge(
    confirmation: Confirmation,
    *scans: Scan,
    under: Policy | None = None,
    as_of: datetime | None = None,
    held_by_other: bool = False,
) -> Verdict:
    """The verdict; long after the package was due, where nothing else is said."""
    evidence = replace(seen(*scans), held_by_other=held_by_other)
    return verdict(confirmation, evidence, under or rules(), as_of or DUE + timedelta(days=1))


def some_facts(**changes: Any) -> OrderFacts:
    return replace(OrderFacts(placed_at=PLACED, category="Toys"), **changes)


def a_statement(
    *,
    carrier: str = "UPS",
    number: str = UPS_NUMBER,
    at: datetime | None = None,
    **changes: Any,
) -> Statement:
    return replace(
        Statement(
            confirmed_at=at or after_order(hours=24),
            carrier_stated=carrier,
            carrier=resolve(carrier),
            number_stated=number,
            tracking_number=number,
            ship_date=SHIP_DAY,
        ),
        **changes,
    )


def a_package(*statements: Statement, **changes: Any) -> Package:
    package = Package(package_id="1", shard=0, history=(statements or (a_statement(),))[:1])
    for statement in statements[1:]:
        package = package.stating(statement)
    return replace(package, **changes)


def an_order(*packages: Package, **changes: Any) -> Order:
    order = Order(account="acme", order_id="111-0000001", facts=some_facts())
    for package in packages:
        order = order.with_package(package)
    return replace(order, **changes)


def a_submission(**changes: Any) -> Submission:
    return replace(
        Submission(
            order_id="111-0000001",
            package_id="1",
            carrier="UPS",
            tracking_number=UPS_NUMBER,
            ship_date=SHIP_DAY,
            facts=some_facts(),
        ),
        **changes,
    )


def every_order_of(scans: Iterable[Scan]) -> list[list[Scan]]:
    """Some orders of arrival: as they are, backwards, each one first, and everything twice."""
    listed = list(scans)
    turned = [listed[n:] + listed[:n] for n in range(len(listed))]
    return [*turned, listed[::-1], listed + listed, listed[::-1] + listed]
