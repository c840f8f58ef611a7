"""Whose number is it: the verdicts, the suggestions, the damage and the remedies."""

import pytest

from vtr.domain.tracking_numbers import (
    Damage,
    FormCheck,
    identify,
    is_readable,
    normalise,
)
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

UPS = "1Z999AA10123456784"
USPS = "9400111206206406260787"
FEDEX = "986578788855"


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


def test_a_check_digit_alone_suggests_nobody() -> None:
    found = identify(FEDEX, "usps")
    assert found.verdict == FormCheck.MALFORMED
    assert found.suggested_carrier is None
    assert found.well_formed_for == ("fedex",)
    assert "could be one of FedEx" in remedy(found, ENGLISH)


def test_a_prefix_without_a_check_digit_suggests_but_does_not_decide() -> None:
    found = identify("TBA502887274000", "usps")
    assert found.verdict == FormCheck.MALFORMED
    assert found.suggested_carrier == "amazon"


def test_a_number_that_fits_nothing_is_malformed() -> None:
    found = identify("1Z999AA10123456785", "ups")
    assert found.verdict == FormCheck.MALFORMED
    assert not found.candidates
    assert found.well_formed_for == found.repairs == ()
    assert found.tier is None
    assert (
        remedy(found, ENGLISH)
        == "Check the number against the label: it is not a valid UPS number."
    )
    assert "no carrier is known" in remedy(identify("1Z999AA10123456785"), ENGLISH)


@pytest.mark.parametrize("carrier", ["veho", "jitsu", "no_such_code"])
def test_a_carrier_without_a_known_format_is_never_doubted(carrier: str) -> None:
    for number in ("ABC123", FEDEX, UPS):
        assert identify(number, carrier).verdict == FormCheck.NOT_CHECKABLE
    assert identify("ABC123", carrier).suggested_carrier is None
    assert identify(UPS, carrier).suggested_carrier == "ups"
    assert "looks like one of UPS" in remedy(identify(UPS, carrier), ENGLISH)
    assert "says nothing about it" in remedy(identify("ABC123", carrier), ENGLISH)


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


def test_consolidators_are_accepted_under_the_numbers_of_posts() -> None:
    found = identify("LW505109082CN", "yanwen")
    assert (found.verdict, found.hands_over_to) == (FormCheck.WELL_FORMED, "china_post")
    assert identify("ABC123", "winit").verdict == FormCheck.NOT_CHECKABLE


def test_a_length_alone_decides_nothing() -> None:
    stated = identify("133938675660", "sf_express")
    assert (stated.verdict, stated.tier) == (FormCheck.NOT_CHECKABLE, "D")
    assert "sf_express" not in stated.well_formed_for
    unstated = identify("1000478495775")
    assert (unstated.verdict, unstated.well_formed_for) == (FormCheck.NOT_CHECKABLE, ())
    assert unstated.tied == ()
    assert "State the carrier" in remedy(unstated, ENGLISH)


@pytest.mark.parametrize(
    "partner", ["fedex", "ups", "ups_mi", "dhl_ecommerce", "osm", "newgistics", "first_mile"]
)
def test_those_who_hand_over_to_usps_are_accepted_under_its_numbers(partner: str) -> None:
    found = identify(USPS, partner)
    assert found.verdict == FormCheck.WELL_FORMED
    assert found.hands_over_to == "usps"
    assert found.match is not None
    assert found.match.partner
    assert identify(USPS, "usps").hands_over_to is None
    assert identify(USPS).tied == ()


def test_a_service_type_for_hand_overs_makes_the_partners_equal_to_usps() -> None:
    workshare = ("usps", "fedex_smartpost", "fedex", "dhl_ecommerce", "ups_mi")
    assert identify("9261292700768711948021").tied == workshare
    assert set(identify("92748999997295513123034457").tied) == {*workshare, "ups"}
    assert identify("9261292700768711948021", "fedex").tier == "A"
    assert identify(USPS, "fedex").tier == "C"


def test_a_tie_is_explained_to_who_has_not_stated_a_carrier() -> None:
    found = identify("249711710883")
    assert found.tied == ("dhl_de", "dhl", "yamato", "sagawa", "japan_post")
    assert "could be one of" in remedy(found, ENGLISH)
    assert "Sagawa or Japan Post" in remedy(found, ENGLISH)
    assert "Sagawa或Japan Post" in remedy(found, CHINESE)
    assert remedy(identify(UPS), ENGLISH) == "State UPS as the carrier."


@pytest.mark.parametrize(
    "number", ["0" * 12, "0" * 15, "0000 0000 0000 0000 0000", "7777777777", "AAAAAAAAA"]
)
def test_one_character_over_and_over_is_nobodys_number(number: str) -> None:
    assert identify(number).well_formed_for == ()


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("1z 999 aa1 01-2345 6784", UPS),
        ("\uff11\uff3a999AA10123456784", UPS),
        (" \u200b1Z999AA10123456784\ufeff\n", UPS),
        ("(00) 3 4043383644263659 7", "340433836442636597"),
        ("420 22153 9101026837331000039521", "9101026837331000039521"),
        ("4209215512349505500020714300000128", "9505500020714300000128"),
        ("4205690192023901019233001401555746", "92023901019233001401555746"),
        ("4201028200009261290113185417468510", "9261290113185417468510"),
        ("420000000000000000000000000000", "420000000000000000000000000000"),
        ("1LS7119013618127-1", "1LS71190136181271"),
        ("99.34.123456.12345678", "993412345612345678"),
        ("\u0661\u0662", ""),
    ],
)
def test_normalising_keeps_digits_and_capitals_and_drops_what_labels_add(
    typed: str, normal: str
) -> None:
    assert normalise(typed) == normal
    assert identify(typed).normalised == normal


@pytest.mark.parametrize(
    ("typed", "readable"),
    [
        (UPS, True),
        (" 1Z 999-AA1 ", True),
        ("", False),
        ("   ", False),
        ("- -", False),
        ("1Z999AA1.0123456784", False),
        ("1Z#1", False),
        ("9400\t1112", False),
        ("\u5355\u53f7123", False),
        ("1" * 501, False),
    ],
)
def test_blanks_and_punctuation_cannot_be_read(typed: str, readable: bool) -> None:  # noqa: FBT001 -- the expected value
    assert is_readable(typed) is readable
    assert (identify(typed, "ups").verdict == FormCheck.INVALID_ID) is not readable


def test_a_policy_chooses_which_characters_are_tolerated() -> None:
    assert is_readable("99.34.1", tolerated=" -.")
    assert not is_readable("99-34", tolerated="")


def test_what_cannot_be_read_still_tells_whose_it_looks_like() -> None:
    found = identify("1Z999AA1.0123456784", "ups")
    assert (found.verdict, found.well_formed_for) == (FormCheck.INVALID_ID, ("ups",))
    assert found.suggested_carrier is None
    assert found.repairs == (UPS,)
    assert "with letters and digits only" in remedy(found, ENGLISH)
    assert remedy(found, ENGLISH).endswith(f"Did you mean {UPS}?")


@pytest.mark.parametrize(
    ("typed", "carrier", "damage", "repairs"),
    [
        ("9.4E+21", "usps", Damage.SPREADSHEET_EXPONENT, ()),
        ("4,49044304137821E+14", "fedex", Damage.SPREADSHEET_EXPONENT, ("449044304137821",)),
        (9.4e21, "usps", Damage.SPREADSHEET_EXPONENT, ()),
        ("1Z999AA1O123456784", "ups", Damage.LOOKALIKE_LETTERS, (UPS,)),
        ("lZ999AA10123456784", None, Damage.LOOKALIKE_LETTERS, (UPS,)),
        ("TBA5O2887274000", "amazon", Damage.LOOKALIKE_LETTERS, ("TBA502887274000",)),
        ("RR473124829G8", None, Damage.LOOKALIKE_LETTERS, ("RR473124829GB",)),
        ("1Z999\u0410\u041010123456784", "ups", Damage.LOOKALIKE_LETTERS, (UPS,)),
        (41441760228964, "fedex", Damage.LOST_ZEROS, ("041441760228964",)),
        ("3071790000523483741", "usps", Damage.LOST_ZEROS, ("03071790000523483741",)),
        ("340434633751428115 ", "usps", Damage.STRAY_SPACES, ()),
        (f"https://www.ups.com/track?tracknum={UPS}&requester=x", "ups", Damage.URL, (UPS,)),
        ("www.example.com/nothing", "ups", Damage.URL, ()),
        ("x" * 1_000, "ups", Damage.TOO_LONG, ()),
    ],
)
def test_damage_is_named_and_repaired_where_one_repair_is_plausible(
    typed: object, carrier: str | None, damage: str, repairs: tuple[str, ...]
) -> None:
    found = identify(typed, carrier)
    assert damage in found.damage
    assert found.repairs == repairs


@pytest.mark.parametrize(
    ("typed", "carrier", "repairs"),
    [
        ("RR473124289GB", "royal_mail", ("RR473124829GB",)),
        ("RR4731224829GB", "royal_mail", ("RR473124829GB",)),
        ("9400111206206406260788", "usps", ()),
        (FEDEX, "usps", ()),
        ("nothing like it", "ups", ()),
    ],
)
def test_swaps_and_doubled_characters_are_repaired_only_where_one_repair_is_plausible(
    typed: str, carrier: str, repairs: tuple[str, ...]
) -> None:
    assert identify(typed, carrier).repairs == repairs


def test_a_well_formed_number_is_not_repaired() -> None:
    assert identify(UPS, "ups").repairs == ()
    assert identify(UPS, "usps").repairs == ()
    assert identify("1Z 999 AA1 01 2345 6784", "ups").damage == (Damage.STRAY_SPACES,)


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


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter the tracking number: the field is blank."),
        ("9.4E+21", "Format the spreadsheet's column as text"),
        ("https://example.com/1", "not the address of a web page"),
        ("x" * 1_000, "too long"),
        ("?", "? has other characters"),
    ],
)
def test_what_cannot_be_read_is_told_how_to_be_entered(typed: str, told: str) -> None:
    found = identify(typed, "ups")
    assert told in remedy(found, ENGLISH)
    assert remedy(found, CHINESE)


def test_an_integer_of_many_thousand_digits_is_no_number() -> None:
    assert identify(10**5_000, "ups").verdict == FormCheck.INVALID_ID
