"""Until when something is kept: it follows from the anchor day and its policy."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import SHIP_DAY, a_confirmation, a_scan, after_order, rules
from vtr.domain.evidence import EPOCH, NO_EVIDENCE, PERIOD, evidence_of, merged
from vtr.domain.packages import Confirmation, PackageKey, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Policy, PolicyInvalidError, Sharing, all_versions
from vtr.domain.retention import (
    ARCHIVE_MARGIN,
    ends_on,
    expires_at,
    first_period,
    forgotten_on,
    has_ended,
    kept_until,
    months_after,
)

MONTHS = 13
END = date(2027, 4, 3)
"""Thirteen months after the ship day."""

days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def expired(until: date = END) -> datetime:
    return expires_at(until)


def rules_of(_: Confirmation) -> Policy:
    return rules()


def claimed(*claims: Confirmation, **changes: Any) -> Parcel:
    parcel = Parcel(key=ParcelKey("N"), claims={claim.key: claim for claim in claims})
    return replace(parcel, **changes)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2027, 1, 31), 13, date(2028, 2, 29)),
        (date(2026, 1, 31), 13, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
    ],
)
def test_a_month_ends_on_its_own_last_day(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@given(days, st.integers(1, 40))
def test_a_later_day_never_ends_before_an_earlier_one(day: date, ahead: int) -> None:
    policy = rules()
    assert ends_on(day, policy) <= ends_on(day + timedelta(days=ahead), policy)


def test_a_day_ends_at_midnight_in_the_policys_zone() -> None:
    midnight = datetime(2027, 4, 3, 7, tzinfo=UTC)  # in Los Angeles
    assert not has_ended(SHIP_DAY, rules(), midnight - timedelta(seconds=1))
    assert has_ended(SHIP_DAY, rules(), midnight)


def test_a_hold_keeps_a_package_longer_and_never_shorter() -> None:
    claim = a_confirmation()
    assert kept_until(claim, rules()) == END
    assert kept_until(replace(claim, held_until=date(2028, 1, 1)), rules()) == date(2028, 1, 1)
    assert kept_until(replace(claim, held_until=date(2026, 6, 1)), rules()) == END


def test_the_store_may_delete_a_margin_after_the_end() -> None:
    assert expires_at(END) == datetime(2027, 4, 3, tzinfo=UTC) + ARCHIVE_MARGIN


@given(days, st.integers(1, 25), st.integers(0, 800))
def test_evidence_that_can_still_be_read_has_not_expired(day: date, months: int, back: int) -> None:
    """Whatever is said on a day may read a period only if what holds it is still stored."""
    scanned = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=back)
    period = (scanned - EPOCH) // PERIOD
    if period >= first_period(day, months):
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert expires_at(forgotten_on(period, months)) > moment


def test_every_shipped_policy_keeps_thirteen_months() -> None:
    assert {version.retention_months for version in all_versions()} == {MONTHS}


def test_a_policy_must_keep_what_its_rates_and_their_history_read() -> None:
    assert rules(retention_months=5).retention_months == 5
    with pytest.raises(PolicyInvalidError, match=r"120 days in all\. Keep packages for 5 months"):
        rules(retention_months=4)
    with pytest.raises(PolicyInvalidError, match="121 days"):
        rules(retention_months=4, lag_days=1)


# --- parcels


def test_an_expired_claim_falls_away_and_a_kept_one_stays() -> None:
    old, new = a_confirmation(), a_confirmation(order_id="2", ship_date=date(2026, 9, 1))
    new = replace(new, placed_at=after_order(days=180), confirmed_at=after_order(days=181))
    parcel = claimed(old, new)
    before = expired() - timedelta(seconds=1)
    assert parcel.without_expired(rules_of, MONTHS, before) is parcel
    assert list(parcel.without_expired(rules_of, MONTHS, expired()).claims) == [new.key]


def test_an_expired_claim_stays_while_it_may_hold_the_number_against_another() -> None:
    """Which order holds a number that may not be shared must not change by the first one's end."""
    first = a_confirmation()
    later = replace(
        a_confirmation(order_id="2"),
        ship_date=SHIP_DAY + timedelta(days=30),
        placed_at=after_order(days=30),
        confirmed_at=after_order(days=31),
    )
    policy = rules(sharing=Sharing.FORBIDDEN)
    parcel = claimed(first, later)
    assert parcel.evidence_for(later, policy).held_by_other
    kept = parcel.without_expired(lambda _: policy, MONTHS, expired())
    assert kept.evidence_for(later, policy).held_by_other


def test_evidence_that_a_kept_claim_reads_stays_however_old_it_is() -> None:
    scan = a_scan(at=after_order(days=1))
    evidence = evidence_of(scan)
    held = replace(a_confirmation(), held_until=date(2030, 1, 1))
    later = datetime(2029, 1, 1, tzinfo=UTC)
    assert (
        claimed(held, evidence=evidence).without_expired(rules_of, MONTHS, later).evidence
        == evidence
    )
    assert claimed(evidence=evidence).without_expired(rules_of, MONTHS, later).evidence == (
        NO_EVIDENCE
    )


def test_older_evidence_falls_away_with_its_retractions_and_later_evidence_stays() -> None:
    old = evidence_of(a_scan(at=after_order(days=1)))
    undone = evidence_of(a_scan(at=after_order(days=1), retracts="AR"))
    new = evidence_of(a_scan(at=after_order(days=400)))
    parcel = claimed(evidence=merged([old, undone, new]))
    now = after_order(days=460)
    assert parcel.without_expired(rules_of, MONTHS, now).evidence == new


def test_a_claim_reads_no_scan_from_longer_ago_than_scans_are_kept() -> None:
    scanned = evidence_of(a_scan(at=after_order(days=-460)))
    parcel = claimed(evidence=scanned)
    assert parcel.evidence_for(a_confirmation(), rules()) == NO_EVIDENCE
    assert parcel.evidence_for(a_confirmation(), rules(retention_months=25)) == scanned


def test_a_parcel_is_kept_for_its_last_claim_and_its_last_scan() -> None:
    bare = claimed()
    assert bare.kept(rules_of, MONTHS, after_order()).kept_until == date(2026, 3, 2)
    with_claim = claimed(a_confirmation()).kept(rules_of, MONTHS, after_order())
    assert with_claim.kept_until == END
    scanned = claimed(evidence=evidence_of(a_scan(at=after_order(days=100))))
    until = scanned.kept(rules_of, MONTHS, after_order()).kept_until
    assert until is not None
    assert until >= months_after(after_order(days=100).date(), MONTHS)


def test_a_parcel_that_has_expired_is_as_good_as_none() -> None:
    gone = PackageKey("acme", "1", "1")
    parcel = claimed(a_confirmation(), withdrawn={gone: 3}, kept_until=END, version=7)
    found = parcel.without_expired(rules_of, MONTHS, expired())
    assert (dict(found.claims), dict(found.withdrawn), found.version) == ({}, {}, 7)


def test_the_first_period_of_a_day_is_the_one_that_the_day_lies_in() -> None:
    for day in (date(2026, 3, 8), date(2026, 3, 20), date(2026, 4, 6)):
        assert first_period(day, 0) == 684  # thirty days from 8 March, counted from the epoch
