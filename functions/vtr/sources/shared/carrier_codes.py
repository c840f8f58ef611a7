"""Our code of the carrier that a source names in its own words.

What a source calls a carrier is looked up in ``carrier_names/<source>.tsv`` (name, our code, where
the name is published) and then among all the names that we know of carriers. A name without a code
is that of a label programme: the parcels are carried by whom their numbers are of.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from vtr.domain.carriers import folded, is_carrier, resolve

_FOLDER = f"{__file__.removesuffix('shared/carrier_codes.py')}carrier_names"
_LONGEST = 60
_NOT_OF_A_CODE = re.compile(r"[\W_]+")
# What sources add to a carrier's name: the door they read it through, the account that paid.
_ADDED = re.compile(
    r"(?:[-_ ](?:api|webhooks?|s?ftp|edi|walleted|tracking|reference)|[-_ ]?(?:default|v\d))$",
    re.ASCII | re.IGNORECASE,
)
_MOST_ADDED = 2


def carrier_code(source: str, *names: str) -> str:
    """Return our code of the carrier that *source* calls by *names*, the surest name first.

    A carrier that nobody knows keeps the last of its names that is in plain letters, else the last
    one, in the form that codes have.
    """
    codes = sorted(map(_as_code, reversed(names)), key=lambda code: not code.isascii())
    return _first_known(source, names) or next(filter(None, codes), "")


def carrier_of(source: str, *names: str, number: str) -> str:
    """Return our code of the carrier of *number*, as ``carrier_code`` does.

    Where no name is known, the carrier that the number's prefix and check digit prove goes before
    a name that nobody knows.
    """
    known = _first_known(source, names)
    if known or not any(names):
        return known
    # Hardly ever asked for, and the formats of all carriers take long to import.
    from vtr.sources.shared.number_forms import certain_carrier  # noqa: PLC0415

    return certain_carrier(number) or carrier_code(source, *names)


def reporter_code(source: str, name: str, asked: str) -> str:
    """Return our code of the carrier called *name*, where it is not the one *asked* about."""
    return "" if name == asked else carrier_code(source, name)


def is_known(source: str, code: str) -> bool:
    """Say whether *code*, that of a carrier which *source* names, is one of our carriers'."""
    return code in _codes(source) or is_carrier(code)


def scanned_by(carrier: str, reporter: str) -> str:
    """Return who made a scan that *reporter* reports about a number of *carrier*.

    That is the reporter, unless one of the two is but the house or the service of the other.
    """
    if not reporter or not carrier:
        return carrier or reporter
    # A table of its own, that is needed only where two carriers are named.
    from vtr.domain.carriers.families import of_one_house  # noqa: PLC0415

    return carrier if of_one_house(carrier, reporter) else reporter


def _first_known(source: str, names: tuple[str, ...]) -> str:
    return next(filter(None, (_known(source, name[:_LONGEST]) for name in names)), "")


@lru_cache(maxsize=4096)
def _known(source: str, name: str) -> str:
    names = _names(source)
    for spelling in _spellings(name):
        code = names.get(folded(spelling))
        code = resolve(spelling) if code is None else code
        if code is not None:
            return code
    return ""


def _spellings(name: str) -> Iterator[str]:
    """Yield the name, and what is left of it without what sources add."""
    yield name
    for _ in range(_MOST_ADDED):
        shorter = _ADDED.sub("", name)
        if shorter == name:
            return
        name = shorter
        yield name


@cache
def _names(source: str) -> Mapping[str, str]:
    """Return the codes of the carriers by the names, folded, that only this source has."""
    with open(f"{_FOLDER}/{source}.tsv", encoding="utf-8") as lines:  # noqa: PTH123
        next(lines)
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return {folded(name): code for name, code, _published in rows}


@cache
def _codes(source: str) -> frozenset[str]:
    return frozenset(_names(source).values())


def _as_code(name: str) -> str:
    return _NOT_OF_A_CODE.sub("_", name[:_LONGEST].casefold()).strip("_")
