"""Evidence is a semilattice: scans merge in any order, any number of times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import a_delivery, a_label, a_retraction, a_scan, after_order, seen
from vtr.domain.evidence import KEPT, NO_EVIDENCE, Evidence, evidence_of, merged
from vtr.domain.number_reuse import uses_of
from vtr.domain.scans import Milestone, Physical, PhysicalBy, Scan, TimeTrust

UPS = frozenset({"ups"})
GAP = timedelta(days=60)

scans = st.builds(
    lambda milestone, hours, physical, by, trust, unique_id, retracts, code: a_scan(
        milestone,
        after_order(hours=hours),
        physical=physical,
        physical_by=by,
        time_trust=trust,
        unique_id=unique_id,
        retracts=retracts,
        codes=(code,),
    ),
    st.sampled_from([Milestone.LABEL_CREATED, Milestone.ACCEPTED, Milestone.DELIVERED]),
    st.integers(-24 * 40, 24 * 160),
    st.sampled_from(Physical),
    st.sampled_from(PhysicalBy),
    st.sampled_from(TimeTrust),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "", "X"]),
    st.sampled_from(["X", "Y"]),
)
evidences = st.lists(scans, max_size=6).map(lambda told: seen(*told))


def test_the_grid_on_which_evidence_is_stored_does_not_move() -> None:
    """What is stored of a number is kept by the thirty days of the epoch that it lies in."""
    second = timedelta(seconds=1)
    begins = datetime(2026, 3, 8, tzinfo=UTC)  # day 20,520 of the epoch: 684 times 30
    for at, number in ((begins - second, 683), (begins, 684), (begins + timedelta(days=30), 685)):
        assert [key.number for key in seen(a_scan(at=at)).periods] == [number]


def test_what_a_source_does_not_say_of_a_scan_is_empty() -> None:
    said = Scan(
        carrier="ups",
        tracking_number="1Z999AA10123456784",
        codes=("OR",),
        milestone=Milestone.ACCEPTED,
        physical=Physical.YES,
        occurred_at=after_order(hours=1),
        event_key="1",
        source="ups",
    )
    assert (said.place, said.location, said.unique_id, said.retracts) == ("", "", "", "")
    assert (said.physical_by, said.time_trust) == (PhysicalBy.CARRIER, TimeTrust.OFFSET)
    assert not said.test


@given(evidences, evidences)
def test_merging_is_commutative(one: Evidence, other: Evidence) -> None:
    assert one.merge(other) == other.merge(one)


@given(evidences, evidences, evidences)
def test_merging_is_associative(one: Evidence, two: Evidence, three: Evidence) -> None:
    assert one.merge(two).merge(three) == one.merge(two.merge(three))


@given(evidences)
def test_merging_is_idempotent(one: Evidence) -> None:
    assert one.merge(one) == one


@given(evidences, evidences)
def test_what_is_merged_in_again_is_there_already(one: Evidence, other: Evidence) -> None:
    assert one.merge(other).merge(one) == one.merge(other)


@given(evidences)
def test_no_evidence_changes_nothing(one: Evidence) -> None:
    assert one.merge(NO_EVIDENCE) == one == NO_EVIDENCE.merge(one)


@given(st.lists(scans, max_size=8), st.randoms(use_true_random=False))
def test_lives_depend_on_what_was_told_not_on_how(told: list[Scan], random: object) -> None:
    again = told + told[: len(told) // 2]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert uses_of(seen(*told), GAP, UPS) == uses_of(seen(*again), GAP, UPS)


@given(st.lists(scans, max_size=8))
def test_evidence_of_all_is_the_merger_of_the_evidence_of_each(told: list[Scan]) -> None:
    assert seen(*told) == merged(evidence_of(scan) for scan in told)


@given(st.lists(scans, max_size=40))
def test_evidence_stays_small_however_much_is_told(told: list[Scan]) -> None:
    for period in seen(*told).periods.values():
        assert len(period.physical) <= KEPT
        assert len(period.partner) <= KEPT


@given(st.lists(scans, max_size=12))
def test_the_first_physical_scan_of_all_is_never_forgotten(told: list[Scan]) -> None:
    kept = [scan for scan in told if not scan.retracts]
    physical = [
        scan.occurred_at
        for scan in kept
        if scan.physical is Physical.YES and scan.physical_by is PhysicalBy.CARRIER
    ]
    found = [mark.at for period in seen(*kept).periods.values() for mark in period.physical]
    assert min(found, default=None) == min(physical, default=None)


def test_two_sources_that_tell_one_event_by_different_codes_tell_one_scan() -> None:
    (life,) = uses_of(seen(a_scan(codes=("OR",)), a_scan(codes=("A1",))), GAP, UPS)
    assert len(life.physical) == 1


def test_the_earliest_delivery_is_the_delivery() -> None:
    early, late = a_delivery(after_order(days=2)), a_delivery(after_order(days=5))
    (life,) = uses_of(seen(late, early), GAP, UPS)
    assert life.delivered is not None
    assert life.delivered.at == early.occurred_at


def test_the_end_of_a_life_does_not_depend_on_which_of_two_deliveries_was_told_first() -> None:
    """The second is worth no write, and is kept only where it comes with the first or before it."""
    early, late = a_delivery(after_order(days=2)), a_delivery(after_order(days=5))
    (one,), (other,) = uses_of(seen(early), GAP, UPS), uses_of(seen(early, late), GAP, UPS)
    assert one.last_event_at == other.last_event_at


@pytest.mark.parametrize("code", ["AR", "DP", "UL", "PU"])
def test_of_two_scans_that_a_policy_asks_for_either_may_be_taken_back(code: str) -> None:
    """A third one is worth a write then, whether it comes before the retraction or after."""
    first = a_scan(codes=("OR",))
    second = a_scan(at=after_order(days=2), codes=(code,))
    third = a_scan(at=after_order(days=3), codes=("OF",))
    known = seen(first, second)
    assert known.merge(evidence_of(third)).material(2) != known.material(2)
    undone = a_retraction(second, after_order(days=2.5))
    (life,) = uses_of(seen(first, second, third, undone), GAP, UPS)
    assert [mark.at for mark in life.physical] == [first.occurred_at, third.occurred_at]


def test_a_delivery_that_nobody_vouches_for_is_none() -> None:
    (life,) = uses_of(seen(a_delivery(physical=Physical.AMBIGUOUS)), GAP, UPS)
    assert life.delivered is None


def test_a_partners_scans_are_kept_apart_from_the_carriers() -> None:
    (life,) = uses_of(seen(a_scan(physical_by=PhysicalBy.PARTNER)), GAP, UPS)
    assert (len(life.physical), len(life.waiting)) == (0, 1)


def test_a_scan_without_a_code_goes_by_its_milestone() -> None:
    (life,) = uses_of(seen(a_scan(codes=())), GAP, UPS)
    assert life.physical[0].code == Milestone.ACCEPTED


def test_the_second_physical_scan_stands_in_for_one_that_is_taken_back() -> None:
    wrong, right = a_scan(), a_scan(Milestone.ARRIVED, after_order(days=3))
    undone = a_retraction(wrong, after_order(days=2))
    (life,) = uses_of(seen(wrong, right, undone), GAP, UPS)
    assert [mark.at for mark in life.physical] == [right.occurred_at]


def test_a_retraction_does_not_unsay_that_the_carrier_knows_the_number() -> None:
    wrong = a_scan()
    (life,) = uses_of(seen(wrong, a_retraction(wrong, after_order(days=2))), GAP, UPS)
    assert life.physical == ()
    assert life.first_scan_at == wrong.occurred_at


def test_a_second_delivery_within_a_period_is_worth_no_write() -> None:
    known = seen(a_scan(), a_delivery())
    again = a_delivery(at=after_order(days=4))
    assert known.merge(evidence_of(again)).material(1) == known.material(1)


def test_a_retraction_names_the_numbers_of_its_parcel_too() -> None:
    numbers = frozenset({"1Z999AA10123456784", "9400111206206406260787"})
    undone = a_retraction(a_scan(), after_order(days=2))
    assert evidence_of(undone, numbers).numbers == numbers


def test_a_retraction_alone_is_no_scan() -> None:
    assert uses_of(seen(a_retraction(a_scan(), after_order(days=2))), GAP, UPS) == []


def test_a_scan_of_a_test_mode_leaves_no_trace() -> None:
    assert evidence_of(a_scan(test=True)) == NO_EVIDENCE


def test_a_time_of_doubt_is_kept_with_the_latest_that_it_may_have_been() -> None:
    (life,) = uses_of(seen(a_scan(time_trust=TimeTrust.DATE)), GAP, UPS)
    mark = life.physical[0]
    assert mark.latest_at - mark.at == timedelta(hours=38)


def test_being_held_by_another_order_survives_a_merge() -> None:
    held = replace(seen(a_label()), held_by_other=True)
    assert seen(a_scan()).merge(held).held_by_other
    assert held.merge(seen(a_scan())).held_by_other
