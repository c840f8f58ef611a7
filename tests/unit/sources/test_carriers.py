"""Carriers as the sources call them, and whose a scan is that another carrier reports."""

import json
from pathlib import Path

import pytest

import vtr.sources
from vtr.domain.carriers import is_carrier
from vtr.sources import SOURCES, source
from vtr.sources.shared.base import Decoded
from vtr.sources.shared.carrier_codes import carrier_code, carrier_of, is_known, scanned_by

FOLDER = Path(vtr.sources.__file__).with_name("carrier_names")
TABLES = sorted(FOLDER.glob("*.tsv"))
UPS_NUMBER = "1Z5R8W200344719049"


def test_every_table_is_of_a_source() -> None:
    assert {path.stem for path in TABLES} <= set(SOURCES)


@pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])
def test_every_name_has_a_code_of_ours_and_says_where_it_is_published(path: Path) -> None:
    header, *rows = path.read_text("utf-8").splitlines()
    assert header == "name\tcode\tpublished"
    for row in rows:
        name, code, published = row.split("\t")
        assert not code or is_carrier(code), row
        assert carrier_code(path.stem, name) == (code or carrier_code("standard", name)), row
        assert published.startswith("https://"), row


@pytest.mark.parametrize(
    ("name_of", "name", "code"),
    [
        ("aftership", "usps-webhook", "usps"),
        ("aftership", "fedex-api", "fedex"),
        ("aftership", "deutsch-post", "deutsche_post"),
        ("easypost", "FedExDefault", "fedex"),
        ("easypost", "UPSDAP", "ups"),
        ("easypost", "LaserShipV2", "lasership"),
        ("shipengine", "canada_post_walleted", "canada_post"),
        ("shipengine", "stamps_com", "usps"),
        ("ship24", "us-post", "usps"),
        ("ship24", "usps-tracking", "usps"),
        ("17track", "21051", "usps"),
        ("17track", "美国邮政", "usps"),
        ("standard", "No Such Carrier!", "no_such_carrier"),
        ("standard", "某某快递", "某某快递"),
        ("standard", "Почта Края", "почта_края"),
        ("standard", "?!", ""),
        ("standard", "", ""),
    ],
)
def test_a_source_s_name_of_a_carrier(name_of: str, name: str, code: str) -> None:
    assert carrier_code(name_of, name) == code


@pytest.mark.parametrize(
    ("names", "number", "code"),
    [
        (("reseller_42",), UPS_NUMBER, "ups"),
        (("reseller_42",), "1Z5R8W200344719040", "reseller_42"),  # a wrong check digit
        (("reseller_42",), "", "reseller_42"),
        (("fedex",), UPS_NUMBER, "fedex"),
        (("globalpost",), "LW551203417US", "usps"),
        (("globalpost",), "GP551203417", "globalpost"),
        (("999999", "17track 999999", ""), "7", "17track_999999"),
        (("999999", "17track 999999", "新快递"), "7", "17track_999999"),
        (("", ""), UPS_NUMBER, ""),
    ],
)
def test_an_unknown_name_gives_way_to_a_number_that_is_certain(
    names: tuple[str, ...], number: str, code: str
) -> None:
    assert carrier_of("shipengine", *names, number=number) == code


@pytest.mark.parametrize(
    ("carrier", "reporter", "scanner"),
    [
        ("ups", "", "ups"),
        ("", "ups", "ups"),
        ("ups", "usps", "usps"),
        ("usps", "usps", "usps"),
        ("fedex_smartpost", "fedex", "fedex_smartpost"),
        ("dhl_de", "dhl", "dhl_de"),
        ("deutsche_post", "dhl_de", "deutsche_post"),
        ("dhl_ecommerce", "dhl_de", "dhl_de"),
        ("dpd", "dpd_pl", "dpd"),
        ("correos_mx", "correos", "correos"),
        ("pos_malaysia", "pos_indonesia", "pos_indonesia"),
        ("first_mile", "first_flight", "first_flight"),
        ("apc", "apc_overnight", "apc_overnight"),
        ("la_poste", "colissimo", "la_poste"),
    ],
)
def test_a_scan_is_the_reporter_s_but_within_one_house(
    carrier: str, reporter: str, scanner: str
) -> None:
    assert scanned_by(carrier, reporter) == scanner


def test_carriers_that_nobody_knows_are_listed_by_source_and_name() -> None:
    found = decoded_of("aftership", "no-such-carrier", "7700112233")
    assert [scan.carrier for scan in found.scans] == ["no_such_carrier"]
    assert found.unknown_carriers == ("aftership:no_such_carrier",)
    assert not is_known("aftership", "no_such_carrier")


def test_carriers_that_are_known_are_not_listed() -> None:
    assert decoded_of("aftership", "usps-api", "9400105600200300400615").unknown_carriers == ()
    assert decoded_of("aftership", "no-such-carrier", UPS_NUMBER).unknown_carriers == ()
    event = {"trackingNumber": UPS_NUMBER, "activityStatus": {"type": "I", "code": "OR"}}
    body = json.dumps(event | {"localActivityDate": "20261120"}).encode()
    assert source("ups").decode(body).unknown_carriers == ()


def decoded_of(name: str, slug: str, number: str) -> Decoded:
    checkpoint = {"slug": slug, "subtag": "InTransit_002", "checkpoint_time": "2026-11-20T17:45:00"}
    message = {"slug": slug, "tracking_number": number, "checkpoints": [checkpoint]}
    return source(name).decode(json.dumps({"msg": message}).encode())
