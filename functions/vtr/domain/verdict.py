"""Does a package count? A pure function of what was said, what was scanned, and the rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from vtr.domain.evidence import Evidence, Mark
from vtr.domain.number_reuse import NumberUse, uses_of
from vtr.domain.packages import Confirmation
from vtr.domain.policies import Policy
from vtr.domain.tracking_numbers import FormCheck, Identification, identify


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
    lets count. ``due_at`` is when a pending package becomes unconfirmed.
    """

    state: State
    reason: Reason
    due_at: datetime
    rule: str | None = None
    number_use: NumberUse | None = None
    physical_scans: int = 0

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
    use, ended_before = _use_of(confirmation, evidence, policy)
    case = _Case(
        confirmation,
        policy,
        use,
        exemption=policy.exemption(confirmation),
        waiver=policy.waiver(confirmation),
        number_reused=ended_before or evidence.held_by_other,
        physical_scans=_physical_scans(use, policy),
    )
    due_at = policy.due_at(policy.anchor_day(confirmation))
    reason = next(reason for reason, holds in _RULES if holds(case))
    return Verdict(
        state=state_of(reason, due=due_at <= as_of),
        reason=reason,
        due_at=due_at,
        rule=case.exemption or case.waiver,
        number_use=use,
        physical_scans=case.physical_scans,
    )


@dataclass(slots=True)
class _Case:
    """What the rules below look at."""

    confirmation: Confirmation
    policy: Policy
    number_use: NumberUse | None
    exemption: str | None
    waiver: str | None
    number_reused: bool
    physical_scans: int

    @property
    def uploaded_after_delivery(self) -> bool:
        """In doubt about the time of delivery, the seller was in time."""
        delivered = self.number_use.delivered if self.number_use else None
        return delivered is not None and self.confirmation.confirmed_at > delivered.latest_at

    @property
    def number(self) -> Identification:
        return identify(self.confirmation.tracking_number, self.confirmation.carrier)

    @property
    def carrier_unsupported(self) -> bool:
        carrier = self.confirmation.carrier
        return carrier is not None and not self.policy.supports(carrier)


_RULES: tuple[tuple[Reason, Callable[[_Case], bool]], ...] = (
    (Reason.EXEMPT, lambda case: case.exemption is not None),
    (Reason.WAIVED, lambda case: case.waiver is not None),
    (Reason.INVALID_ID, lambda case: not case.confirmation.tracking_number),
    (Reason.CARRIER_UNKNOWN, lambda case: case.confirmation.carrier is None),
    (Reason.CARRIER_UNSUPPORTED, lambda case: case.carrier_unsupported),
    (Reason.REUSED_NUMBER, lambda case: case.number_reused),
    (Reason.UPLOADED_AFTER_DELIVERY, lambda case: case.uploaded_after_delivery),
    (Reason.VALID, lambda case: case.physical_scans >= case.policy.required_scans),
    (
        Reason.CARRIER_MISMATCH,
        lambda case: case.number_use is None and case.number.verdict is FormCheck.OTHER_CARRIER,
    ),
    (
        Reason.FORMAT_MISMATCH,
        lambda case: case.number_use is None and case.number.verdict is FormCheck.MALFORMED,
    ),
    (Reason.LABEL_ONLY, lambda case: case.number_use is not None and case.physical_scans == 0),
    (Reason.INSUFFICIENT_SCANS, lambda case: case.physical_scans > 0),
    (Reason.NO_SCAN, lambda _: True),
)


def _physical_scans(use: NumberUse | None, policy: Policy) -> int:
    """The physical scans that count; two at one moment are one event told twice."""
    if use is None:
        return 0
    partner = use.partner if policy.partner_scans_count else ()
    marks = use.physical + partner
    return len({mark.at for mark in marks}) if len(marks) > 1 else len(marks)


def _use_of(
    confirmation: Confirmation, evidence: Evidence, policy: Policy
) -> tuple[NumberUse | None, bool]:
    """The use of the number that order and ship date fall in, and whether all ended before.

    That is the first use which was still going on when the order was placed (less the policy's
    tolerance), unless it began so long after the package was sent that it is somebody else's.
    """
    if not evidence.periods:
        return None, False
    gap = policy.reuse_gap
    earliest = confirmation.placed_at - policy.order_tolerance
    sent_by = max(confirmation.placed_at, policy.due_at(confirmation.ship_date))
    ended = False
    parcel = confirmation.parcel
    stated = confirmation.carrier or ""
    for use in uses_of(evidence, gap, "" if parcel and parcel.carrier == stated else stated):
        if use.last_event_at < earliest:
            ended = True
        elif use.first_scan_at <= sent_by + gap:
            return use, False
    return None, ended


class JudgedPackage(NamedTuple):
    """A package with its verdict, as lists and reports show it."""

    confirmation: Confirmation
    verdict: Verdict
