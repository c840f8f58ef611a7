"""Whose scan it is: the stated carrier's own, its partner's, or another carrier's."""

from dataclasses import replace

import pytest

from support.builders import (
    UPS_NUMBER,
    USPS_NUMBER,
    a_confirmation,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    judge,
    rules,
    seen,
)
from vtr.domain.carriers.families import families_named, family_of
from vtr.domain.evidence import evidence_of
from vtr.domain.policies import PartnerScans
from vtr.domain.scans import Milestone, Physical
from vtr.domain.verdict import Reason, State, verdict

SMARTPOST = "9261292700768711948021"
MAIL_INNOVATIONS = "9274890103422546330271"
ANYBODYS = "123456789012345678901234567"
"""No format knows it, so nothing in it speaks for anybody."""


@pytest.mark.parametrize(
    ("stated", "scanned"),
    [
        ("fedex_smartpost", "fedex"),
        ("fedex", "fedex_smartpost"),
        ("ups_mi", "ups"),
        ("lasership", "ontrac"),
        ("china_post", "china_ems"),
        ("amazon", "amazon_uk"),
    ],
)
def test_a_scan_by_a_sister_of_the_same_system_is_the_carriers_own(
    stated: str, scanned: str
) -> None:
    package = a_confirmation(carrier=stated, number=ANYBODYS)
    found = judge(
        package, a_scan(carrier=scanned, number=ANYBODYS), under=rules(supported_carriers=None)
    )
    assert found.reason is Reason.VALID


def test_a_sister_with_tracking_of_its_own_is_another_carrier() -> None:
    package = a_confirmation(carrier="dhl", carrier_stated="DHL Express", number=ANYBODYS)
    found = judge(package, a_scan(carrier="dhl_ecommerce", number=ANYBODYS))
    assert (found.reason, found.scanned_by) == (Reason.CARRIER_MISMATCH, "dhl_ecommerce")


def test_the_plain_name_of_a_house_accuses_nobody_of_its_sisters() -> None:
    package = a_confirmation(carrier="dhl", carrier_stated="DHL", number=ANYBODYS)
    assert judge(package, a_scan(carrier="dhl_ecommerce", number=ANYBODYS)).reason is Reason.VALID


@pytest.mark.parametrize(
    ("stated", "code", "sisters"),
    [
        *(
            (stated, "dhl", "dhl_ecommerce dhl_ecommerce_asia dhl_de dhl_parcel_nl dhl_parcel_uk")
            for stated in ("DHL", "DHL Group", "Deutsche Post DHL")
        ),
        ("dhl", "dhl", "dhl dhl_pl dhl_freight"),
        ("DPD", "dpd", "dpd dpd_uk dpd_fr dpd_ie chronopost brt seur"),
        ("DPD UK", "dpd_uk", "dpd_uk"),
    ],
)
def test_the_plain_name_of_a_house_means_any_of_its_sisters(
    stated: str, code: str, sisters: str
) -> None:
    assert set(map(family_of, sisters.split())) <= families_named(code, stated)


def test_what_the_stated_carrier_held_is_its_own_though_another_scanned_it_too() -> None:
    package = a_confirmation(carrier="ups", number=ANYBODYS)
    own = a_scan(carrier="ups", number=ANYBODYS)
    others = a_scan(carrier="dhl_ecommerce", number=ANYBODYS, at=after_order(days=3))
    assert judge(package, others).reason is Reason.CARRIER_MISMATCH
    found = judge(package, own, others, under=rules(required_scans=2))
    assert found.reason is Reason.INSUFFICIENT_SCANS


def test_a_carrier_of_no_family_is_one_of_its_own() -> None:
    assert family_of("usps") == "usps"
    assert families_named("usps", "USPS") == {"usps"}


@pytest.mark.parametrize("stated", ["ups", "fedex"])
def test_a_number_that_another_carrier_scanned_is_the_wrong_carriers(stated: str) -> None:
    package = a_confirmation(carrier=stated, number=USPS_NUMBER)
    found = judge(package, a_scan(carrier="usps", number=USPS_NUMBER))
    assert (found.reason, found.scanned_by) == (Reason.CARRIER_MISMATCH, "usps")
    assert found.scanned_at == after_order(hours=36)


def test_a_delivery_by_another_carrier_is_no_late_upload_but_the_wrong_carrier() -> None:
    package = a_confirmation(number=USPS_NUMBER, confirmed_at=after_order(days=5))
    delivered = a_delivery(carrier="usps", number=USPS_NUMBER)
    assert judge(package, delivered).reason is Reason.CARRIER_MISMATCH


def test_where_the_form_says_nothing_the_scan_says_whose_it_is() -> None:
    package = a_confirmation(number=ANYBODYS)
    found = judge(package, a_scan(carrier="fedex", number=ANYBODYS))
    assert (found.reason, found.scanned_by) == (Reason.CARRIER_MISMATCH, "fedex")


def test_a_label_of_the_stated_carrier_does_not_hide_who_scanned_the_package() -> None:
    package = a_confirmation(number=ANYBODYS)
    scans = [a_label(number=ANYBODYS), a_scan(carrier="fedex", number=ANYBODYS)]
    assert judge(package, *scans).reason is Reason.CARRIER_MISMATCH


def test_a_scan_of_the_stated_carrier_beats_everybody_elses() -> None:
    package = a_confirmation(number=USPS_NUMBER)
    scans = [a_scan(number=USPS_NUMBER), a_scan(carrier="usps", number=USPS_NUMBER)]
    assert judge(package, *scans).reason is Reason.VALID


def test_the_carrier_that_is_named_is_the_one_of_this_use_of_the_number() -> None:
    """Another carrier used the number half a year before the order: it is none of its business."""
    package = a_confirmation(number=ANYBODYS)
    before = a_scan(carrier="usps", number=ANYBODYS, at=after_order(days=-180))
    found = judge(package, before, a_scan(carrier="fedex", number=ANYBODYS))
    assert (found.reason, found.scanned_by) == (Reason.CARRIER_MISMATCH, "fedex")
    assert found.scanned_at == after_order(hours=36)


def test_a_mismatch_waits_until_the_package_is_due() -> None:
    package = a_confirmation(number=USPS_NUMBER)
    found = judge(package, a_scan(carrier="usps", number=USPS_NUMBER), as_of=after_order(days=2))
    assert found.state is State.PENDING


def test_what_nobody_knows_is_held_against_nobody() -> None:
    """A source may name a carrier that we do not know: that is no other carrier."""
    package = a_confirmation(number=ANYBODYS)
    found = judge(package, a_scan(carrier="pigeon_post", number=ANYBODYS))
    assert found.reason is Reason.NO_SCAN


def test_an_old_use_by_another_carrier_says_nothing_of_this_order() -> None:
    package = a_confirmation(number=ANYBODYS)
    old = a_scan(at=after_order(days=-200), carrier="fedex", number=ANYBODYS)
    assert judge(package, old).reason is Reason.NO_SCAN


@pytest.mark.parametrize(
    ("stated", "number"),
    [
        ("fedex", SMARTPOST),
        ("fedex_smartpost", SMARTPOST),
        ("ups", MAIL_INNOVATIONS),
        ("ups_mi", MAIL_INNOVATIONS),
    ],
)
def test_where_the_number_shows_the_hand_over_the_partners_scan_is_the_policys_choice(
    stated: str, number: str
) -> None:
    package = a_confirmation(carrier=stated, number=number)
    by_partner = a_scan(carrier="usps", number=number)
    assert judge(package, by_partner).reason is Reason.VALID
    strict = rules(partner_scans=PartnerScans.NONE)
    assert judge(package, by_partner, under=strict).reason is Reason.INSUFFICIENT_SCANS


def test_a_partner_that_the_number_shows_delivers_for_the_carrier() -> None:
    package = a_confirmation(carrier="fedex", number=SMARTPOST, confirmed_at=after_order(days=5))
    delivered = a_delivery(carrier="usps", number=SMARTPOST)
    assert judge(package, delivered).reason is Reason.UPLOADED_AFTER_DELIVERY


def test_several_numbers_of_one_parcel_show_that_its_carriers_are_partners() -> None:
    numbers = frozenset({USPS_NUMBER, ANYBODYS})
    first_mile = a_scan(carrier="yanwen", number=USPS_NUMBER)
    evidence = evidence_of(first_mile, numbers)
    package = a_confirmation(carrier="usps", number=USPS_NUMBER)
    found = verdict(package, evidence, rules(), after_order(days=30))
    assert found.reason is Reason.VALID
    wrong = replace(package, carrier="ups", carrier_stated="UPS")
    assert verdict(wrong, evidence, rules(), after_order(days=30)).reason is Reason.CARRIER_MISMATCH


def test_in_doubt_about_the_last_event_a_number_was_still_in_use() -> None:
    order = a_confirmation(confirmed_at=after_order(days=-10))
    local = a_scan(
        Milestone.ACCEPTED, after_order(hours=-55), time_trust="local", physical=Physical.YES
    )
    assert judge(order, local).reason is not Reason.REUSED_NUMBER
    certain = a_scan(Milestone.ACCEPTED, after_order(hours=-55), number=UPS_NUMBER)
    assert judge(order, certain).reason is Reason.REUSED_NUMBER


def test_the_families_that_scanned_a_number_are_kept_apart() -> None:
    found = seen(a_scan(carrier="usps"), a_scan(carrier="fedex_smartpost"))
    assert found.families == {"usps", "fedex"}
