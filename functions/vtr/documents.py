"""Orders, packages, rates and reports as the API shows them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import overload

from msgspec import UNSET
from msgspec.structs import asdict

from vtr import answers
from vtr.bootstrap import suggest_carriers
from vtr.domain.carriers import carrier
from vtr.domain.evidence import Mark
from vtr.domain.explanations import explain, suggested_carrier, what_to_do
from vtr.domain.packages import Order
from vtr.domain.rates import Rate, Share, Tally
from vtr.domain.reports import Report
from vtr.domain.tracking_numbers import identify
from vtr.domain.verdict import JudgedPackage, Reason, State, Verdict
from vtr.use_cases.read_rates import PastRate


def order_document(order: Order, packages: Mapping[str, JudgedPackage]) -> answers.Order:
    facts = order.facts
    return answers.Order(
        order_id=order.order_id,
        placed_at=moment(facts.placed_at),
        category=facts.category,
        promised_delivery_date=facts.promised_delivery_date,
        value=answers.Money(**facts.value._asdict()) if facts.value else None,
        origin=facts.origin,
        destination=facts.destination,
        cancelled_at=moment(order.cancelled_at),
        packages=[package_document(package, order) for package in packages.values()],
    )


def package_document(package: JudgedPackage, order: Order | None = None) -> answers.Package:
    """A package; with its *order*, the history of what was said of it too."""
    said, verdict = package.confirmation, package.verdict
    return answers.Package(
        order_id=said.order_id,
        package_id=said.package_id,
        category=said.category,
        ship_date=said.ship_date,
        promised_delivery_date=said.promised_delivery_date,
        confirmed_at=moment(said.confirmed_at),
        cancelled_at=moment(said.cancelled_at),
        carrier=_carrier(package),
        tracking_number=_tracking_number(package),
        state=verdict.state,
        reason=verdict.reason,
        rule=verdict.rule if verdict.state is State.EXEMPT else None,
        explanation=explain(said, verdict),
        what_to_do=what_to_do(said, verdict) or None,
        due_at=moment(verdict.due_at),
        evidence=_evidence(verdict),
        history=_history(said.package_id, order) if order else UNSET,
    )


def rate_document(account: str, rate: Rate) -> answers.Rate:
    policy = rate.policy
    return answers.Rate(
        account=account,
        policy=policy.id,
        as_of=moment(rate.as_of),
        window=answers.Window(from_=rate.first_day, to=rate.last_day, days=policy.window_days),
        target=answers.Target(rate=float(policy.target), comparator=policy.comparator),
        overall=_counts(rate.overall, rate),
        categories=[
            answers.CategoryRate(category=category, **asdict(_counts(tally, rate)))
            for category, tally in rate.categories.items()
        ],
    )


def history_document(history: list[PastRate]) -> answers.RateHistory:
    return answers.RateHistory(
        days=[
            answers.DayRate(day=past.day, **asdict(_counts(past.rate.overall, past.rate)))
            for past in history
        ]
    )


def report_document(report: Report) -> answers.Report:
    return answers.Report(
        report_id=report.id,
        kind="tracking",
        status=report.status,
        from_=report.first_day,
        to=report.last_day,
        category=report.category,
        requested_at=moment(report.requested_at),
        finished_at=moment(report.finished_at),
        rows=report.rows if report.finished_at else None,
        bytes=report.bytes if report.finished_at else None,
    )


def suggestions(name: str) -> list[answers.SuggestedCarrier]:
    """The carriers that a name nobody goes by may have meant, the likeliest first."""
    return [
        answers.SuggestedCarrier(code=code, name=carrier(code).name)
        for code in suggest_carriers(name)
    ]


@overload
def moment(at: datetime) -> datetime: ...
@overload
def moment(at: None) -> None: ...
@overload
def moment(at: datetime | None) -> datetime | None: ...
def moment(at: datetime | None) -> datetime | None:
    """In UTC and to the second, as every time is shown."""
    return at.astimezone(UTC).replace(microsecond=0) if at else None


def _carrier(package: JudgedPackage) -> answers.StatedCarrier:
    said = package.confirmation
    unsupported = package.verdict.reason is Reason.CARRIER_UNSUPPORTED
    return answers.StatedCarrier(
        stated=said.carrier_stated,
        code=said.carrier,
        name=carrier(said.carrier).name if said.carrier else None,
        supported=said.carrier is not None and not unsupported,
        suggestions=[] if said.carrier else suggestions(said.carrier_stated),
    )


def _tracking_number(package: JudgedPackage) -> answers.StatedNumber:
    said = package.confirmation
    return answers.StatedNumber(
        stated=said.number_stated,
        normalised=said.tracking_number or None,
        check=identify(said.number_stated, said.carrier).verdict,
        suggested_carrier=suggested_carrier(said, package.verdict),
    )


def _evidence(verdict: Verdict) -> answers.Evidence:
    return answers.Evidence(
        first_scan_at=moment(verdict.life.first_scan_at) if verdict.life else None,
        first_physical_scan_at=_mark(verdict.first_physical_scan),
        delivered_at=_mark(verdict.delivered),
    )


def _history(package_id: str, order: Order) -> list[answers.Statement]:
    return [
        answers.Statement(
            confirmed_at=moment(statement.confirmed_at),
            carrier=statement.carrier_stated,
            tracking_number=statement.number_stated,
            ship_date=statement.ship_date,
        )
        for statement in order.package(package_id).history
    ]


def _mark(mark: Mark | None) -> datetime | None:
    return moment(mark.at) if mark else None


def _counts(tally: Tally, rate: Rate) -> answers.Counts:
    share, forecast = tally.share(rate.policy), tally.forecast(rate.policy)
    return answers.Counts(
        packages=tally.packages,
        valid=tally.states[State.VALID],
        unconfirmed=tally.states[State.UNCONFIRMED],
        pending=tally.states[State.PENDING],
        exempt=tally.states[State.EXEMPT],
        rate=_ratio(share),
        status=share.status,
        forecast=answers.Forecast(rate=_ratio(forecast), status=forecast.status),
        reasons={reason: tally.reasons[reason] for reason in sorted(tally.reasons)},
    )


def _ratio(share: Share) -> float | None:
    return None if share.rate is None else float(share.rate)
