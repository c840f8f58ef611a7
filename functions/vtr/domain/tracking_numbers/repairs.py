"""What a number that fits nothing was probably meant to be.

A repair is offered only where exactly one is plausible: a wrong guess is worse than none. Plausible
are letters that look like digits and the other way round, zeros that a spreadsheet dropped, two
neighbours swapped, a character typed twice, and a number inside a web address.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from vtr.domain.tracking_numbers.index import PICTURES
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import HOMOGLYPHS, Damage, normalise, tokens

TYPE_CHECKING = False  # mypy reads it so; importing typing would cost more than this package
if TYPE_CHECKING:
    from collections.abc import Iterator

    from vtr.domain.tracking_numbers.patterns import Picture

_DIGITS_ALIKE = str.maketrans("OQDILSBZG", "000115826")
_LETTERS_ALIKE = str.maketrans("01258", "OIZSB")
_MOST_ZEROS = 3
_LONGEST_NUMBER = 34


@lru_cache(maxsize=16)  # damage, repairs and remedy of one number ask one after the other
def repair_of(typed: str, text: str, stated_carrier: str | None) -> tuple[str, str]:
    """The one plausible repair, and the damage that it undoes where that has a name.

    Two empty strings where no repair is plausible, or more than one. A repaired number must fit
    the stated carrier; where none is stated, a prefix and a check digit must both speak for it.
    """
    if _fits(text, stated_carrier):
        return "", text  # nothing was wrong but the characters that cannot be read
    repairs: dict[str, str] = {}
    for damage, number in _attempts(typed, text):
        if number not in repairs and _fits(number, stated_carrier):
            repairs[number] = damage
    if len(repairs) != 1:
        return "", ""
    ((number, damage),) = repairs.items()
    return damage, number


def _fits(number: str, stated_carrier: str | None) -> bool:
    if stated_carrier is None:
        return any(one.tier == "A" for one in candidates_of(number))
    return any(one.carrier == stated_carrier and one.tier != "D" for one in candidates_of(number))


def _attempts(typed: str, text: str) -> Iterator[tuple[str, str]]:
    for token in tokens(typed):
        yield Damage.URL, token
    yield Damage.SPREADSHEET_EXPONENT, _whole(typed)
    latin = normalise(typed.upper().translate(HOMOGLYPHS))
    yield Damage.LOOKALIKE_LETTERS, latin
    for picture in PICTURES.get(len(latin), ()):
        yield Damage.LOOKALIKE_LETTERS, _redrawn(latin, picture)
    if text.isdigit():
        for zeros in range(1, _MOST_ZEROS + 1):
            yield Damage.LOST_ZEROS, "0" * zeros + text
    for place, (one, other) in enumerate(pairwise(text) if len(text) <= _LONGEST_NUMBER else ()):
        yield "", text[:place] + other + one + text[place + 2 :]
        if one == other:
            yield "", text[:place] + text[place + 1 :]


def _whole(typed: str) -> str:
    """The number behind an exponent that kept every digit: ``4.49044304137821E+14``."""
    mantissa, _, exponent = typed.strip().upper().replace(",", ".").partition("E")
    whole, _, decimals = mantissa.partition(".")
    exponent = exponent.removeprefix("+")
    digits = whole + decimals
    if digits.isdigit() and exponent.isdigit() and exponent == str(len(decimals)):
        return digits
    return ""


def _redrawn(text: str, picture: Picture) -> str:
    """*text*, as long as the picture, with what that cannot take replaced by its look-alike.

    Empty where that does not make it fit.
    """
    drawn = "".join(map(_alike, text, picture.shape.decode()))
    for offset, alternatives in picture.literals:
        end = offset + len(alternatives[0])
        meant = {one.decode() for one in alternatives}
        if drawn[offset:end] not in meant:
            looks = drawn[offset:end].translate(_DIGITS_ALIKE)
            alike = [one for one in meant if one.translate(_DIGITS_ALIKE) == looks]
            if len(alike) != 1:
                return ""
            drawn = drawn[:offset] + alike[0] + drawn[end:]
    return drawn


def _alike(char: str, kind: str) -> str:
    if kind == "A":
        return char.translate(_LETTERS_ALIKE)
    # Where a letter would do as well, a number still has a digit nearly always.
    return char.translate(_DIGITS_ALIKE)
