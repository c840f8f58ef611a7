"""Where an event happened: as the source writes it, and what distinguishes it from other places."""

from collections.abc import Mapping
from typing import NamedTuple

from vtr.sources.shared.json_fields import text

_LONGEST_LOCATION = 60
_ZIP_DIGITS = 5
_LETTERS_OF_ISO_2, _LETTERS_OF_ISO_3 = 2, 3
# The countries that sources write by three letters or by name, of those that send most parcels.
_ISO_3 = """
    ARE:AE ARG:AR AUS:AU AUT:AT BEL:BE BGR:BG BRA:BR CAN:CA CHE:CH CHL:CL CHN:CN COL:CO
    CYP:CY CZE:CZ DEU:DE DNK:DK ESP:ES EST:EE FIN:FI FRA:FR GBR:GB GRC:GR HKG:HK HRV:HR
    HUN:HU IDN:ID IND:IN IRL:IE ISL:IS ISR:IL ITA:IT JPN:JP KOR:KR LTU:LT LUX:LU LVA:LV
    MAC:MO MEX:MX MLT:MT MYS:MY NLD:NL NOR:NO NZL:NZ PER:PE PHL:PH POL:PL PRI:PR PRT:PT
    ROU:RO RUS:RU SAU:SA SGP:SG SRB:RS SVK:SK SVN:SI SWE:SE THA:TH TUR:TR TWN:TW UKR:UA
    USA:US VNM:VN ZAF:ZA
"""
_COUNTRIES: Mapping[str, str] = {
    **dict(pair.split(":") for pair in _ISO_3.split()),
    "UNITED STATES": "US",
    "UNITED STATES OF AMERICA": "US",
    "CANADA": "CA",
}


class Place(NamedTuple):
    """``said`` is how the source writes it, ``location`` the least that distinguishes places."""

    said: str = ""
    location: str = ""


NOWHERE = Place()


def place_of(*parts: object, free: object = "", home: str = "") -> Place:
    """Return the place with these *parts*: city, state, postal code and country.

    What is not given is empty. *free* is a text in place of the city, which may say anything: it
    is shown, and distinguishes no places. *home* is the country where a source names none.
    """
    city, state, postal, country = map(text, parts)
    said = ", ".join(filter(None, (city or text(free), state, postal, country)))
    return Place(said, _location(city, state, postal, country or home)) if said else NOWHERE


def _location(city: str, state: str, postal: str, country: str) -> str:
    """Return country and postal code, else city and state (or country); capitals, to compare."""
    code = _iso_2(country[:_LONGEST_LOCATION].upper())
    postal = " ".join(postal[:_LONGEST_LOCATION].upper().split())
    if code == "US" and postal[:_ZIP_DIGITS].isdecimal():
        postal = postal[:_ZIP_DIGITS]
    if code and postal:
        return f"{code} {postal}"[:_LONGEST_LOCATION]
    region = state or code
    return f"{city}, {region}"[:_LONGEST_LOCATION].upper() if city and region else ""


def _iso_2(country: str) -> str:
    if len(country) == _LETTERS_OF_ISO_2:
        return country
    return _COUNTRIES.get(country, country if len(country) == _LETTERS_OF_ISO_3 else "")
