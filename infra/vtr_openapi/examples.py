"""Examples of responses: made by the API's own code, over a small world in memory."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import Struct, convert, structs, to_builtins

from submit_tracking.schemas import LineBody
from vtr.adapters.memory import MemoryPorts
from vtr.api.presenters.carriers import carriers_document
from vtr.api.presenters.numbers import check_number
from vtr.api.presenters.orders import order_document, package_document
from vtr.api.presenters.rates import history_document, rate_document, report_document
from vtr.api.problems import problem_of
from vtr.api.schemas.numbers import CheckedNumbers
from vtr.api.validation import read_fields
from vtr.domain.accounts import Account
from vtr.domain.errors import FieldProblem, InvalidRequestError, OrderFactsMissingError, VtrError
from vtr.domain.policies import policy
from vtr.domain.rates import rate
from vtr.domain.reports import Report, ReportStatus
from vtr.domain.seller_messages import explain, what_to_do
from vtr.domain.verdict import Reason, State, state_of
from vtr.sources import source
from vtr.sources.shared.base import WebhookRequest
from vtr.use_cases.list_carriers import list_carriers
from vtr.use_cases.read_packages import read_package
from vtr.use_cases.read_rates import PastRate
from vtr.use_cases.record_scans import record_scans
from vtr.use_cases.submit import confirm_package
from vtr_openapi import answers
from vtr_openapi.bodies import BATCH_BODY, DELIVERY_BODY, NUMBERS_BODY, ORDER, ORDER_BODY

CONFIRMED = datetime(2026, 10, 21, 20, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
REPORT_ID = "0f8e5c2ab14d4c6f9d0f7f1f2a3b4c5d"
REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
COUNTS = {
    "books": {Reason.VALID: 118, Reason.NO_SCAN: 1},
    "electronics": {Reason.VALID: 122, Reason.NO_SCAN: 3, Reason.CARRIER_MISMATCH: 8},
}
RULES = {Reason.EXEMPT: "freight", Reason.WAIVED: "strike at UPS"}
STILL_PENDING = {"electronics": {Reason.NO_SCAN: 40}}


class World:
    """A world with one package that was confirmed and then scanned."""

    def __init__(self) -> None:
        ports = MemoryPorts()
        account = Account(id="acme", policy="amazon-us", cursor_secret=b"example")
        ports.accounts.add(account)
        line = read_fields({**BATCH_BODY["packages"][0], "order": ORDER_BODY}, LineBody)
        submission = line.submission(line.order_id, line.package_id)
        submitted = confirm_package(ports, account, submission, CONFIRMED)
        self.as_confirmed = package_document(submitted.packages["1"], submitted.order)
        scans = source("standard").decode(json.dumps(DELIVERY_BODY).encode()).scans
        record_scans(ports, scans, NOW)
        self.order, self.package = read_package(ports, account, ORDER, "1", NOW)
        self.carriers = carriers_document(list_carriers(account, "fedex", NOW))


def answer_examples() -> dict[str, Any]:
    """Return one response of each kind as JSON, by the name of its type."""
    world = World()
    return {type(one).__name__: to_builtins(one) for one in _answers(world)}


def reasons() -> Iterator[tuple[Reason, State, str, str]]:
    """Yield every reason with its final state, and its texts for the seller of a UPS package."""
    package = World().package
    for reason in Reason:
        said, state = package.confirmation, state_of(reason, due=True)
        if reason is Reason.CARRIER_MISMATCH:
            said = replace(said, carrier="fedex", carrier_stated="FedEx")
        if reason is Reason.CARRIER_UNKNOWN:
            said = replace(said, carrier=None, carrier_stated="Pigeon Post")
        rule = RULES.get(reason)
        verdict = replace(package.verdict, state=state, reason=reason, rule=rule)
        yield reason, state, explain(said, verdict), what_to_do(said, verdict)


def _answers(world: World) -> Iterator[Struct]:
    yield answers.Health(status="ok")
    yield _delivery_answer()
    yield package_document(world.package, world.order)
    yield order_document(world.order, {"1": world.package})
    listed = package_document(world.package)
    yield answers.PackageList(packages=[listed], next_cursor="kT3o1H8cQ0yBvZ6mW2sJfA")
    yield _batch(world.as_confirmed)
    checked = [check_number(one["number"], one["carrier"]) for one in NUMBERS_BODY["numbers"]]
    yield from (*checked, CheckedNumbers(results=checked))
    yield world.carriers
    yield from _rates()
    yield from _reports()
    ahead = FieldProblem(
        "ship_date", "must be at most 7 days ahead", "Send the day on which the package left."
    )
    yield structs.replace(_problem(InvalidRequestError(ahead)), request_id=REQUEST_ID)


def _delivery_answer() -> answers.DeliveryAnswer:
    standard = source("standard")
    answered = standard.respond(WebhookRequest(body=json.dumps(DELIVERY_BODY).encode()))
    return convert(json.loads(answered.body), answers.DeliveryAnswer)


def _batch(package: answers.Package) -> answers.BatchResult:
    other = BATCH_BODY["packages"][1]
    unknown = OrderFactsMissingError(
        f"order {other['order_id']} is not known yet. Send its facts with the package as `order` "
        "(placed_at and category), or PUT the order first."
    )
    return answers.BatchResult(
        accepted=1,
        rejected=1,
        results=[
            answers.LineResult(line=1, status=201, order_id=ORDER, package_id="1", package=package),
            answers.LineResult(
                line=2,
                status=422,
                order_id=other["order_id"],
                package_id=other["package_id"],
                problem=_problem(unknown),
            ),
        ],
    )


def _rates() -> Iterator[Struct]:
    days = {date(2026, 11, 2): COUNTS, date(2026, 11, 22): STILL_PENDING}
    now = rate(days, policy("amazon-us", NOW.date()), NOW)
    yield rate_document("acme", now)
    yield history_document([PastRate(NOW.date(), now)])


def _reports() -> Iterator[Struct]:
    yield report_document(
        Report(
            id=REPORT_ID,
            account="acme",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
            category="electronics",
            requested_at=NOW,
            status=ReportStatus.DONE,
            rows=1204,
            bytes=61883,
            finished_at=NOW + timedelta(seconds=4),
        ),
        NOW + timedelta(minutes=1),
    )
    yield answers.ReportDocument(
        url=f"https://bucket.s3.amazonaws.com/reports/acme/{REPORT_ID}.csv?X-Amz-Signature=…",
        expires_at=NOW + timedelta(minutes=5),
    )


def _problem(error: VtrError) -> answers.Problem:
    return convert(problem_of(error), answers.Problem)
