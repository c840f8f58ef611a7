"""Orders and packages as the API shows them."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET

from vtr.api.schemas import orders as schemas
from vtr.api.schemas.timestamps import moment
from vtr.domain.carriers import carrier
from vtr.domain.carriers.families import families_named
from vtr.domain.carriers.suggestions import suggest_carriers
from vtr.domain.evidence import Mark
from vtr.domain.orders import Order
from vtr.domain.seller_messages import explain, suggested_carrier, warnings_of, what_to_do
from vtr.domain.tracking_numbers import identify
from vtr.domain.verdict import JudgedPackage, Reason, State, Verdict


def order_document(order: Order, packages: Mapping[str, JudgedPackage]) -> schemas.Order:
    facts = order.facts
    return schemas.Order(
        order_id=order.order_id,
        placed_at=moment(facts.placed_at),
        category=facts.category,
        promised_delivery_date=facts.promised_delivery_date,
        value=schemas.Money(**facts.value._asdict()) if facts.value else None,
        origin=facts.origin,
        destination=facts.destination,
        cancelled_at=moment(order.cancelled_at),
        packages=[package_document(package, order) for package in packages.values()],
    )


def package_document(package: JudgedPackage, order: Order | None = None) -> schemas.Package:
    """Return a package; with its *order*, also the history of what was said of it."""
    said, verdict = package.confirmation, package.verdict
    return schemas.Package(
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
        warnings=warnings_of(package),
        due_at=moment(verdict.due_at),
        evidence=_evidence(verdict),
        history=_history(said.package_id, order) if order else UNSET,
    )


def suggestions(name: str) -> list[schemas.SuggestedCarrier]:
    """Return the carriers that an unknown name may mean, the likeliest first."""
    return [
        schemas.SuggestedCarrier(code=code, name=carrier(code).name)
        for code in suggest_carriers(name)
    ]


def _carrier(package: JudgedPackage) -> schemas.StatedCarrier:
    said = package.confirmation
    unsupported = package.verdict.reason is Reason.CARRIER_UNSUPPORTED
    return schemas.StatedCarrier(
        stated=said.carrier_stated,
        code=said.carrier,
        name=carrier(said.carrier).name if said.carrier else None,
        supported=said.carrier is not None and not unsupported,
        suggestions=[] if said.carrier else suggestions(said.carrier_stated),
    )


def _tracking_number(package: JudgedPackage) -> schemas.StatedNumber:
    said = package.confirmation
    named = families_named(said.carrier or "", said.carrier_stated)
    return schemas.StatedNumber(
        stated=said.number_stated,
        normalised=said.tracking_number or None,
        check=identify(said.number_stated, said.carrier, named).verdict,
        suggested_carrier=suggested_carrier(said, package.verdict),
    )


def _evidence(verdict: Verdict) -> schemas.Evidence:
    use, by = verdict.number_use, verdict.scanned_by
    return schemas.Evidence(
        first_scan_at=moment(use.first_scan_at) if use else None,
        first_physical_scan_at=_mark(verdict.first_physical_scan),
        first_physical_scan=_scan_mark(verdict.first_physical_scan),
        delivered_at=_mark(verdict.delivered),
        delivered=_scan_mark(verdict.delivered),
        scanned_by=schemas.SuggestedCarrier(code=by, name=carrier(by).name) if by else None,
    )


def _scan_mark(mark: Mark | None) -> schemas.ScanMark | None:
    return schemas.ScanMark(code=mark.code, place=mark.place or None) if mark else None


def _history(package_id: str, order: Order) -> list[schemas.Statement]:
    return [
        schemas.Statement(
            confirmed_at=moment(statement.confirmed_at),
            carrier=statement.carrier_stated,
            tracking_number=statement.number_stated,
            ship_date=statement.ship_date,
        )
        for statement in order.package(package_id).history
    ]


def _mark(mark: Mark | None) -> datetime | None:
    return moment(mark.at) if mark else None
