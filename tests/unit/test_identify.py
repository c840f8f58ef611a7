"""Whose number is it: the verdicts, the suggestions, and what the seller is told."""

import pytest

from vtr.domain.carriers.families import families_named, family_of
from vtr.domain.tracking_numbers import FormCheck, identify
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

UPS = "1Z999AA10123456784"
USPS = "9400111206206406260787"
FEDEX = "986578788855"
WORKSHARE = "9361289878700317633795"  # service 612, of a mailer that no table has
SMARTPOST = "9261292700768711948021"


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        (UPS, "ups"),
        (USPS, "usps"),
        (FEDEX, "fedex"),
        ("RR473124829GB", "royal_mail"),
        ("EE123456785CN", "china_ems"),
        ("RA222491899CN", "china_post"),
        ("CP123456785GB", "parcelforce"),
        ("8G45061126689", "colissimo"),
        ("TBA502887274000", "amazon"),
        ("1LS7119013618127-1", "lasership"),
        ("YT2621200705470145", "yunexpress"),
    ],
)
def test_a_number_is_well_formed_for_its_carrier_first_of_all(number: str, carrier: str) -> None:
    found = identify(number)
    assert found.verdict == FormCheck.WELL_FORMED
    assert found.well_formed_for[0] == carrier
    assert identify(number, carrier).verdict == FormCheck.WELL_FORMED
    assert remedy(identify(number, carrier), ENGLISH) == ""


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("61299998820821171811", "fedex"),
        (FEDEX, "fedex_smartpost"),
        (UPS, "ups_mi"),
        ("1LS713461643483", "ontrac"),
        ("C11235523929147", "lasership"),
        ("LX299455986CN", "china_post"),
        ("RV445876178CN", "china_ems"),
        ("TBA305938274011", "swiship"),
        ("00340434492098429236", "deutsche_post"),
    ],
)
def test_a_number_of_one_member_speaks_for_the_whole_family(number: str, carrier: str) -> None:
    found = identify(number, carrier)
    assert found.verdict == FormCheck.WELL_FORMED
    assert [family_of(code) for code in found.well_formed_for].count(family_of(carrier)) == 1


def test_the_plain_name_of_a_house_means_each_of_its_sisters() -> None:
    paket = "00340434492098429236"
    assert identify(paket, "dhl").suggested_carrier == "dhl_de"
    assert identify(paket, "dhl", families_named("dhl", "DHL")).verdict == FormCheck.WELL_FORMED
    express = families_named("dhl", "DHL Express")
    assert identify(paket, "dhl", express).verdict == FormCheck.OTHER_CARRIER
    # Not all of the sisters publish all their numbers.
    assert identify("99887766", "dhl", express).verdict == FormCheck.MALFORMED
    named = families_named("dhl", "DHL")
    assert identify("99887766", "dhl", named).verdict == FormCheck.NOT_CHECKABLE


def test_the_prefix_and_check_digit_of_another_carrier_name_that_carrier() -> None:
    found = identify(UPS, "usps")
    assert found.verdict == FormCheck.OTHER_CARRIER
    assert found.suggested_carrier == "ups"
    assert found.tier == "A"
    assert (
        remedy(found, ENGLISH)
        == "Change the carrier to UPS: this is a UPS number, not one of USPS."
    )
    assert remedy(found, CHINESE) == "请将承运商改为 UPS:这是 UPS 的号码,不是 USPS 的。"


@pytest.mark.parametrize(
    ("number", "suggested"),
    [(FEDEX, "fedex"), ("TBA502887274000", "amazon"), ("GM2951173225174494", "dhl_ecommerce")],
)
def test_a_check_digit_or_a_prefix_names_another_carrier_too(number: str, suggested: str) -> None:
    found = identify(number, "usps")
    assert found.verdict == FormCheck.OTHER_CARRIER
    assert found.suggested_carrier == suggested


def test_a_claim_on_the_stated_carriers_own_pattern_weighs_more_than_a_chance_check_digit() -> None:
    mistyped = "986578788856"
    assert identify(mistyped).well_formed_for  # one in ten passes another carrier's check
    found = identify(mistyped, "fedex")
    assert (found.verdict, found.suggested_carrier) == (FormCheck.MALFORMED, None)
    assert "could be one of" in remedy(found, ENGLISH)


def test_a_number_that_fails_its_check_digit_is_malformed() -> None:
    found = identify("1Z999AA10123456785", "ups")
    assert found.verdict == FormCheck.MALFORMED
    assert not found.candidates
    assert found.well_formed_for == found.repairs == ()
    assert found.tier is None
    assert (
        remedy(found, ENGLISH)
        == "Check the number against the label: it is not a valid UPS number."
    )
    assert "check digit is wrong" in remedy(identify("1Z999AA10123456785"), ENGLISH)


@pytest.mark.parametrize(
    ("number", "carrier", "verdict"),
    [
        ("1Z999AA101234", "ups", FormCheck.MALFORMED),  # it begins as only UPS's numbers do
        ("ABC12345", "ups", FormCheck.NOT_CHECKABLE),
        ("123456789", "ups", FormCheck.NOT_CHECKABLE),  # a length that UPS's own page lists
        (FEDEX, "ups", FormCheck.NOT_CHECKABLE),
        ("ABC12345", "usps", FormCheck.MALFORMED),  # USPS, FedEx and DHL Express list them all
        ("ABC12345", "fedex", FormCheck.MALFORMED),
        ("ABC12345", "dhl", FormCheck.MALFORMED),
        ("ABC12345", "ontrac", FormCheck.NOT_CHECKABLE),
        ("ABC12345", None, FormCheck.NOT_CHECKABLE),
        ("PENDING", "ups", FormCheck.MALFORMED),  # none of its formats is a word
        ("PENDING", "jitsu", FormCheck.NOT_CHECKABLE),
        ("BNLRNTDF", "gls", FormCheck.NOT_CHECKABLE),  # which has numbers of any eight characters
        ("PENDING", None, FormCheck.NOT_CHECKABLE),
        ("9400111206206406260788", None, FormCheck.MALFORMED),
        ("RR473124828GB", None, FormCheck.MALFORMED),
    ],
)
def test_what_is_not_known_is_not_held_against_a_number(
    number: str, carrier: str | None, verdict: str
) -> None:
    found = identify(number, carrier)
    assert found.verdict == verdict
    if verdict == FormCheck.NOT_CHECKABLE:
        assert "nothing is known against" in remedy(found, ENGLISH).lower()
        assert "没有发现问题" in remedy(found, CHINESE)


@pytest.mark.parametrize("carrier", ["jitsu", "better_trucks", "no_such_code"])
def test_of_a_carrier_without_a_known_format_only_a_prefix_with_its_check_digit_decides(
    carrier: str,
) -> None:
    for number in ("ABC123", FEDEX, "TBA502887274000"):
        assert identify(number, carrier).verdict == FormCheck.NOT_CHECKABLE
    assert identify(UPS, carrier).suggested_carrier == "ups"
    # Posts, and USPS, give numbers to consolidators, more than anybody could list.
    for number in (USPS, "RR473124829GB"):
        assert identify(number, carrier).verdict == FormCheck.NOT_CHECKABLE


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("EE138961080TH", FormCheck.WELL_FORMED),
        ("EE138961081TH", FormCheck.MALFORMED),
        ("RR473124829GB", FormCheck.OTHER_CARRIER),
        ("TH0123456789", FormCheck.NOT_CHECKABLE),
        (FEDEX, FormCheck.NOT_CHECKABLE),
    ],
)
def test_a_posts_domestic_number_is_not_held_against_it(number: str, verdict: str) -> None:
    assert identify(number, "thailand_post").verdict == verdict


@pytest.mark.parametrize("country", ["EE", "BG", "UA", "KZ", "LK", "GE", "RO", "ZA", "PF", "XK"])
def test_a_postal_number_is_accepted_whatever_the_country(country: str) -> None:
    number = f"RR123456785{country}"
    found = identify(number)
    assert found.verdict == FormCheck.WELL_FORMED
    assert remedy(found, ENGLISH).startswith("State ")
    assert identify(f"RR123456784{country}").verdict == FormCheck.MALFORMED


def test_a_post_in_no_table_of_carriers_is_nobody_to_suggest() -> None:
    number = "RR123456785PF"
    assert identify(number).well_formed_for == ()
    assert "not on our list" in remedy(identify(number), ENGLISH)
    for carrier in ("ups", "usps", "yanwen", "royal_mail"):
        assert identify(number, carrier).verdict == FormCheck.NOT_CHECKABLE


@pytest.mark.parametrize("carrier", ["ups", "fedex", "usps", "royal_mail"])
def test_a_postal_number_under_who_never_uses_it_names_the_post(carrier: str) -> None:
    assert identify("DY531671415PT", carrier).suggested_carrier == "ctt"


@pytest.mark.parametrize("carrier", ["4px", "yanwen", "yunexpress", "cainiao", "asendia", "winit"])
def test_consolidators_are_not_accused_of_the_numbers_of_posts(carrier: str) -> None:
    assert identify("DY531671415PT", carrier).verdict == FormCheck.NOT_CHECKABLE
    assert identify("DY531671415PT").well_formed_for == ("ctt",)
    assert identify("LW505109082CN", "yanwen").hands_over_to == "china_post"


def test_a_length_alone_decides_nothing() -> None:
    stated = identify("133938675660", "sf_express")
    assert (stated.verdict, stated.tier) == (FormCheck.NOT_CHECKABLE, "D")
    assert "sf_express" not in stated.well_formed_for
    unstated = identify("1000478495775")
    assert (unstated.verdict, unstated.well_formed_for) == (FormCheck.NOT_CHECKABLE, ())
    assert unstated.tied == ()
    assert "State the carrier" in remedy(unstated, ENGLISH)


@pytest.mark.parametrize("stated", ["ups", "fedex", "fedex_smartpost", "dhl", "dhl_ecommerce"])
def test_a_label_of_usps_itself_is_no_number_of_those_who_hand_over_to_it(stated: str) -> None:
    found = identify(USPS, stated)
    assert found.verdict == FormCheck.OTHER_CARRIER
    assert found.suggested_carrier == "usps"


@pytest.mark.parametrize("stated", ["usps", "ups", "ups_mi", "fedex", "dhl_ecommerce"])
def test_a_service_for_what_others_bring_speaks_for_all_who_do(stated: str) -> None:
    found = identify(WORKSHARE, stated)
    assert (found.verdict, found.tier) == (FormCheck.WELL_FORMED, "A")
    assert found.hands_over_to == (None if stated == "usps" else "usps")
    assert set(identify(WORKSHARE).tied) == {"usps", "fedex_smartpost", "ups_mi", "dhl_ecommerce"}
    assert identify(WORKSHARE, "osm").verdict == FormCheck.NOT_CHECKABLE


def test_a_mailers_id_says_whose_a_number_is() -> None:
    assert identify(SMARTPOST).well_formed_for == ("usps", "fedex_smartpost")
    assert identify(SMARTPOST, "fedex").verdict == FormCheck.WELL_FORMED
    # The table of ids is no official one: it accuses nobody who might mail as well.
    assert identify(SMARTPOST, "ups").verdict == FormCheck.OTHER_CARRIER
    assert identify(SMARTPOST, "ups_mi").verdict == FormCheck.NOT_CHECKABLE
    assert identify("9261290172376608200214", "osm").verdict == FormCheck.WELL_FORMED


def test_a_tie_is_explained_to_who_has_not_stated_a_carrier() -> None:
    found = identify("249711710883")
    assert found.tied == ("dhl_de", "yamato", "sagawa", "japan_post")
    assert "could be one of" in remedy(found, ENGLISH)
    assert "Sagawa or Japan Post" in remedy(found, ENGLISH)
    assert "Sagawa或Japan Post" in remedy(found, CHINESE)
    assert remedy(identify(UPS), ENGLISH) == "State UPS as the carrier."


@pytest.mark.parametrize(
    "number",
    [
        *("0" * 12, "0" * 15, "0000 0000 0000 0000 0000", "7777777777", "AAAAAAAAA"),  # fillers
        *("12", "x", "111", "TBD"),  # shorter than any number
        *("8943339d604bb0c379465e3a8da3f9b7", "1" * 20 + "2" * 30),  # longer than any
    ],
)
def test_what_no_carrier_would_give_a_parcel_is_nobodys_number(number: str) -> None:
    for carrier in (None, "ups", "dhl", "jitsu"):
        found = identify(number, carrier)
        assert found.well_formed_for == ()
        assert found.verdict == FormCheck.MALFORMED
        assert "no carrier's tracking number looks like this" in remedy(found, ENGLISH)


@pytest.mark.parametrize(
    ("number", "normal", "verdict"),
    [
        (986578788855, FEDEX, FormCheck.WELL_FORMED),
        (986578788855.0, FEDEX, FormCheck.WELL_FORMED),
        (-986578788855, "", FormCheck.INVALID_ID),
        (10**50, "", FormCheck.INVALID_ID),
        (float("nan"), "NAN", FormCheck.MALFORMED),
        (0.5, "05", FormCheck.INVALID_ID),
        (True, "", FormCheck.INVALID_ID),
        (None, "", FormCheck.INVALID_ID),
        ([UPS], "", FormCheck.INVALID_ID),
        ({"number": UPS}, "", FormCheck.INVALID_ID),
        (b"1Z999AA10123456784", "", FormCheck.INVALID_ID),
    ],
)
def test_whatever_a_request_held_gets_an_answer(number: object, normal: str, verdict: str) -> None:
    found = identify(number, "fedex")
    assert (found.normalised, found.verdict) == (normal, verdict)


def test_an_integer_of_many_thousand_digits_is_no_number() -> None:
    assert identify(10**5_000, "ups").verdict == FormCheck.INVALID_ID
