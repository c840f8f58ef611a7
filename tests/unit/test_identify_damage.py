"""What can be read, what happened to a number on its way, and what it was before."""

import pytest

from vtr.domain.tracking_numbers import Damage, FormCheck, identify, is_readable, normalise
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

UPS = "1Z999AA10123456784"
USPS = "9400111206206406260787"
FEDEX = "986578788855"
TWO = ("1Z1E21800376693932", "1Z0918WV0306763470")


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
        (f"{FEDEX}.0", FEDEX),
        (f"{FEDEX},00", FEDEX),
        (f'="{USPS}"', USPS),
        (f"'{USPS}", USPS),
        (f"{TWO[0]},{TWO[1]}", ""),
    ],
)
def test_normalising_keeps_digits_and_capitals_and_drops_what_labels_add(
    typed: str, normal: str
) -> None:
    assert normalise(typed) == normal
    assert identify(typed).normalised == normal


def test_what_stands_before_the_code_of_a_dpd_label_is_taken_away() -> None:
    code = "006716301805115000000012052"
    assert normalise(f"%{code}") == normalise(code)
    assert is_readable(f"%{code}")
    assert not is_readable(f"%{code[:-1]}")


@pytest.mark.parametrize(
    "invisible",
    "\u00ad\ufeff\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060",
)
def test_what_cannot_be_seen_is_no_part_of_a_number(invisible: str) -> None:
    assert normalise(f"{UPS[:5]}{invisible}{UPS[5:]}") == UPS
    assert is_readable(f"{UPS[:5]}{invisible}{UPS[5:]}")


def test_zero_as_a_spreadsheet_holds_it_is_a_zero() -> None:
    assert identify(0.0).typed == "0"


@pytest.mark.parametrize(
    "typed",
    [
        f"]C142022153\x1d{USPS}",
        f"42022153\u241d{USPS}",
        *(f"42022153{mark}{USPS}" for mark in ("<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}")),
        f"[FNC1]42022153[FNC1]{USPS}",
        f"(420)22153({USPS})",
        f"(420) 22153-1234 ({USPS})",
        f"]C0{USPS}",
    ],
)
def test_what_a_scanner_adds_is_taken_away_and_makes_nothing_unreadable(typed: str) -> None:
    assert is_readable(typed)
    found = identify(typed, "usps")
    assert (found.normalised, found.verdict) == (USPS, FormCheck.WELL_FORMED)
    assert Damage.SCANNER_PREFIX in found.damage


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
        ("(555) 1234567", False),
        ("]", False),
        (f"{USPS}\x1d{USPS[:-1]}0", False),
    ],
)
def test_blanks_and_punctuation_cannot_be_read(typed: str, readable: bool) -> None:  # noqa: FBT001 -- the expected value
    assert is_readable(typed) is readable
    assert (identify(typed, "ups").verdict == FormCheck.INVALID_ID) is not readable


def test_a_policy_chooses_which_characters_are_tolerated() -> None:
    assert is_readable("99.34.1", tolerated=" -.")
    assert not is_readable("99-34", tolerated="")
    assert not is_readable(",".join(TWO), tolerated=",")


def test_what_cannot_be_read_still_tells_whose_it_looks_like() -> None:
    found = identify("1Z999AA1.0123456784", "ups")
    assert (found.verdict, found.well_formed_for) == (FormCheck.INVALID_ID, ("ups",))
    assert found.suggested_carrier is None
    assert found.repairs == (UPS,)
    assert "with letters and digits only" in remedy(found, ENGLISH)
    assert remedy(found, ENGLISH).endswith(f"Did you mean {UPS}?")


@pytest.mark.parametrize(
    "between", [",", ", ", "; ", "/", " | ", "\n", "\r\n", " and ", " & ", " ", "、", "   "]
)
def test_several_numbers_are_never_made_one(between: str) -> None:
    typed = between.join(TWO)
    found = identify(typed, "ups")
    assert not is_readable(typed)
    assert (found.normalised, found.canonical, found.repairs) == ("", "", ())
    assert found.verdict == FormCheck.INVALID_ID
    assert Damage.SEVERAL_NUMBERS in found.damage
    assert "several numbers" in remedy(found, ENGLISH)
    assert "多个号码" in remedy(found, CHINESE)


@pytest.mark.parametrize(
    "typed",
    [
        '["1Z1E21800376693932","1Z0918WV0306763470"]',
        "1Z1E 2180 0376 6939 32 1Z09 18WV 0306 7634 70",
        "986578788855 477179081230",
        "9102901000462189604217,9102901000462189604214",  # the second one's check digit is wrong
        "476618356, 476618357",  # nothing is known of either
    ],
)
def test_several_numbers_are_told_whatever_they_look_like(typed: str) -> None:
    assert Damage.SEVERAL_NUMBERS in identify(typed, "ups").damage


@pytest.mark.parametrize(
    "typed",
    [
        "9400 1112 0620 6406 2607 87",
        "9400 1112 0620 6406 2607 88",
        "92612901701 027635365840",
        "1Z 999 AA1 01 2345 6784",
        "1234 5678 9012",
        f"{FEDEX},",
        f"{FEDEX}, {FEDEX}",
        "112-1234567-1234567",
        "1,234,567,890,123",
        f"https://www.ups.com/track?tracknum={UPS}/trackdetails,1234567890",
    ],
)
def test_one_number_in_groups_stays_one(typed: str) -> None:
    found = identify(typed, "fedex")
    assert Damage.SEVERAL_NUMBERS not in found.damage
    assert found.normalised


@pytest.mark.parametrize(
    ("typed", "carrier", "damage", "repairs"),
    [
        ("9.4E+21", "usps", Damage.SPREADSHEET_EXPONENT, ()),
        ("4,49044304137821E+14", "fedex", Damage.SPREADSHEET_EXPONENT, ("449044304137821",)),
        (9.4e21, "usps", Damage.SPREADSHEET_EXPONENT, ()),
        (f"{FEDEX}.0", "fedex", Damage.SPREADSHEET_DECIMAL, (FEDEX,)),
        ("1Z999AA1O123456784", "ups", Damage.LOOKALIKE_LETTERS, (UPS,)),
        ("lZ999AA10123456784", None, Damage.LOOKALIKE_LETTERS, (UPS,)),
        ("lZ999AA10123456784", "ups", Damage.LOOKALIKE_LETTERS, (UPS,)),
        ("RR473124829G8", None, Damage.LOOKALIKE_LETTERS, ("RR473124829GB",)),
        ("1Z999\u0410\u041010123456784", "ups", Damage.LOOKALIKE_LETTERS, (UPS,)),
        (41441760228964, "fedex", Damage.LOST_ZEROS, ("041441760228964",)),
        ("3071790000523483741", "usps", Damage.LOST_ZEROS, ("03071790000523483741",)),
        ("73938000549297", "canada_post", Damage.LOST_ZEROS, ("0073938000549297",)),
        ("340434633751428115", "dhl_de", Damage.LOST_ZEROS, ("00340434633751428115",)),
        ("340434633751428115 ", "usps", Damage.STRAY_SPACES, ()),
        (f"https://www.ups.com/track?tracknum={UPS}&requester=x", "ups", Damage.URL, (UPS,)),
        (f"tools.usps.com/go/TrackConfirmAction?tLabels={USPS}", "usps", Damage.URL, (USPS,)),
        (
            "https://t.4px.com/#/result/4PX3001794604846CN",
            "4px",
            Damage.URL,
            ("4PX3001794604846CN",),
        ),
        ("www.example.com/nothing", "ups", Damage.URL, ()),
        (f"Tracking #: {UPS}", "ups", Damage.LABEL_WORDS, (UPS,)),
        (f"UPS {UPS}", "ups", Damage.LABEL_WORDS, (UPS,)),
        ("TRK# 9865 7878 8855", "fedex", Damage.LABEL_WORDS, (FEDEX,)),
        (f"{UPS} (Ground)", "ups", Damage.LABEL_WORDS, (UPS,)),
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
        (f"{UPS}-1", "ups", (UPS,)),
    ],
)
def test_slips_are_repaired_only_where_one_repair_is_plausible(
    typed: str, carrier: str, repairs: tuple[str, ...]
) -> None:
    found = identify(typed, carrier)
    assert found.repairs == repairs
    assert Damage.LABEL_WORDS not in found.damage


@pytest.mark.parametrize(
    ("typed", "carrier"),
    [
        ("TBA5O2887274000", "amazon"),
        ("GFUSO1011884214464", "gofo"),
        ("YT22295212721644466", "yunexpress"),
        ("https://tracking.postnord.com/?id=06e097dd:6669:4a88:40abc79c10ab1bf3:070SE", "postnord"),
    ],
)
def test_nothing_is_altered_that_no_check_digit_proves(typed: str, carrier: str) -> None:
    assert identify(typed, carrier).repairs == ()


def test_words_around_a_number_are_for_the_seller_to_take_away() -> None:
    found = identify(f"UPS {UPS}", "ups")
    assert found.verdict == FormCheck.MALFORMED
    assert "without the words" in remedy(found, ENGLISH)
    # Letters that belong to the number are no words.
    for typed, carrier in (("Z 123 4567 890", "packeta"), ("GFUS 01011884214464", "gofo")):
        assert identify(typed, carrier).verdict == FormCheck.WELL_FORMED


def test_no_more_than_forty_characters_of_what_was_typed_are_quoted() -> None:
    typed = f"4.2E+{'1' * 60}"
    told = remedy(identify(typed), ENGLISH)
    assert typed[:40] in told
    assert typed[:41] not in told


def test_a_well_formed_number_is_not_repaired() -> None:
    assert identify(UPS, "ups").repairs == ()
    assert identify(UPS, "usps").repairs == ()
    assert identify("1Z 999 AA1 01 2345 6784", "ups").damage == (Damage.STRAY_SPACES,)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Enter the tracking number: the field is blank."),
        ("9.4E+21", "Format the spreadsheet's column as text"),
        (f"{FEDEX}.0", "Format the spreadsheet's column as text"),
        ("https://example.com/1", "not the address of a web page"),
        ("x" * 1_000, "too long"),
        ("?", "? has other characters"),
    ],
)
def test_what_cannot_be_read_is_told_how_to_be_entered(typed: str, told: str) -> None:
    found = identify(typed, "ups")
    assert told in remedy(found, ENGLISH)
    assert "web page" not in remedy(identify(f"{FEDEX}.0", "fedex"), ENGLISH)
    assert remedy(found, CHINESE)
