"""Every item that grows, filled to its bound by what the domain allows: it stays far below 400 KB.

What a text may hold at the edge is 200 characters, of four bytes at most.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from contract.builders import DAY, NOW, order, statement
from support.builders import UPS_NUMBER, a_confirmation, a_scan, after_order
from vtr.adapters.dynamodb.codec import dump, dump_counts, dump_days, dump_parcel
from vtr.domain.errors import OrderFullError, TooManyEditsError, TooManyPackagesError
from vtr.domain.evidence import (
    MAX_PERIODS,
    MAX_RETRACTIONS,
    NO_EVIDENCE,
    Evidence,
    evidence_of,
    merged,
)
from vtr.domain.limits import MOST_CATEGORIES
from vtr.domain.orders import MAX_PACKAGES, Order
from vtr.domain.packages import Package, PackageKey, ParcelKey
from vtr.domain.parcels import MAX_CLAIMS, MAX_WITHDRAWN, Parcel
from vtr.domain.policies import policy as policy_of
from vtr.domain.verdict import Reason
from vtr.use_cases.recount import kept_days

ITEM_BYTES = 400_000
LONGEST = "\U0001f4e6" * 200


def filled(edits: int, text: str) -> Order:
    """An order with packages and edits until no more are taken."""
    found = order()
    for number in range(MAX_PACKAGES):
        said = statement(carrier_stated=text, number_stated=text)
        package = Package(package_id=f"{number:064}", shard=0, history=(said,))
        try:
            found = found.with_package(package)
            for edit in range(1, edits):
                again = replace(said, confirmed_at=NOW + timedelta(seconds=edit))
                package = package.stating(again)
                found = found.with_package(package)
        except (OrderFullError, TooManyPackagesError, TooManyEditsError):
            break
    return found


@pytest.mark.parametrize("edits", [1, 3, 50])
@pytest.mark.parametrize("text", ["UPS", LONGEST])
def test_an_order_of_any_texts_and_edits_is_refused_before_it_is_too_large(
    edits: int, text: str
) -> None:
    assert len(dump(filled(edits, text)).encode()) < 0.8 * ITEM_BYTES


def test_an_order_that_is_full_is_refused_with_what_to_do() -> None:
    full = filled(50, LONGEST)
    said = statement(carrier_stated=LONGEST, number_stated=LONGEST)
    one_more = Package(package_id="one more", shard=0, history=(said, said))
    with pytest.raises(TooManyPackagesError, match=r"Split the order\."):
        full.with_package(one_more)
    known = next(iter(full.packages.values()))
    edited = replace(known, history=(*known.history, said, said))
    with pytest.raises(OrderFullError, match=r"Settle what is true"):
        full.with_package(edited)


def test_a_placeholder_that_is_named_and_left_without_end_stays_small() -> None:
    parcel = Parcel(key=ParcelKey("PENDING"))
    for number in range(20_000):
        key = PackageKey("acme", f"114-{number:07}-8772232", "1")
        parcel = parcel.unclaimed(key, 2)
    assert len(parcel.withdrawn) == MAX_WITHDRAWN
    assert len(dump_parcel(parcel).encode()) < 0.05 * ITEM_BYTES


def test_the_packages_that_left_last_are_the_ones_that_are_kept() -> None:
    parcel = Parcel(key=ParcelKey("PENDING"))
    keys = [PackageKey("acme", f"order-{number}", "1") for number in range(MAX_WITHDRAWN + 1)]
    for key in keys:
        parcel = parcel.unclaimed(key, 2)
    parcel = parcel.unclaimed(keys[1], 3)
    parcel = parcel.unclaimed(PackageKey("acme", "one more", "1"), 2)
    assert keys[1] in parcel.withdrawn
    assert keys[2] not in parcel.withdrawn


def full_evidence() -> Evidence:
    scans = [
        a_scan(
            at=after_order(days=n / 3), unique_id=f"{n:080}", codes=("C" * 80,), location="X" * 40
        )
        for n in range(6 * MAX_PERIODS)
    ]
    undone = [
        a_scan(at=after_order(hours=n), retracts="AR", codes=("UNDO",))
        for n in range(3 * MAX_RETRACTIONS)
    ]
    return merged(evidence_of(scan) for scan in (*scans, *undone))


def claimed_by_many(parcel: Parcel, text: str, category: str) -> Parcel:
    """A parcel that twice as many packages name as may claim it, and as many have left."""
    for number in range(2 * MAX_CLAIMS):
        claim = a_confirmation(
            order_id=f"{number:064}", package_id="9" * 64, carrier_stated=text,
            number_stated=text, category=category,
        )  # fmt: skip
        parcel = parcel.claimed(claim)
    for number in range(MAX_WITHDRAWN):
        parcel = parcel.unclaimed(PackageKey("acme", f"left {number:059}", "9" * 64), 2)
    return parcel


@pytest.mark.parametrize(("text", "category"), [("UPS", "books"), (LONGEST, "\u4e2d" * 64)])
def test_a_parcel_with_every_claim_and_all_evidence_fits(text: str, category: str) -> None:
    parcel = claimed_by_many(
        Parcel(key=ParcelKey(UPS_NUMBER), evidence=full_evidence()), text, category
    )
    assert len(dump_parcel(parcel).encode()) < 0.5 * ITEM_BYTES


def test_claims_that_edits_make_longer_fit_too() -> None:
    parcel = claimed_by_many(
        Parcel(key=ParcelKey(UPS_NUMBER), evidence=full_evidence()), "UPS", "books"
    )
    for claim in list(parcel.claims.values()):
        longer = replace(claim, revision=9, carrier_stated=LONGEST, number_stated=LONGEST)
        parcel = parcel.claimed(longer)
    assert len(parcel.claims) == MAX_CLAIMS
    assert len(dump_parcel(parcel).encode()) < 0.75 * ITEM_BYTES


def test_claims_of_ordinary_texts_are_limited_by_their_number_alone() -> None:
    parcel = claimed_by_many(Parcel(key=ParcelKey(UPS_NUMBER)), "United Parcel Service", "Books")
    assert len(parcel.claims) == MAX_CLAIMS


def test_a_claim_beyond_the_bytes_of_a_parcel_is_told_that_others_hold_it() -> None:
    parcel = claimed_by_many(Parcel(key=ParcelKey(UPS_NUMBER)), LONGEST, "books")
    assert 0 < len(parcel.claims) < MAX_CLAIMS
    late = a_confirmation(order_id="late", carrier_stated=LONGEST, number_stated=LONGEST)
    assert late.key not in parcel.claimed(late).claims
    policy = policy_of("amazon-us", late.ship_date)
    assert parcel.evidence_for(late, policy).held_by_other
    first = next(iter(parcel.claims.values()))
    assert not parcel.evidence_for(first, policy).held_by_other


NAMES = Random(7)  # noqa: S311 - the same names every time
WORST = [chr(NAMES.randrange(0x4E00, 0x9FFF)) for _ in range(64 * MOST_CATEGORIES)]


def test_the_counts_of_every_category_day_and_common_reason_fit_into_the_accounts_rate() -> None:
    names = ["".join(WORST[64 * n : 64 * n + 64]) for n in range(MOST_CATEGORIES)]
    reasons = (Reason.VALID, Reason.NO_SCAN, Reason.LABEL_ONLY, Reason.CARRIER_MISMATCH)
    days = {
        DAY + timedelta(days=ahead): {
            name: {reason: NAMES.randrange(1, 2000) for reason in reasons} for name in names
        }
        for ahead in range(len(kept_days(policy_of("amazon-us", DAY), NOW)))
    }
    assert len(dump_days(days)) < 0.5 * ITEM_BYTES
    assert max(len(dump_counts(counts)) for counts in days.values()) < 0.2 * ITEM_BYTES


def test_evidence_that_is_cut_to_its_bound_is_the_same_in_any_order() -> None:
    scans = [
        evidence_of(a_scan(at=after_order(days=n), unique_id=str(n)))
        for n in range(3 * MAX_PERIODS)
    ]
    forward = backward = NO_EVIDENCE
    for one, other in zip(scans, reversed(scans), strict=True):
        forward, backward = forward.merge(one), backward.merge(other)
    assert forward == backward
    assert len(forward.periods) == MAX_PERIODS
    assert forward.merge(scans[0]) == forward
