"""Numbers are used again: which use of a number a package reads."""

from datetime import timedelta

from support.builders import (
    DUE,
    a_confirmation,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    every_order_of,
    judge,
    rules,
    seen,
)
from vtr.domain.number_reuse import uses_of
from vtr.domain.scans import Scan
from vtr.domain.verdict import Reason

UPS = frozenset({"ups"})
GAP = timedelta(days=60)


def one_life(days: float, unique_id: str = "") -> list[Scan]:
    """A label, an acceptance and a delivery, beginning so many days after the order."""
    return [
        a_label(after_order(days=days), unique_id=unique_id),
        a_scan(at=after_order(days=days + 1), unique_id=unique_id),
        a_delivery(after_order(days=days + 4), unique_id=unique_id),
    ]


def test_scans_close_together_are_one_life() -> None:
    (life,) = uses_of(seen(*one_life(0)), GAP, UPS)
    assert life.first_scan_at == after_order(days=0)
    assert life.last_event_at == after_order(days=4)


def test_no_scan_is_no_life() -> None:
    assert uses_of(seen(), GAP, UPS) == []


def test_a_long_silence_begins_a_new_life() -> None:
    first, second = uses_of(seen(*one_life(-120), *one_life(0)), GAP, UPS)
    assert first.last_event_at == after_order(days=-116)
    assert second.first_scan_at == after_order(days=0)


def test_a_slow_journey_is_one_life() -> None:
    slow = [a_scan(at=after_order(days=days)) for days in range(0, 300, 50)]
    assert len(uses_of(seen(*slow), GAP, UPS)) == 1


def test_the_gap_is_the_policys() -> None:
    scans = [*one_life(-120), *one_life(0)]
    assert len(uses_of(seen(*scans), timedelta(days=365), UPS)) == 1


def test_a_silence_of_the_gap_and_a_period_always_begins_a_new_life() -> None:
    """One in between does or does not, by where the 30-day grid falls, but always the same way."""
    for shift in range(30):
        earlier = one_life(shift - GAP.days - 30 - 5)
        assert len(uses_of(seen(*earlier, *one_life(shift)), GAP, UPS)) == 2


def test_the_carriers_own_ids_tell_lives_apart_within_days() -> None:
    first, second = uses_of(seen(*one_life(-10, "a"), *one_life(0, "b")), GAP, UPS)
    assert first.last_event_at == after_order(days=-6)
    assert second.first_scan_at == after_order(days=0)


def test_what_carries_no_id_goes_with_the_id_before_it() -> None:
    scans = [*one_life(-40, "a"), *one_life(0, "b"), a_scan(at=after_order(days=35))]
    first, second = uses_of(seen(*scans), GAP, UPS)
    assert first.last_event_at == after_order(days=-36)
    assert second.last_event_at == after_order(days=35)


def test_what_carries_no_id_before_the_first_id_goes_with_that() -> None:
    scans = [a_label(after_order(days=-3)), a_scan(at=after_order(days=1), unique_id="a")]
    (life,) = uses_of(seen(*scans), GAP, UPS)
    assert life.first_scan_at == after_order(days=-3)


def test_the_lives_do_not_depend_on_the_order_of_arrival() -> None:
    scans = [*one_life(-120), *one_life(-30, "a"), *one_life(0, "b")]
    found = [uses_of(seen(*arrived), GAP, UPS) for arrived in every_order_of(scans)]
    assert all(one == found[0] for one in found)


def test_a_number_whose_only_life_ended_before_the_order_is_reused() -> None:
    assert judge(a_confirmation(), *one_life(-120)).reason is Reason.REUSED_NUMBER


def test_a_life_that_ended_within_the_policys_tolerance_is_the_orders() -> None:
    within = a_delivery(after_order(hours=-48))
    beyond = a_delivery(after_order(hours=-48, days=-0.01))
    early = a_confirmation(confirmed_at=after_order(days=-10))
    assert judge(early, within).reason is Reason.VALID
    assert judge(early, beyond).reason is Reason.REUSED_NUMBER


def test_a_package_reads_the_life_that_its_order_falls_in_not_the_one_before() -> None:
    found = judge(a_confirmation(), *one_life(-120), *one_life(1))
    assert found.reason is Reason.VALID
    assert found.number_use is not None
    assert found.number_use.first_scan_at == after_order(days=1)


def test_a_package_reads_the_life_that_its_order_falls_in_not_the_one_after() -> None:
    found = judge(a_confirmation(), *one_life(1), *one_life(200))
    assert found.delivered is not None
    assert found.delivered.at == after_order(days=5)


def test_a_life_that_begins_long_after_the_package_was_due_is_somebody_elses() -> None:
    gap = timedelta(days=rules().reuse_gap_days)
    still_ours = a_scan(at=DUE + gap - timedelta(hours=2))
    not_ours = a_scan(at=DUE + gap + timedelta(hours=2))
    assert judge(a_confirmation(), still_ours).reason is Reason.VALID
    assert judge(a_confirmation(), not_ours).reason is Reason.NO_SCAN


def test_an_old_life_and_one_of_somebody_else_later_make_a_reused_number() -> None:
    found = judge(a_confirmation(), *one_life(-120), *one_life(200))
    assert (found.reason, found.number_use) == (Reason.REUSED_NUMBER, None)


def test_the_package_of_a_later_order_reads_the_later_life() -> None:
    later = a_confirmation(
        placed_at=after_order(days=120),
        ship_date=after_order(days=121).date(),
        confirmed_at=after_order(days=121),
    )
    found = judge(later, *one_life(1), *one_life(121))
    assert found.reason is Reason.VALID
    assert found.number_use is not None
    assert found.number_use.first_scan_at == after_order(days=121)
