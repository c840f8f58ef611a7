"""The oracle: a brute-force count of the shop's books.

It shares no code with what it checks. It knows every label, and walks through every scan for every
package. Of the policy it takes the numbers and the lists, and judges by its own reading of the
rules.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from vtr.domain.policies import Policy
from vtr.domain.verdict import Reason, State
from vtr_demo.books import Books, Order, Package, Scan, Statement

# Milestones at which the carrier has the package in its hands.
HELD = {"accepted", "arrived", "departed", "out_for_delivery", "delivered"}
TAKEN_BACK_WITHIN = timedelta(hours=24)

SCAN_MAY_FOLLOW = {
    Reason.CARRIER_MISMATCH,
    Reason.FORMAT_MISMATCH,
    Reason.LABEL_ONLY,
    Reason.INSUFFICIENT_SCANS,
    Reason.NO_SCAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one package really is, and the moments that its line in the report must show."""

    order: Order
    package: Package
    reason: Reason
    state: State
    first_physical_scan: datetime | None
    delivered: datetime | None

    @property
    def key(self) -> tuple[str, str]:
        return self.order.order_id, self.package.package_id

    @property
    def day(self) -> date:
        return self.package.said.ship_date


def count_rates(counted: list[Counted], policy: Policy) -> dict[str, dict[str, Any]]:
    """Return the numbers of each category and of ``overall``, as ``GET /v1/rates`` names them."""
    rates = {"overall": _rate(counted, policy)}
    for category in sorted({one.order.category for one in counted}):
        rates[category] = _rate([one for one in counted if one.order.category == category], policy)
    return rates


def _rate(counted: list[Counted], policy: Policy) -> dict[str, Any]:
    states = Counter(one.state for one in counted)
    reasons = Counter(one.reason for one in counted if one.state is State.UNCONFIRMED)
    valid, unconfirmed = states[State.VALID], states[State.UNCONFIRMED]
    pending = states[State.PENDING]
    return {
        "packages": len(counted),
        "valid": valid,
        "unconfirmed": unconfirmed,
        "pending": pending,
        "exempt": states[State.EXEMPT],
        **_share(valid, valid + unconfirmed, policy),
        "forecast": _share(valid, valid + unconfirmed + pending, policy),
        "reasons": {str(reason): number for reason, number in reasons.items()},
    }


def _share(valid: int, due: int, policy: Policy) -> dict[str, Any]:
    if due == 0:
        return {"rate": None, "status": "no_data"}
    if due < policy.minimum_packages:
        status = "too_few"
    else:
        status = "met" if valid >= policy.target * due else "missed"
    return {"rate": valid * 10_000 // due / 10_000, "status": status}


class Oracle:
    """Counts one shop's books under one policy, as of a moment."""

    def __init__(self, books: Books, policy: Policy, as_of: datetime) -> None:
        self._books = books
        self._policy = policy
        self._as_of = as_of
        self._scans = [scan for _, package in books.packages for scan in package.scans]
        self._labels = {label for _, package in books.packages for label in package.labels}

    def count(self) -> list[Counted]:
        """Judge every package, and return those of the rate's window."""
        today = self._as_of.astimezone(self._policy.zone).date()
        last_day = today - timedelta(days=self._policy.lag_days)
        first_day = last_day - timedelta(days=self._policy.window_days - 1)
        counted = [self._count(order, package) for order, package in self._books.packages]
        return [one for one in counted if first_day <= one.day <= last_day]

    def _count(self, order: Order, package: Package) -> Counted:
        scans = self._scans_of(order, package.said)
        reason = self._reason_by_form(order, package) or self._reason_by_scans(order, package)
        return Counted(
            order=order,
            package=package,
            reason=reason,
            state=self._state(reason, package.said.ship_date),
            first_physical_scan=min(_moments(scans, HELD), default=None),
            delivered=min(_moments(scans, {"delivered"}), default=None),
        )

    def _state(self, reason: Reason, ship_date: date) -> State:
        if reason is Reason.VALID:
            return State.VALID
        if reason in {Reason.EXEMPT, Reason.WAIVED}:
            return State.EXEMPT
        day_ends = datetime.combine(ship_date + timedelta(days=1), time(), self._policy.zone)
        due = day_ends + timedelta(hours=self._policy.grace_hours) <= self._as_of
        return State.PENDING if reason in SCAN_MAY_FOLLOW and not due else State.UNCONFIRMED

    def _reason_by_form(self, order: Order, package: Package) -> Reason | None:
        """Apply the rules that need only the form."""
        said, supported = package.said, self._policy.supported_carriers
        if self._is_exempt(order, package):
            return Reason.EXEMPT
        if self._is_waived(said):
            return Reason.WAIVED
        if not self._number(said):
            return Reason.INVALID_ID
        if said.carrier is None:
            return Reason.CARRIER_UNKNOWN
        if supported is not None and said.carrier not in supported:
            return Reason.CARRIER_UNSUPPORTED
        return None

    def _reason_by_scans(self, order: Order, package: Package) -> Reason:
        """Apply the other rules: carrier and number can be looked for among the scans."""
        scans = self._scans_of(order, package.said)
        if not scans:
            was_scanned_before = bool(self._scans_of_number(package.said))
            return Reason.REUSED_NUMBER if was_scanned_before else self._silence(package.said)
        if any(_stated_since(package) > at for at in _moments(scans, {"delivered"})):
            return Reason.UPLOADED_AFTER_DELIVERY
        times_held = len(set(_moments(scans, HELD)))
        if times_held >= self._policy.required_scans:
            return Reason.VALID
        return Reason.INSUFFICIENT_SCANS if times_held else Reason.LABEL_ONLY

    def _silence(self, said: Statement) -> Reason:
        """Return the reason if nothing was ever scanned; it depends on whose label has the number.

        A number that no label has is a mistyped one.
        """
        owners = {label.carrier for label in self._labels if label.number == self._number(said)}
        if not owners:
            return Reason.FORMAT_MISMATCH
        return Reason.NO_SCAN if said.carrier in owners else Reason.CARRIER_MISMATCH

    def _is_exempt(self, order: Order, package: Package) -> bool:
        for rule in self._policy.exemptions:
            limit = rule.value_below
            if (
                (not rule.method_class or package.method_class in rule.method_class)
                and (not rule.label_source or package.label_source in rule.label_source)
                and (limit is None or float(order.value) < float(limit.amount))
            ):
                return True
        return False

    def _is_waived(self, said: Statement) -> bool:
        return any(
            waiver.first_day <= said.ship_date <= waiver.last_day
            and said.carrier in waiver.carriers
            for waiver in self._books.waivers
        )

    def _number(self, said: Statement) -> str:
        """Return the number as printed under the bars; empty if what was typed cannot be read."""
        dropped = self._policy.allowed_punctuation
        kept = "".join(each for each in said.number_typed if each not in dropped)
        return kept.upper() if kept.isalnum() else ""

    def _scans_of(self, order: Order, said: Statement) -> list[Scan]:
        """Return the events since about when the order was placed; older ones are not its own."""
        begins = order.placed_at - timedelta(hours=self._policy.order_tolerance_hours)
        return [scan for scan in self._scans_of_number(said) if scan.at >= begins]

    def _scans_of_number(self, said: Statement) -> list[Scan]:
        """Return every event of the stated number by the stated carrier that was not taken back."""
        label = (said.carrier, self._number(said))
        scans = [scan for scan in self._scans if scan.label == label]
        return [scan for scan in scans if not scan.retracts and not _taken_back(scan, scans)]


def _taken_back(scan: Scan, scans: list[Scan]) -> bool:
    return any(
        other.retracts == scan.milestone and other.at - TAKEN_BACK_WITHIN <= scan.at <= other.at
        for other in scans
    )


def _stated_since(package: Package) -> datetime:
    """Return since when the current carrier and number have been in the form."""
    since = package.said.at
    for said in reversed(package.statements):
        if (said.carrier, said.number_typed) != (package.said.carrier, package.said.number_typed):
            break
        since = said.at
    return since


def _moments(scans: Iterable[Scan], milestones: set[str]) -> list[datetime]:
    return [scan.at for scan in scans if scan.milestone in milestones]
