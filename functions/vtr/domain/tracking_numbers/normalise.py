"""Normalise a number as somebody typed it; say if it can be read, and how it was corrupted."""

import re
from collections.abc import Iterator
from enum import StrEnum
from unicodedata import normalize as unicode_normalize

from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.scanners import without_scanner
from vtr.domain.tracking_numbers.several import are_several

# Longer than any number with everything that people paste around it, a web address included; what
# follows is not looked at.
LONGEST = 500
# The shortest USPS number that may carry the destination's ZIP code before it.
ROUTED = 30

# What people type between the groups of a number, and no carrier needs.
TOLERATED = " -"

# Letters of other scripts that look like Latin ones: Greek and Cyrillic capitals.
HOMOGLYPHS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХ",  # noqa: RUF001 -- that is the point of them
    "ABEZHIKMNOPTYXABESIJKMHOPCTYX",
)

_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# These travel along when a number is copied from a web page, and show nowhere: soft hyphen,
# zero-width characters, marks of writing direction, byte-order mark.
_INVISIBLE = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060])
_ZIP_LENGTHS = (5, 9)
# A whole number with decimals: what a data frame or a spreadsheet makes of digits.
_DECIMAL = re.compile(r"\A(\d{5,40})[.,]0{1,2}\Z")
_ADDRESS = re.compile(r"://|\AWWW\.|[A-Z0-9]\.[A-Z]{2,24}/")
# A label before the number, or a word behind it: no number begins with three letters and a blank.
_SHORTEST_WORD = 3
_LONGEST_NUMBER = 40
# Above this a float no longer holds every whole number, so that digits may have been lost.
_EXACT_FLOATS = 2.0**53
_LONGEST_INTEGER = 10**40


class Damage(StrEnum):
    """How a number was corrupted before it reached us. The remedy names it."""

    STRAY_SPACES = "stray_spaces"
    SPREADSHEET_EXPONENT = "spreadsheet_exponent"
    SPREADSHEET_DECIMAL = "spreadsheet_decimal"
    SCANNER_PREFIX = "scanner_prefix"
    SEVERAL_NUMBERS = "several_numbers"
    LABEL_WORDS = "label_words"
    LOST_ZEROS = "lost_zeros"
    LOOKALIKE_LETTERS = "lookalike_letters"
    URL = "url"
    TOO_LONG = "too_long"


def normalise(number: str) -> str:
    """The number in the one form that it is stored and compared in: only 0-9 and A-Z.

    Full-width letters and digits become plain ones (NFKC), lower case upper. What a label or a
    scanner adds around the number goes: ``]C1``, ``(00)`` before a GS1 container code, ``420`` and
    the destination's ZIP or ZIP+4 before a USPS number; a spreadsheet's ``.0`` too. Several numbers
    are none: they never become one.
    """
    if number.isalnum() and number.isascii() and len(number) < ROUTED:
        return number.upper()
    return _normal(_folded(number))


def is_readable(number: str, tolerated: str = TOLERATED) -> bool:
    """Whether a marketplace's system can read the number: it is one, and has no punctuation.

    Letters and digits are read, and the *tolerated* characters between them dropped; which these
    are is a policy's choice. Blanks around the number, and what a scanner put there, do not count.
    """
    return len(number) <= LONGEST and _is_readable(_folded(number), tolerated)


def without_routing(text: str) -> str:
    """The USPS number behind ``420`` and a ZIP code, where there is one; else *text* itself.

    34 digits can be read in two ways (ZIP and 26 digits, ZIP+4 and 22): the check digit decides.
    """
    if len(text) >= ROUTED and text.startswith("420"):
        for length in _ZIP_LENGTHS:
            rest = text[3 + length :]
            if any(one.carrier == "usps" and one.tier != "D" for one in candidates_of(rest)):
                return rest
    return text


def read(number: object) -> tuple[str, str, tuple[Damage, ...], bool]:
    """What was typed, its normal form, its damage, and whether it can be read.

    A JSON number is taken for the text it was meant to be, as long as it holds every digit.
    """
    typed = _as_text(number)
    folded = _folded(typed)
    damage = tuple(code for code, is_so in _DAMAGES.items() if is_so(folded))
    if isinstance(number, str) and len(number) > LONGEST:
        damage = (*damage, Damage.TOO_LONG)
    readable = Damage.TOO_LONG not in damage and _is_readable(folded, TOLERATED)
    return typed, _normal(folded), damage, readable


def tokens(typed: str) -> Iterator[str]:
    """The numbers that stand whole in what was typed: in a web address, or among words.

    Each run of letters and digits, and neighbouring runs with digits taken for groups of one.
    """
    runs = _runs(_folded(typed))
    yield from map(without_routing, runs)
    joined = ""
    for run in (*runs, ""):
        if any(char.isdigit() for char in run):
            joined += run
        else:
            if len(joined) <= _LONGEST_NUMBER:
                yield without_routing(joined)
            joined = ""


def _as_text(number: object) -> str:
    if isinstance(number, str):
        return number[:LONGEST]
    if isinstance(number, bool) or not isinstance(number, int | float):
        return ""
    if isinstance(number, float) and 0 <= number < _EXACT_FLOATS and number.is_integer():
        number = int(number)
    return str(number) if isinstance(number, float) or 0 <= number < _LONGEST_INTEGER else ""


def _folded(number: str) -> str:
    return unicode_normalize("NFKC", number[:LONGEST]).translate(_INVISIBLE).upper()


def _normal(folded: str) -> str:
    if _is_several(folded):
        return ""
    text = without_scanner(folded).strip()
    if decimal := _DECIMAL.fullmatch(text):
        text = decimal[1]
    return without_routing("".join(char for char in text if char in _ALNUM))


def _is_readable(folded: str, tolerated: str) -> bool:
    text = without_scanner(folded).strip()
    return (
        not _ALNUM.isdisjoint(text)
        and all(char in _ALNUM or char in tolerated for char in text)
        and not _is_several(folded)
    )


def _runs(folded: str) -> list[str]:
    return "".join(char if char in _ALNUM else " " for char in folded).split()


def _is_exponent(folded: str) -> bool:
    mantissa, _, exponent = folded.strip().partition("E")
    digits = mantissa.replace(".", "", 1).replace(",", "", 1)
    grouped = digits != mantissa or exponent.startswith("+")
    return grouped and digits.isdigit() and exponent.removeprefix("+").isdigit()


def _is_decimal(folded: str) -> bool:
    return _DECIMAL.fullmatch(folded.strip()) is not None


def _is_scanned(folded: str) -> bool:
    return without_scanner(folded).strip() != folded.strip()


def _is_several(folded: str) -> bool:
    text = without_scanner(folded)
    # Nearly all numbers are one run of letters and digits.
    return not text.isalnum() and not _is_url(text) and are_several(text)


def _has_spaces(folded: str) -> bool:
    return any(char.isspace() for char in folded)


def _is_url(folded: str) -> bool:
    return _ADDRESS.search(folded) is not None


def is_url(typed: str) -> bool:
    """Whether the address of a web page was typed, or a text with one in it."""
    return _is_url(_folded(typed))


def has_words(typed: str) -> bool:
    """Whether a word stands before or behind something else."""
    words = [len(run) >= _SHORTEST_WORD and run.isalpha() for run in _runs(_folded(typed))]
    return any(words) and not all(words)


def _is_labelled(folded: str) -> bool:
    """Whether words stand around a number whose check digit is right."""
    if not has_words(folded) or _is_url(folded) or _speaks("".join(_runs(folded)), "ABC"):
        return False
    return any(_speaks(token, "AB") for token in tokens(folded))


def _speaks(number: str, tiers: str) -> bool:
    return any(one.tier in tiers for one in candidates_of(number))


def _has_homoglyphs(folded: str) -> bool:
    return folded != folded.translate(HOMOGLYPHS)


_DAMAGES = {
    Damage.SEVERAL_NUMBERS: _is_several,
    Damage.SCANNER_PREFIX: _is_scanned,
    Damage.STRAY_SPACES: _has_spaces,
    Damage.SPREADSHEET_EXPONENT: _is_exponent,
    Damage.SPREADSHEET_DECIMAL: _is_decimal,
    Damage.URL: _is_url,
    Damage.LABEL_WORDS: _is_labelled,
    Damage.LOOKALIKE_LETTERS: _has_homoglyphs,
}
