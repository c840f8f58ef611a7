"""Does a package count? A pure function of what was said, what was scanned, and the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from vtr.domain.carriers.families import families_named
from vtr.domain.evidence import Evidence, Mark
from vtr.domain.number_reuse import NumberUse
from vtr.domain.packages import Confirmation
from vtr.domain.policies import PartnerScans, Policy
from vtr.domain.scan_owners import owners_of
from vtr.domain.tracking_numbers import FormCheck, identify


class State(StrEnum):
    VALID = "valid"
    PENDING = "pending"
    UNCONFIRMED = "unconfirmed"
    EXEMPT = "exempt"


class Reason(StrEnum):
    """Why a package counts or does not, in precedence: the first that holds is the answer."""

    EXEMPT = "EXEMPT"
    WAIVED = "WAIVED"
    INVALID_ID = "INVALID_ID"
    CARRIER_UNKNOWN = "CARRIER_UNKNOWN"
    CARRIER_UNSUPPORTED = "CARRIER_UNSUPPORTED"
    REUSED_NUMBER = "REUSED_NUMBER"
    UPLOADED_AFTER_DELIVERY = "UPLOADED_AFTER_DELIVERY"
    VALID = "VALID"
    CARRIER_MISMATCH = "CARRIER_MISMATCH"
    FORMAT_MISMATCH = "FORMAT_MISMATCH"
    LABEL_ONLY = "LABEL_ONLY"
    INSUFFICIENT_SCANS = "INSUFFICIENT_SCANS"
    NO_SCAN = "NO_SCAN"


AWAITING = frozenset(
    {
        Reason.CARRIER_MISMATCH,
        Reason.FORMAT_MISMATCH,
        Reason.LABEL_ONLY,
        Reason.INSUFFICIENT_SCANS,
        Reason.NO_SCAN,
    }
)
"""Reasons that a scan may still turn: pending until the package is due, then unconfirmed."""


def state_of(reason: Reason, *, due: bool) -> State:
    if reason is Reason.VALID:
        return State.VALID
    if reason in {Reason.EXEMPT, Reason.WAIVED}:
        return State.EXEMPT
    return State.PENDING if reason in AWAITING and not due else State.UNCONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one package, and the facts behind it.

    ``rule`` names the exemption or the waiver. ``number_use`` is the use of the number that was
    read, None where none is this package's. ``physical_scans`` counts those that the policy
    lets count. ``scanned_by`` is the family of another carrier that scanned the number, which shows
    no hand-over to it, and ``scanned_at`` when it first did. ``due_at`` is when a pending package
    becomes unconfirmed.
    """

    state: State
    reason: Reason
    due_at: datetime
    rule: str | None = None
    number_use: NumberUse | None = None
    physical_scans: int = 0
    scanned_by: str | None = None
    scanned_at: datetime | None = None

    @property
    def counted_as(self) -> tuple[State, Reason | None]:
        """What the rate can tell apart: why a package is still pending does not count yet."""
        return self.state, None if self.state is State.PENDING else self.reason

    @property
    def first_physical_scan(self) -> Mark | None:
        return self.number_use.physical[0] if self.number_use and self.number_use.physical else None

    @property
    def delivered(self) -> Mark | None:
        return self.number_use.delivered if self.number_use else None


def verdict(
    confirmation: Confirmation, evidence: Evidence, policy: Policy, as_of: datetime
) -> Verdict:
    """Judge one package as of a moment, by the evidence of the parcel that it names.

    Nothing but the arguments matters: not the order in which they came to be, nor how often they
    were told.
    """
    owners = owners_of(confirmation, evidence)
    use, ended_before = _use_of(confirmation, policy, owners.uses(evidence, policy))
    other, _ = _use_of(confirmation, policy, owners.uses_of_others(evidence, policy))
    case = _Case(
        confirmation,
        policy,
        use,
        other,
        exemption=policy.exemption(confirmation),
        waiver=policy.waiver(confirmation),
        number_reused=ended_before or evidence.held_by_other,
        physical_scans=_physical_scans(use, policy),
    )
    due_at = policy.due_at(policy.anchor_day(confirmation))
    reason = next(reason for reason, holds in _RULES if holds(case))
    scanner = other if reason is Reason.CARRIER_MISMATCH else None
    return Verdict(
        state=state_of(reason, due=due_at <= as_of),
        reason=reason,
        due_at=due_at,
        rule=case.exemption or case.waiver,
        number_use=use,
        physical_scans=case.physical_scans,
        scanned_by=owners.first_of_others(evidence, scanner) if scanner else None,
        scanned_at=_first_held(scanner) if scanner else None,
    )


@dataclass(slots=True)
class _Case:
    """What the rules below look at: ``other`` is the use that other carriers saw."""

    confirmation: Confirmation
    policy: Policy
    use: NumberUse | None
    other: NumberUse | None
    exemption: str | None
    waiver: str | None
    number_reused: bool
    physical_scans: int

    @property
    def uploaded_after_delivery(self) -> bool:
        """In doubt about the time of delivery, the seller was in time."""
        delivered = self.use.delivered if self.use else None
        return delivered is not None and self.confirmation.confirmed_at > delivered.latest_at

    @property
    def form(self) -> FormCheck:
        said = self.confirmation
        named = families_named(said.carrier or "", said.carrier_stated)
        return identify(said.tracking_number, said.carrier, named).verdict

    @property
    def carrier_unsupported(self) -> bool:
        carrier = self.confirmation.carrier
        return carrier is not None and not self.policy.supports(carrier)

    @property
    def mismatched(self) -> bool:
        """Another carrier held the package; or only others know the number, or its form is theirs.

        What the stated carrier itself, or a partner that the number shows, held is its own.
        """
        if self.use and (self.use.physical or self.use.partner):
            return False
        if self.other and (self.other.physical or self.other.delivered):
            return True
        return self.use is None and (self.other is not None or self.form is FormCheck.OTHER_CARRIER)


_RULES: tuple[tuple[Reason, Callable[[_Case], bool]], ...] = (
    (Reason.EXEMPT, lambda case: case.exemption is not None),
    (Reason.WAIVED, lambda case: case.waiver is not None),
    (Reason.INVALID_ID, lambda case: not case.confirmation.tracking_number),
    (Reason.CARRIER_UNKNOWN, lambda case: case.confirmation.carrier is None),
    (Reason.CARRIER_UNSUPPORTED, lambda case: case.carrier_unsupported),
    (Reason.REUSED_NUMBER, lambda case: case.number_reused),
    (Reason.UPLOADED_AFTER_DELIVERY, lambda case: case.uploaded_after_delivery),
    (Reason.VALID, lambda case: case.physical_scans >= case.policy.required_scans),
    (Reason.CARRIER_MISMATCH, lambda case: case.mismatched),
    (
        Reason.FORMAT_MISMATCH,
        lambda case: case.use is None and case.form is FormCheck.MALFORMED,
    ),
    (Reason.LABEL_ONLY, lambda case: case.use is not None and not _held_by_known(case.use)),
    (Reason.INSUFFICIENT_SCANS, lambda case: case.use is not None),
    (Reason.NO_SCAN, lambda _: True),
)


def _held_by_known(use: NumberUse) -> bool:
    """Whether the stated carrier, or a partner that the number shows, held the package."""
    return bool(use.physical or use.partner)


def _first_held(use: NumberUse) -> datetime:
    return min((mark.at for mark in use.physical), default=use.first_scan_at)


def _physical_scans(use: NumberUse | None, policy: Policy) -> int:
    """The physical scans that count; two at one moment are one event told twice."""
    if use is None:
        return 0
    marks = use.physical
    if policy.partner_scans is not PartnerScans.NONE:
        marks += use.partner
    if policy.partner_scans is PartnerScans.ALL:
        marks += use.waiting
    return len({mark.at for mark in marks}) if len(marks) > 1 else len(marks)


def _use_of(
    confirmation: Confirmation, policy: Policy, uses: list[NumberUse]
) -> tuple[NumberUse | None, bool]:
    """The use of the number that order and ship date fall in, and whether all ended before.

    That is the first use which was still going on when the order was placed (less the policy's
    tolerance), unless it began so long after the package was sent that it is somebody else's.
    """
    if not uses:
        return None, False
    earliest = confirmation.placed_at - policy.order_tolerance
    sent_by = max(confirmation.placed_at, policy.due_at(confirmation.ship_date))
    ended = False
    for use in uses:
        if use.last_event_at < earliest:
            ended = True
        elif use.first_scan_at <= sent_by + policy.reuse_gap:
            return use, False
    return None, ended


class JudgedPackage(NamedTuple):
    """A package with its verdict, as lists and reports show it.

    ``shared_with`` is how many other packages of its account name its number.
    """

    confirmation: Confirmation
    verdict: Verdict
    shared_with: int = 0
