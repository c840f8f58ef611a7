"""What the API shows: orders, packages, rates and reports as JSON documents."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

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

Document = dict[str, Any]


def order_document(order: Order, packages: Mapping[str, JudgedPackage]) -> Document:
    facts = order.facts
    return {
        "order_id": order.order_id,
        "placed_at": moment(facts.placed_at),
        "category": facts.category,
        "promised_delivery_date": facts.promised_delivery_date,
        "value": facts.value and facts.value._asdict(),
        "origin": facts.origin,
        "destination": facts.destination,
        "cancelled_at": moment(order.cancelled_at),
        "packages": [package_document(package, order) for package in packages.values()],
    }


def package_document(package: JudgedPackage, order: Order | None = None) -> Document:
    """A package; with its *order*, the history of what was said of it too."""
    said, verdict = package.confirmation, package.verdict
    document = {
        "order_id": said.order_id,
        "package_id": said.package_id,
        "category": said.category,
        "ship_date": said.ship_date,
        "promised_delivery_date": said.promised_delivery_date,
        "confirmed_at": moment(said.confirmed_at),
        "cancelled_at": moment(said.cancelled_at),
        "carrier": _carrier(package),
        "tracking_number": _tracking_number(package),
        "state": verdict.state,
        "reason": verdict.reason,
        "rule": verdict.rule if verdict.state is State.EXEMPT else None,
        "explanation": explain(said, verdict),
        "what_to_do": what_to_do(said, verdict) or None,
        "due_at": moment(verdict.due_at),
        "evidence": _evidence(verdict),
    }
    if order is not None:
        document["history"] = [
            {
                "confirmed_at": moment(statement.confirmed_at),
                "carrier": statement.carrier_stated,
                "tracking_number": statement.number_stated,
                "ship_date": statement.ship_date,
            }
            for statement in order.package(said.package_id).history
        ]
    return document


def rate_document(account: str, rate: Rate) -> Document:
    policy = rate.policy
    return {
        "account": account,
        "policy": policy.id,
        "as_of": moment(rate.as_of),
        "window": {"from": rate.first_day, "to": rate.last_day, "days": policy.window_days},
        "target": {"rate": float(policy.target), "comparator": policy.comparator},
        "overall": _tally(rate.overall, rate),
        "categories": [
            {"category": category, **_tally(tally, rate)}
            for category, tally in rate.categories.items()
        ],
    }


def history_document(history: list[PastRate]) -> Document:
    days = []
    for past in history:
        counts = _tally(past.rate.overall, past.rate)
        days.append({"date": past.day, **counts})
    return {"days": days}


def report_document(report: Report) -> Document:
    return {
        "report_id": report.id,
        "kind": "tracking",
        "status": report.status,
        "from": report.first_day,
        "to": report.last_day,
        "category": report.category,
        "requested_at": moment(report.requested_at),
        "finished_at": moment(report.finished_at),
        "rows": report.rows if report.finished_at else None,
        "bytes": report.bytes if report.finished_at else None,
    }


def suggestions(name: str) -> list[Document]:
    """The carriers that a name nobody goes by may have meant, the likeliest first."""
    return [{"code": code, "name": carrier(code).name} for code in suggest_carriers(name)]


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _carrier(package: JudgedPackage) -> Document:
    code = package.confirmation.carrier
    return {
        "stated": package.confirmation.carrier_stated,
        "code": code,
        "name": carrier(code).name if code else None,
        "supported": package.verdict.reason is not Reason.CARRIER_UNSUPPORTED and code is not None,
        "suggestions": [] if code else suggestions(package.confirmation.carrier_stated),
    }


def _tracking_number(package: JudgedPackage) -> Document:
    said = package.confirmation
    return {
        "stated": said.number_stated,
        "normalised": said.tracking_number or None,
        "check": identify(said.number_stated, said.carrier).verdict,
        "suggested_carrier": suggested_carrier(said, package.verdict),
    }


def _evidence(verdict: Verdict) -> Document:
    return {
        "first_scan_at": moment(verdict.life.first_scan_at) if verdict.life else None,
        "first_physical_scan_at": _mark(verdict.first_physical_scan),
        "delivered_at": _mark(verdict.delivered),
    }


def _mark(mark: Mark | None) -> str | None:
    return moment(mark.at) if mark else None


def _tally(tally: Tally, rate: Rate) -> Document:
    share = tally.share(rate.policy)
    return {
        "packages": tally.packages,
        "valid": tally.states[State.VALID],
        "unconfirmed": tally.states[State.UNCONFIRMED],
        "pending": tally.states[State.PENDING],
        "exempt": tally.states[State.EXEMPT],
        **_share(share),
        "forecast": _share(tally.forecast(rate.policy)),
        "reasons": {reason: tally.reasons[reason] for reason in sorted(tally.reasons)},
    }


def _share(share: Share) -> Document:
    return {"rate": None if share.rate is None else float(share.rate), "status": share.status}
