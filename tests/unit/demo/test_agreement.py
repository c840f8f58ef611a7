"""The oracle and the domain, written apart, come to one verdict on every package."""

import json
from datetime import date, datetime, time, timedelta

import pytest

from submit_tracking.schemas import LineBody
from vtr.api.validation import read_fields
from vtr.domain.evidence import NO_EVIDENCE, Evidence, evidence_of
from vtr.domain.orders import Order
from vtr.domain.packages import Package as DomainPackage
from vtr.domain.packages import ParcelKey
from vtr.domain.policies import Policy, policy
from vtr.domain.verdict import Verdict, verdict
from vtr.sources import source
from vtr_demo.api_calls import PackageStatement, scan_document, scans_as_they_come
from vtr_demo.books import Books, Package
from vtr_demo.books import Order as ShopOrder
from vtr_demo.desk import ZONE
from vtr_demo.oracle import Oracle
from vtr_demo.shop import books_of

TODAY = date(2026, 11, 23)


def evidence_by_parcel(books: Books) -> dict[ParcelKey, Evidence]:
    scans = [scan_document(scan) for scan in scans_as_they_come(books)]
    body = json.dumps({"type": "scan.recorded", "data": {"scans": scans}}).encode()
    evidence: dict[ParcelKey, Evidence] = {}
    for scan in source("standard").decode(body).scans:
        key = ParcelKey(scan.tracking_number)
        evidence[key] = evidence.get(key, NO_EVIDENCE).merge(evidence_of(scan))
    return evidence


def judged(
    order: ShopOrder, package: Package, evidence: dict[ParcelKey, Evidence], rules: Policy,
    as_of: datetime,
) -> Verdict:  # fmt: skip
    lines = [PackageStatement(order, package, said).line for said in package.statements]
    bodies = [read_fields(line, LineBody) for line in lines]
    said = [body.submission(body.order_id, body.package_id) for body in bodies]
    known = Order(
        account="acme",
        order_id=order.order_id,
        facts=bodies[0].order.facts() if bodies[0].order else pytest.fail("no facts"),
        packages={
            package.package_id: DomainPackage(
                package_id=package.package_id,
                shard=0,
                history=tuple(each.statement(rules, as_of) for each in said),
            )
        },
    )
    claim = known.confirmation(package.package_id, "amazon-us")
    found = evidence.get(claim.parcel, NO_EVIDENCE) if claim.parcel else NO_EVIDENCE
    return verdict(claim, found, rules, as_of)


@pytest.mark.parametrize("back", range(0, 28, 5))
def test_they_agree_on_state_reason_and_moments(back: int) -> None:
    today = TODAY - timedelta(days=back)
    books, as_of = books_of(today), datetime.combine(today, time(9), ZONE)
    rules = policy("amazon-us", today)
    evidence = evidence_by_parcel(books)
    with_waivers = rules.with_waivers(books.waivers)
    for one in Oracle(books, rules, as_of).count():
        found = judged(one.order, one.package, evidence, with_waivers, as_of)
        assert (found.state, found.reason) == (one.state, one.reason), one.package.story
        first, delivered = found.first_physical_scan, found.delivered
        assert (first.at if first else None) == one.first_physical_scan
        assert (delivered.at if delivered else None) == one.delivered
