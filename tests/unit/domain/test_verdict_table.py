"""The table of reasons, row by row, and its precedence, pair by pair."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from support.builders import (
    DUE,
    SHIP_DAY,
    UPS_NUMBER,
    USPS_NUMBER,
    a_confirmation,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    judge,
    rules,
)
from vtr.domain.packages import Confirmation
from vtr.domain.policies import Policy, Waiver
from vtr.domain.scans import Physical, Scan
from vtr.domain.verdict import AWAITING, Reason, State, Verdict

EVERYWHERE = Waiver(name="strike", first_day=SHIP_DAY, last_day=SHIP_DAY)


@dataclass
class Situation:
    """What is said, what is scanned and what the rules are; each reason below changes a part."""

    confirmation: Confirmation = field(default_factory=a_confirmation)
    policy: Policy = field(default_factory=rules)
    scans: tuple[Scan, ...] = ()
    held_by_other: bool = False

    def said(self, **changes: Any) -> None:
        self.confirmation = replace(self.confirmation, **changes)

    def ruled(self, **changes: Any) -> None:
        self.policy = replace(self.policy, **changes)

    def judged(self) -> Verdict:
        return judge(
            self.confirmation, *self.scans, under=self.policy, held_by_other=self.held_by_other
        )


def exempt(it: Situation) -> None:
    it.said(method_class="freight")


def waived(it: Situation) -> None:
    it.ruled(waivers=(EVERYWHERE,))


def invalid_id(it: Situation) -> None:
    it.said(number_stated="1Z#", tracking_number="")


def carrier_unknown(it: Situation) -> None:
    it.said(carrier_stated="Pigeon Post", carrier=None)


def carrier_unsupported(it: Situation) -> None:
    it.ruled(supported_carriers=frozenset({"dhl"}))


def reused_number(it: Situation) -> None:
    it.held_by_other = True


def uploaded_after_delivery(it: Situation) -> None:
    it.scans = (a_scan(), a_delivery(after_order(days=3)))
    it.said(confirmed_at=after_order(days=3, hours=1))


def valid(it: Situation) -> None:
    it.scans = (*it.scans, a_scan())


def carrier_mismatch(it: Situation) -> None:
    it.said(carrier_stated="USPS", carrier="usps", tracking_number=UPS_NUMBER)


def format_mismatch(it: Situation) -> None:
    it.said(number_stated="HELLO", tracking_number="HELLO")


def label_only(it: Situation) -> None:
    it.scans = (a_label(),)


def insufficient_scans(it: Situation) -> None:
    it.ruled(required_scans=5)
    it.scans = (*it.scans, a_scan())


def no_scan(it: Situation) -> None:
    it.scans = ()


HOLDS: dict[Reason, Callable[[Situation], None]] = {
    Reason.EXEMPT: exempt,
    Reason.WAIVED: waived,
    Reason.INVALID_ID: invalid_id,
    Reason.CARRIER_UNKNOWN: carrier_unknown,
    Reason.CARRIER_UNSUPPORTED: carrier_unsupported,
    Reason.REUSED_NUMBER: reused_number,
    Reason.UPLOADED_AFTER_DELIVERY: uploaded_after_delivery,
    Reason.VALID: valid,
    Reason.CARRIER_MISMATCH: carrier_mismatch,
    Reason.FORMAT_MISMATCH: format_mismatch,
    Reason.LABEL_ONLY: label_only,
    Reason.INSUFFICIENT_SCANS: insufficient_scans,
    Reason.NO_SCAN: no_scan,
}

SCANNED = {
    Reason.UPLOADED_AFTER_DELIVERY,
    Reason.VALID,
    Reason.LABEL_ONLY,
    Reason.INSUFFICIENT_SCANS,
}
NOT_SCANNED = {Reason.CARRIER_MISMATCH, Reason.FORMAT_MISMATCH, Reason.NO_SCAN}

# A delivery is itself a physical scan; enough scans are not too few; no scan is none; a number
# that cannot be read has no form, and a carrier that nobody knows no numbers.
CONTRADICTIONS = {
    *(frozenset({one, other}) for one in SCANNED for other in NOT_SCANNED),
    frozenset({Reason.VALID, Reason.LABEL_ONLY}),
    frozenset({Reason.VALID, Reason.INSUFFICIENT_SCANS}),
    frozenset({Reason.LABEL_ONLY, Reason.INSUFFICIENT_SCANS}),
    frozenset({Reason.LABEL_ONLY, Reason.UPLOADED_AFTER_DELIVERY}),
    frozenset({Reason.INVALID_ID, Reason.CARRIER_MISMATCH}),
    frozenset({Reason.INVALID_ID, Reason.FORMAT_MISMATCH}),
    frozenset({Reason.CARRIER_UNKNOWN, Reason.CARRIER_UNSUPPORTED}),
    frozenset({Reason.CARRIER_UNKNOWN, Reason.CARRIER_MISMATCH}),
    frozenset({Reason.CARRIER_UNKNOWN, Reason.FORMAT_MISMATCH}),
}

PAIRS = [
    pytest.param(earlier, later, id=f"{earlier}-before-{later}")
    for earlier, later in combinations(HOLDS, 2)
    if frozenset({earlier, later}) not in CONTRADICTIONS
]


def test_the_table_is_written_in_its_precedence() -> None:
    assert list(HOLDS) == list(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_the_answer_where_it_alone_holds(reason: Reason) -> None:
    it = Situation()
    HOLDS[reason](it)
    assert it.judged().reason is reason


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_of_two_reasons_that_hold_the_earlier_is_the_answer(earlier: Reason, later: Reason) -> None:
    it = Situation()
    HOLDS[later](it)
    HOLDS[earlier](it)
    assert it.judged().reason is earlier


@pytest.mark.parametrize("reason", Reason)
def test_what_a_scan_may_still_turn_is_pending_until_due_and_unconfirmed_from_then_on(
    reason: Reason,
) -> None:
    it = Situation()
    HOLDS[reason](it)

    def state(as_of_due: timedelta) -> State:
        as_of = DUE + as_of_due
        held = it.held_by_other
        return judge(
            it.confirmation, *it.scans, under=it.policy, as_of=as_of, held_by_other=held
        ).state

    before, after = state(-timedelta(microseconds=1)), state(timedelta(0))
    if reason is Reason.VALID:
        assert (before, after) == (State.VALID, State.VALID)
    elif reason in {Reason.EXEMPT, Reason.WAIVED}:
        assert (before, after) == (State.EXEMPT, State.EXEMPT)
    elif reason in AWAITING:
        assert (before, after) == (State.PENDING, State.UNCONFIRMED)
    else:
        assert (before, after) == (State.UNCONFIRMED, State.UNCONFIRMED)


def test_rows_nine_to_thirteen_are_those_that_await_a_scan() -> None:
    assert set(list(Reason)[8:]) == AWAITING


def test_an_exempt_package_names_the_rule() -> None:
    assert judge(a_confirmation(method_class="freight")).rule == "freight"


def test_a_waived_package_names_the_incident() -> None:
    assert judge(a_confirmation(), under=rules(waivers=(EVERYWHERE,))).rule == "strike"


def test_a_package_that_is_neither_names_no_rule() -> None:
    assert judge(a_confirmation()).rule is None


def test_a_blank_number_is_an_invalid_id() -> None:
    assert judge(a_confirmation(number="")).reason is Reason.INVALID_ID


@pytest.mark.parametrize("physical", [Physical.NO, Physical.AMBIGUOUS])
def test_only_a_scan_that_proves_possession_counts(physical: Physical) -> None:
    found = judge(a_confirmation(), a_scan(physical=physical))
    assert (found.reason, found.physical_scans) == (Reason.LABEL_ONLY, 0)


def test_two_scans_of_one_moment_are_one_event_told_twice() -> None:
    twice = (a_scan(codes=("OR",)), a_scan(codes=("ACCEPTED",)))
    found = judge(a_confirmation(), *twice, under=rules(required_scans=2))
    assert (found.reason, found.physical_scans) == (Reason.INSUFFICIENT_SCANS, 1)


def test_two_physical_scans_meet_a_policy_that_requires_two() -> None:
    found = judge(a_confirmation(), a_scan(), a_delivery(), under=rules(required_scans=2))
    assert (found.reason, found.physical_scans) == (Reason.VALID, 2)


def test_a_number_of_the_stated_carrier_without_a_scan_is_no_mismatch() -> None:
    assert judge(a_confirmation(carrier="usps", number=USPS_NUMBER)).reason is Reason.NO_SCAN
