"""What the carrier tracks of what was typed or scanned; and hand-overs that a number shows."""

import pytest

from vtr.domain.tracking_numbers import canonical_number, identify, shows_handover
from vtr.domain.tracking_numbers.catalogue import FORMATS
from vtr.domain.tracking_numbers.formats import Format

DPD = "09980000020033"
PAKET = "00340434492098429236"


@pytest.mark.parametrize(
    ("number", "carrier", "canonical"),
    [
        ("9612804882227378545377", "fedex", "882227378545377"),
        ("1195266473930007521100871079919940", "fedex", "871079919940"),
        ("1071 8049 5239 0002 0878 0092 5989 3851 63", "fedex", "925989385163"),
        ("9622001900000000000000776632517510", "fedex", "776632517510"),
        ("32971514560102447849175802862014", "fedex", "784917580286"),
        ("d8077152042820402b", "fedex", "807715204282"),
        ("b8091765356780402d", "fedex", "809176535678"),
        ("8077152042820402", "fedex", "807715204282"),
        ("00408017007469", "fedex", "408017007469"),
        ("986578788855.0", "fedex", "986578788855"),
        (
            "[)>\x1e01\x1d0238115\x1d840\x1d19\x1d9865787888550201\x1dFDE\x1d510087\x1d091",
            "fedex",
            "986578788855",
        ),
        (
            "[)>\u241e01\u241d0238115\u241d840\u241d19\u241d9865787888550201\u241dFDE\u241d510087",
            "fedex",
            "986578788855",
        ),
        (
            "[)>\x1e01\x1d96841706672\x1d840\x1d001\x1d1Z12345675\x1dUPSN\x1d12345E\x1d089\x1d\x1e\x04",
            "ups",
            "1Z12345E0112345675",
        ),
        (PAKET, "dhl_de", PAKET),
        ("(00)340434492098429236", "dhl_de", PAKET),
        ("]C100340434492098429236", "dhl_de", PAKET),
        ("340434492098429236", "dhl_de", PAKET),
        ("00370000000000000004", "bring", "370000000000000004"),
        ("(00)370000000000000004", "bring", "370000000000000004"),
        ("(00)159007731234567899", "poczta_polska", "00159007731234567899"),
        ("(00) 1 0614141 234567890 8", "postnord", "106141412345678908"),
        ("008182709980000020033350276C", "dpd", DPD),
        ("%008182709980000020033350276C", "dpd", DPD),
        ("%008182709980000020033350276", "dpd", DPD),
        (f"{DPD}F", "dpd", DPD),
        (DPD, "dpd", DPD),
        ("15502370264989N", "dpd_uk", "15502370264989"),
        ("420 29651 9405 5102 0086 4168 9977 58", "usps", "9405510200864168997758"),
        ("1LS7119013618127-1", "lasership", "1LS71190136181271"),
        ("1z-999 aa1 01 2345 6784", "ups", "1Z999AA10123456784"),
        ("7023210039414604", "canada_post", "7023210039414604"),
        ("", None, ""),
    ],
)
def test_the_carrier_tracks_one_number_however_it_was_read(
    number: str, carrier: str | None, canonical: str
) -> None:
    assert canonical_number(number, carrier) == canonical
    assert canonical_number(canonical, carrier) == canonical
    assert identify(number, carrier).canonical == canonical


@pytest.mark.parametrize(
    "number",
    [
        "9612804882227378545377",
        "1071804952390002087800925989385163",
        "D8077152042820402B",
        "340434492098429236",
        "00370000000000000004",
    ],
)
def test_where_a_prefix_and_a_check_digit_speak_no_stated_carrier_changes_the_reading(
    number: str,
) -> None:
    read = {canonical_number(number, carrier) for carrier in (None, "ups", "fedex", "dpd", "jitsu")}
    assert len(read) == 1
    assert read != {number}


def test_where_less_speaks_a_number_is_read_as_its_carrier_writes_it() -> None:
    both = "00986578788855"  # fourteen digits of DPD, or FedEx's twelve behind two zeros
    assert canonical_number(both, "fedex") == "986578788855"
    assert canonical_number(both, "dpd") == both
    # It speaks for FedEx alone, though another was stated: so the scans are found.
    assert canonical_number("32971514560102447849175802862014", "usps") == "784917580286"


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.format_id)
def test_what_is_canonical_stays_so(entry: Format) -> None:
    for carrier in (None, "ups", *entry.carriers):
        for example in entry.examples:
            canonical = canonical_number(example, carrier)
            assert canonical
            assert canonical_number(canonical, carrier) == canonical


@pytest.mark.parametrize(
    ("number", "one", "other", "shown"),
    [
        ("9261292700768711948021", "fedex", "usps", True),
        ("9261292700768711948021", "usps", "fedex", True),
        ("9261292700768711948021", "fedex", "ups", False),
        ("61299998820821171811", "fedex", "usps", True),
        ("92419900000033499522966220", "ups", "usps", True),
        ("420902459261290336128704042634", "dhl_ecommerce", "usps", True),
        ("9361289878700317633795", "osm", "usps", True),
        ("9361289878700317633795", "newgistics", "usps", True),
        ("9361289878700317633795", "ontrac", "usps", False),
        ("1Z6984X5YW53618693", "ups", "usps", True),
        ("1Z6984X5YW53618693", "ups", "fedex", False),
        ("1Z999AA10123456784", "ups", "usps", False),
        ("9400111206206406260787", "fedex", "usps", False),
        ("9400111206206406260787", "ups", "usps", False),
        ("9202090339598352279018", "dhl_ecommerce", "usps", False),
        ("DY531671415PT", "4px", "ctt", False),
        ("LX299455986CN", "china_post", "usps", False),
        ("986578788855", "fedex", "usps", False),
        ("", "fedex", "usps", False),
    ],
)
def test_a_hand_over_is_shown_by_a_prefix_or_a_mailers_id_and_by_nothing_else(
    number: str,
    one: str,
    other: str,
    shown: bool,  # noqa: FBT001 -- the expected value
) -> None:
    assert shows_handover(number, one, other) is shown
    assert shows_handover(number, other, one) is shown
