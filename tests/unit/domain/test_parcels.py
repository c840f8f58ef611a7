"""Parcels: whose claim stands, and who holds a number that may not be shared."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from support.builders import PLACED, a_confirmation, a_scan, after_order, rules, seen
from vtr.domain.packages import Confirmation, ParcelKey
from vtr.domain.parcels import MAX_CLAIMS, Parcel
from vtr.domain.policies import Sharing

EMPTY = Parcel(key=ParcelKey("1Z999AA10123456784"))
FORBIDDEN = rules(sharing=Sharing.FORBIDDEN)


def claim(order_id: str, **changes: Any) -> Confirmation:
    return a_confirmation(order_id=order_id, **changes)


def full() -> Parcel:
    parcel = EMPTY
    for number in range(MAX_CLAIMS):
        parcel = parcel.claimed(claim(f"order-{number}"))
    return parcel


def test_a_claim_is_kept_by_its_package() -> None:
    stated = a_confirmation()
    assert EMPTY.claimed(stated).claims == {stated.key: stated}


def test_of_two_claims_of_one_package_the_later_revision_stands() -> None:
    old, new = a_confirmation(revision=1), a_confirmation(revision=2, category="Home")
    assert EMPTY.claimed(old).claimed(new) == EMPTY.claimed(new)
    assert EMPTY.claimed(new).claimed(old) == EMPTY.claimed(new)


def test_a_claim_made_again_changes_nothing() -> None:
    parcel = EMPTY.claimed(a_confirmation())
    assert parcel.claimed(a_confirmation()) is parcel


def test_a_package_that_names_another_parcel_withdraws_its_claim() -> None:
    stated = a_confirmation(revision=1)
    assert not EMPTY.claimed(stated).unclaimed(stated.key, before_revision=2).claims


def test_a_late_withdrawal_does_not_take_away_a_newer_claim() -> None:
    stated = a_confirmation(revision=3)
    parcel = EMPTY.claimed(stated)
    assert parcel.unclaimed(stated.key, before_revision=2) is parcel


def test_a_claim_that_comes_after_its_withdrawal_is_not_made() -> None:
    """A writer who is late does not bring back what the package has left since."""
    left = EMPTY.unclaimed(a_confirmation().key, before_revision=9)
    assert left.claimed(a_confirmation(revision=8)) is left
    assert left.unclaimed(a_confirmation().key, before_revision=9) is left


def test_a_claim_of_a_package_that_came_back_and_left_again_may_be_late() -> None:
    """The claim of revision 4 is made when the package has left the parcel a second time."""
    came_back = a_confirmation(revision=4)
    left = EMPTY.unclaimed(came_back.key, before_revision=3)
    left_again = left.unclaimed(came_back.key, before_revision=5)
    assert left_again.claimed(came_back) == left_again
    assert left.claimed(a_confirmation(revision=9)).claims


def test_withdrawing_one_claim_leaves_the_others() -> None:
    one, other = claim("one"), claim("other")
    parcel = EMPTY.claimed(one).claimed(other).unclaimed(one.key, before_revision=2)
    assert list(parcel.claims) == [other.key]


def test_scans_merge_into_what_is_known() -> None:
    assert EMPTY.scanned(seen(a_scan())).scanned(seen(a_scan())).evidence == seen(a_scan())


def test_where_sharing_is_allowed_nobody_holds_a_number() -> None:
    one, other = claim("one"), claim("other", confirmed_at=after_order(days=2))
    parcel = EMPTY.claimed(one).claimed(other)
    assert not parcel.evidence_for(other, rules()).held_by_other


def test_where_sharing_is_forbidden_the_order_that_named_the_number_first_holds_it() -> None:
    one, other = claim("one"), claim("other", confirmed_at=after_order(days=2))
    parcel = EMPTY.claimed(other).claimed(one)
    assert not parcel.evidence_for(one, FORBIDDEN).held_by_other
    assert parcel.evidence_for(other, FORBIDDEN).held_by_other


def test_an_order_holds_a_number_as_long_as_its_use_can_last() -> None:
    for beyond, held in ((timedelta(0), True), (timedelta(seconds=1), False)):
        later = PLACED + FORBIDDEN.reuse_gap + beyond
        one, other = claim("one"), claim("other", placed_at=later, confirmed_at=later)
        parcel = EMPTY.claimed(one).claimed(other)
        assert parcel.evidence_for(other, FORBIDDEN).held_by_other is held


def test_packages_of_one_order_may_share_a_number_always() -> None:
    one, other = a_confirmation(package_id="1"), a_confirmation(package_id="2")
    parcel = EMPTY.claimed(one).claimed(other)
    assert not parcel.evidence_for(other, FORBIDDEN).held_by_other


def test_of_two_claims_of_one_moment_the_same_one_holds_whichever_came_first() -> None:
    one, other = claim("one"), claim("other")
    for parcel in (EMPTY.claimed(one).claimed(other), EMPTY.claimed(other).claimed(one)):
        assert not parcel.evidence_for(one, FORBIDDEN).held_by_other
        assert parcel.evidence_for(other, FORBIDDEN).held_by_other


def test_orders_of_one_id_and_two_accounts_are_two_orders() -> None:
    one = a_confirmation(account="acme")
    other = a_confirmation(account="bolt", confirmed_at=after_order(days=2))
    assert EMPTY.claimed(one).evidence_for(other, FORBIDDEN).held_by_other


def test_a_claim_beyond_the_limit_is_not_taken_and_its_package_is_told() -> None:
    beyond = claim("one too many")
    parcel = full()
    assert parcel.claimed(beyond) is parcel
    assert parcel.evidence_for(beyond, rules()).held_by_other


def test_a_full_parcel_still_takes_the_later_claims_of_its_packages() -> None:
    edited = claim("order-7", revision=2)
    assert full().claimed(edited).claims[edited.key] == edited
    assert not full().evidence_for(edited, rules()).held_by_other


def test_the_evidence_of_a_package_is_that_of_its_parcel() -> None:
    parcel = replace(EMPTY, evidence=seen(a_scan())).claimed(a_confirmation())
    assert parcel.evidence_for(a_confirmation(), FORBIDDEN) == seen(a_scan())
