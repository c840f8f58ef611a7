"""What follows from the table: the consequences that the rules name one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import (
    DUE,
    UPS_NUMBER,
    a_confirmation,
    a_delivery,
    a_label,
    a_retraction,
    a_scan,
    after_order,
    judge,
    rules,
    seen,
)
from vtr.domain.policies import PartnerScans, policy
from vtr.domain.scans import Milestone, PhysicalBy, Scan, TimeTrust
from vtr.domain.verdict import Reason, State, verdict


def test_a_physical_scan_by_the_stated_carrier_beats_every_doubt_about_the_format() -> None:
    doubted = a_confirmation(number="HELLO")
    assert judge(doubted).reason is Reason.FORMAT_MISMATCH
    assert judge(doubted, a_scan(number="HELLO")).reason is Reason.VALID


def test_a_physical_scan_by_the_stated_carrier_beats_the_look_of_another_carriers_number() -> None:
    doubted = a_confirmation(carrier="usps", number=UPS_NUMBER)
    assert judge(doubted).reason is Reason.CARRIER_MISMATCH
    assert judge(doubted, a_scan(carrier="usps")).reason is Reason.VALID


def test_a_label_by_the_stated_carrier_settles_whose_number_it_is_too() -> None:
    doubted = a_confirmation(carrier="usps", number=UPS_NUMBER)
    assert judge(doubted, a_label(carrier="usps")).reason is Reason.LABEL_ONLY


def test_a_format_that_nobody_knows_is_not_held_against_the_seller() -> None:
    stated = a_confirmation(carrier="estafeta", number="QW7ER9TY")
    found = judge(stated, under=rules(supported_carriers=None))
    assert found.reason is Reason.NO_SCAN


def test_nothing_has_to_run_for_a_pending_package_to_become_unconfirmed() -> None:
    evidence, stated = seen(), a_confirmation()
    before = verdict(stated, evidence, rules(), DUE - timedelta(seconds=1))
    after = verdict(stated, evidence, rules(), DUE)
    assert (before.state, after.state) == (State.PENDING, State.UNCONFIRMED)
    assert before.due_at == after.due_at == DUE


def test_a_scan_after_the_due_time_still_makes_a_package_valid() -> None:
    late = a_scan(at=DUE + timedelta(days=10))
    assert judge(a_confirmation(), late).state is State.VALID


def test_a_delivery_that_arrives_late_turns_a_verdict_by_its_own_time() -> None:
    stated = a_confirmation(confirmed_at=after_order(days=4))
    assert judge(stated, a_scan()).reason is Reason.VALID
    late = a_delivery(after_order(days=3))
    assert judge(stated, a_scan(), late).reason is Reason.UPLOADED_AFTER_DELIVERY


def test_a_number_confirmed_at_the_moment_of_delivery_was_in_time() -> None:
    delivered = after_order(days=3)
    assert judge(a_confirmation(confirmed_at=delivered), a_delivery(delivered)).reason is (
        Reason.VALID
    )


def test_a_number_confirmed_a_moment_after_the_delivery_was_late() -> None:
    delivered = after_order(days=3)
    late = a_confirmation(confirmed_at=delivered + timedelta(microseconds=1))
    assert judge(late, a_delivery(delivered)).reason is Reason.UPLOADED_AFTER_DELIVERY


@pytest.mark.parametrize(
    ("trust", "doubt"),
    [
        (TimeTrust.OFFSET, timedelta(0)),
        (TimeTrust.LOCAL, timedelta(hours=14)),
        (TimeTrust.DATE, timedelta(hours=38)),
    ],
)
def test_in_doubt_about_the_time_of_delivery_the_seller_was_in_time(
    trust: TimeTrust, doubt: timedelta
) -> None:
    delivery = a_delivery(after_order(days=3), time_trust=trust)
    in_doubt = a_confirmation(confirmed_at=delivery.occurred_at + doubt)
    beyond = replace(in_doubt, confirmed_at=in_doubt.confirmed_at + timedelta(seconds=1))
    assert judge(in_doubt, delivery).reason is Reason.VALID
    assert judge(beyond, delivery).reason is Reason.UPLOADED_AFTER_DELIVERY


def test_a_delivery_that_was_only_reported_happened_no_later_than_its_report() -> None:
    delivery = a_delivery(after_order(days=3), time_trust=TimeTrust.REPORTED)
    after = a_confirmation(confirmed_at=after_order(days=3, hours=1))
    assert judge(after, delivery).reason is Reason.UPLOADED_AFTER_DELIVERY


def test_a_scan_before_the_confirmation_counts_as_soon_as_the_confirmation_is_there() -> None:
    early = a_scan(at=after_order(hours=2))
    assert judge(a_confirmation(confirmed_at=after_order(days=2)), early).state is State.VALID


def test_a_cancelled_package_keeps_counting() -> None:
    cancelled = a_confirmation(cancelled_at=after_order(days=1))
    assert judge(cancelled, a_scan()).state is State.VALID
    assert judge(cancelled).state is State.UNCONFIRMED


def test_a_partners_scan_counts_only_where_the_policy_lets_it() -> None:
    by_partner = a_scan(Milestone.PARTNER_ACCEPTED, physical_by=PhysicalBy.PARTNER)
    for strict in (PartnerScans.NONE, PartnerScans.SHOWN):
        found = judge(a_confirmation(), by_partner, under=rules(partner_scans=strict))
        assert found.reason is Reason.LABEL_ONLY
    lenient = rules(partner_scans=PartnerScans.ALL)
    assert judge(a_confirmation(), by_partner, under=lenient).reason is Reason.VALID


def test_a_partners_delivery_does_not_close_the_package() -> None:
    handed_over = a_delivery(after_order(days=2), physical_by=PhysicalBy.PARTNER)
    late = a_confirmation(confirmed_at=after_order(days=3))
    assert judge(late, handed_over).delivered is None


def test_a_scan_that_the_carrier_takes_back_does_not_count() -> None:
    wrong = a_scan()
    undone = a_retraction(wrong, wrong.occurred_at + timedelta(hours=2))
    assert judge(a_confirmation(), wrong, undone).reason is Reason.LABEL_ONLY


def test_a_retraction_reaches_back_a_day_and_no_further() -> None:
    wrong = a_scan()
    within = a_retraction(wrong, wrong.occurred_at + timedelta(hours=24))
    beyond = a_retraction(wrong, wrong.occurred_at + timedelta(hours=24, seconds=1))
    before = a_retraction(wrong, wrong.occurred_at - timedelta(seconds=1))
    assert judge(a_confirmation(), wrong, within).reason is Reason.LABEL_ONLY
    assert judge(a_confirmation(), wrong, beyond).reason is Reason.VALID
    assert judge(a_confirmation(), wrong, before).reason is Reason.VALID


def test_a_retraction_takes_back_its_own_code_only() -> None:
    wrong, right = a_scan(), a_delivery(after_order(days=2))
    undone = a_retraction(wrong, wrong.occurred_at + timedelta(hours=20))
    assert judge(a_confirmation(), wrong, right, undone).reason is Reason.VALID


def test_a_delivery_that_is_taken_back_opens_the_package_again() -> None:
    wrong = a_delivery(after_order(days=2))
    undone = a_retraction(wrong, after_order(days=2, hours=1))
    late = a_confirmation(confirmed_at=after_order(days=2, hours=3))
    assert judge(late, a_scan(), wrong).reason is Reason.UPLOADED_AFTER_DELIVERY
    assert judge(late, a_scan(), wrong, undone).reason is Reason.VALID


def test_the_delivery_after_one_that_was_taken_back_is_the_delivery() -> None:
    wrong, right = a_delivery(after_order(days=2)), a_delivery(after_order(days=5))
    undone = a_retraction(wrong, after_order(days=2, hours=1))
    found = judge(a_confirmation(), wrong, right, undone).delivered
    assert found is not None
    assert found.at == right.occurred_at


def test_a_scan_of_a_sources_test_mode_is_no_scan() -> None:
    assert judge(a_confirmation(), a_scan(test=True)).reason is Reason.NO_SCAN


def test_the_order_in_which_scans_arrive_changes_nothing() -> None:
    scans = [a_label(), a_scan(), a_delivery(), a_retraction(a_scan(), after_order(days=2))]
    found = [judge(a_confirmation(), *arrived) for arrived in permutations(scans)]
    assert all(one == found[0] for one in found)


moments = st.integers(min_value=-5, max_value=200).map(lambda days: after_order(days=days))
scans_of_any_kind = st.builds(
    a_scan,
    st.sampled_from([Milestone.LABEL_CREATED, Milestone.ACCEPTED, Milestone.DELIVERED]),
    moments,
    physical_by=st.sampled_from(PhysicalBy),
    unique_id=st.sampled_from(["", "2460001", "2460002"]),
    retracts=st.sampled_from(["", "", "", "ACCEPTED", "DELIVERED"]),
)


@given(
    st.lists(scans_of_any_kind, max_size=12).flatmap(
        lambda scans: st.tuples(st.just(scans), st.permutations(scans + scans[:4]))
    )
)
def test_no_order_and_no_repetition_of_any_scans_changes_the_verdict(
    told: tuple[list[Scan], list[Scan]],
) -> None:
    once, again = told
    assert judge(a_confirmation(), *once) == judge(a_confirmation(), *again)


def test_the_verdict_of_another_moment_differs_by_the_state_alone() -> None:
    stated = a_confirmation()
    early = judge(stated, a_label(), as_of=DUE - timedelta(days=1))
    late = judge(stated, a_label(), as_of=DUE + timedelta(days=1))
    assert replace(early, state=late.state) == late


def test_why_a_package_is_pending_is_nothing_that_the_rate_can_tell() -> None:
    early = DUE - timedelta(days=1)
    silent, labelled = (
        judge(a_confirmation(), as_of=early),
        judge(a_confirmation(), a_label(), as_of=early),
    )
    assert silent.reason is not labelled.reason
    assert silent.counted_as == labelled.counted_as


def test_facts_behind_the_verdict_are_told() -> None:
    found = judge(a_confirmation(), a_label(), a_scan(), a_delivery())
    assert found.first_physical_scan is not None
    assert found.first_physical_scan.at == a_scan().occurred_at
    assert found.delivered is not None
    assert found.delivered.at == a_delivery().occurred_at
    assert found.physical_scans == 2


def test_without_scans_there_are_no_facts() -> None:
    found = judge(a_confirmation())
    assert (found.first_physical_scan, found.delivered, found.number_use) == (None, None, None)


def test_a_package_is_judged_by_the_version_of_its_anchor_day() -> None:
    assert policy("amazon-us", date(2026, 3, 3)).effective_from <= date(2026, 3, 3)
    assert judge(a_confirmation()).due_at == datetime(2026, 3, 7, 8, tzinfo=UTC)
