"""Normalise a number as somebody typed it; say if it can be read, and how it was corrupted."""

from enum import StrEnum
from unicodedata import normalize as unicode_normalize

from vtr.domain.tracking_numbers.lookup import candidates_of

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
# Above this a float no longer holds every whole number, so that digits may have been lost.
_EXACT_FLOATS = 2.0**53
_LONGEST_INTEGER = 10**40


class Damage(StrEnum):
    """How a number was corrupted before it reached us. The remedy names it."""

    STRAY_SPACES = "stray_spaces"
    SPREADSHEET_EXPONENT = "spreadsheet_exponent"
    LOST_ZEROS = "lost_zeros"
    LOOKALIKE_LETTERS = "lookalike_letters"
    URL = "url"
    TOO_LONG = "too_long"


def normalise(number: str) -> str:
    """The number in the one form that it is stored and compared in: only 0-9 and A-Z.

    Full-width letters and digits become plain ones (NFKC), lower case upper. What a label adds
    around the number goes: ``(00)`` before a GS1 container code, ``420`` and the destination's ZIP
    or ZIP+4 before a USPS number.
    """
    text = _folded(number).strip().removeprefix("(00)")
    return without_routing("".join(char for char in text if char in _ALNUM))


def is_readable(number: str, tolerated: str = TOLERATED) -> bool:
    """Whether a marketplace's system can read the number: it is not blank, and has no punctuation.

    Letters and digits are read, and the *tolerated* characters between them dropped; which these
    are is a policy's choice. Blanks around the number do not count.
    """
    text = _folded(number).strip()
    return (
        len(number) <= LONGEST
        and not _ALNUM.isdisjoint(text)
        and all(char in _ALNUM or char in tolerated for char in text)
    )


def without_routing(text: str) -> str:
    """The USPS number behind ``420`` and a ZIP code, where there is one; else *text* itself.

    34 digits can be read in two ways (ZIP and 26 digits, ZIP+4 and 22): the check digit decides.
    """
    if len(text) >= ROUTED and text.startswith("420"):
        for length in _ZIP_LENGTHS:
            rest = text[3 + length :]
            if any(one.carrier == "usps" for one in candidates_of(rest)):
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
    readable = is_readable(typed) and Damage.TOO_LONG not in damage
    return typed, normalise(typed), damage, readable


def tokens(typed: str) -> list[str]:
    """The runs of letters and digits in what was typed: the parts of a web address, say."""
    spaced = "".join(char if char in _ALNUM else " " for char in _folded(typed))
    return [without_routing(token) for token in spaced.split()]


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


def _is_exponent(folded: str) -> bool:
    mantissa, _, exponent = folded.strip().partition("E")
    digits = mantissa.replace(".", "", 1).replace(",", "", 1)
    grouped = digits != mantissa or exponent.startswith("+")
    return grouped and digits.isdigit() and exponent.removeprefix("+").isdigit()


def _has_spaces(folded: str) -> bool:
    return any(char.isspace() for char in folded)


def _is_url(folded: str) -> bool:
    return "://" in folded or folded.startswith("WWW.")


def _has_homoglyphs(folded: str) -> bool:
    return folded != folded.translate(HOMOGLYPHS)


_DAMAGES = {
    Damage.STRAY_SPACES: _has_spaces,
    Damage.SPREADSHEET_EXPONENT: _is_exponent,
    Damage.URL: _is_url,
    Damage.LOOKALIKE_LETTERS: _has_homoglyphs,
}
