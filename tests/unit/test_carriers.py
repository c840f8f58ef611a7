"""Carriers: one code each, whatever a seller types."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from vtr.domain.carriers import (
    all_carriers,
    carrier,
    folded,
    resolve,
    services,
)


def test_every_name_of_every_carrier_resolves_to_it_and_to_no_other() -> None:
    owners: dict[str, set[str]] = {}
    for one in all_carriers():
        for name in one.names:
            assert resolve(name) == one.code
            owners.setdefault(folded(name), set()).add(one.code)
    assert all(len(codes) == 1 for codes in owners.values())


def test_the_table_has_all_carriers_with_a_country_each() -> None:
    assert len(all_carriers()) > 1200
    assert all(re.fullmatch(r"[A-Z]{2}", one.country) for one in all_carriers())
    assert not any(one.code in one.aliases for one in all_carriers())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ups", "ups"),
        ("  U.P.S. ", "ups"),
        ("\uff35\uff30\uff33", "ups"),  # full-width
        ("fed ex", "fedex"),
        ("Fed-Ex Ground", "fedex"),
        ("FEDEX SMARTPOST", "fedex_smartpost"),
        ("colis prive", "colis_prive"),
        ("Colis Priv\u00e9", "colis_prive"),
        ("\u4e91\u9014\u7269\u6d41", "yunexpress"),
        ("\u987a\u4e30\u901f\u8fd0", "sf_express"),
        ("\u65e5\u672c\u90f5\u4fbf", "japan_post"),
        ("\u30e4\u30de\u30c8\u904b\u8f38", "yamato"),
        ("ems", "china_ems"),
        ("ctt", "ctt"),
        ("Landmark Global", "landmark_global"),
    ],
)
def test_names_resolve_in_any_case_punctuation_width_and_script(typed: str, code: str) -> None:
    assert resolve(typed) == code


@pytest.mark.parametrize("typed", ["", " ", "-", "no such carrier", "UPS FedEx", "x" * 1_000_000])
def test_what_no_carrier_is_called_resolves_to_none(typed: str) -> None:
    assert resolve(typed) is None


def test_an_unknown_code_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        carrier("bazaar")


def test_names_are_found_whichever_table_is_asked_first() -> None:
    script = "from vtr.domain.carriers import {}; print({})"
    for name, question in (("resolve", "resolve('UPS')"), ("carrier", "carrier('ups').code")):
        answer = subprocess.run(  # noqa: S603 -- our own interpreter, our own words
            [sys.executable, "-c", script.format(name, question)],
            env={"PYTHONPATH": "functions"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout.strip() == "ups"


def test_the_words_of_a_service_that_are_one_carriers_alone_name_it() -> None:
    table = Path(services.__file__).with_name("services.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    alone = [(code, service) for code, service, alone, _ in rows if alone == "yes"]
    assert len(alone) > 100
    assert [(code, service) for code, service in alone if resolve(service) != code] == []
    assert resolve("4PX Registered") == "4px"
    assert resolve("Registered") is None
