"""What a number that fits nothing was probably meant to be.

A repair is offered only where exactly one is plausible: a wrong guess is worse than none. Plausible
are letters that look like digits and the other way round, zeros that a spreadsheet dropped, two
neighbours swapped, a character typed twice, and a number inside a web address.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from vtr.domain.tracking_numbers.index import PATTERNS
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import HOMOGLYPHS, Damage, normalise, tokens
from vtr.domain.tracking_numbers.patterns import Pattern

_DIGITS_ALIKE = str.maketrans("OQDILSBZG", "000115826")
_LETTERS_ALIKE = str.maketrans("01258", "OIZSB")
_MOST_ZEROS = 3
_LONGEST_NUMBER = 34


@lru_cache(maxsize=16)  # damage, repairs and remedy of one number ask one after the other
def repair_of(typed: str, text: str, stated_carrier: str | None) -> tuple[Damage | None, str]:
    """The one plausible repair, and the damage that it undoes where that has a name.

    Nothing where no repair is plausible, or more than one. A repaired number must fit
    the stated carrier; where none is stated, a prefix and a check digit must both speak for it.
    """
    if _fits(text, stated_carrier):
        return None, text  # nothing was wrong but the characters that cannot be read
    repairs: dict[str, Damage | None] = {}
    for damage, number in _attempts(typed, text):
        if number not in repairs and _fits(number, stated_carrier):
            repairs[number] = damage
    if len(repairs) != 1:
        return None, ""
    ((number, damage),) = repairs.items()
    return damage, number


def _fits(number: str, stated_carrier: str | None) -> bool:
    if stated_carrier is None:
        return any(one.tier == "A" for one in candidates_of(number))
    return any(one.carrier == stated_carrier and one.tier != "D" for one in candidates_of(number))


def _attempts(typed: str, text: str) -> Iterator[tuple[Damage | None, str]]:
    for token in tokens(typed):
        yield Damage.URL, token
    yield Damage.SPREADSHEET_EXPONENT, _whole(typed)
    latin = normalise(typed.upper().translate(HOMOGLYPHS))
    yield Damage.LOOKALIKE_LETTERS, latin
    for pattern in PATTERNS.get(len(latin), ()):
        yield Damage.LOOKALIKE_LETTERS, _fitted(latin, pattern)
    if text.isdigit():
        for zeros in range(1, _MOST_ZEROS + 1):
            yield Damage.LOST_ZEROS, "0" * zeros + text
    for place, (one, other) in enumerate(pairwise(text) if len(text) <= _LONGEST_NUMBER else ()):
        yield None, text[:place] + other + one + text[place + 2 :]
        if one == other:
            yield None, text[:place] + text[place + 1 :]


def _whole(typed: str) -> str:
    """The number behind an exponent that kept every digit: ``4.49044304137821E+14``."""
    mantissa, _, exponent = typed.strip().upper().replace(",", ".").partition("E")
    whole, _, decimals = mantissa.partition(".")
    exponent = exponent.removeprefix("+")
    digits = whole + decimals
    if digits.isdigit() and exponent.isdigit() and exponent == str(len(decimals)):
        return digits
    return ""


def _fitted(text: str, pattern: Pattern) -> str:
    """*text*, as long as the pattern, with what that cannot take replaced by its look-alike.

    Empty where that does not make it fit.
    """
    patterned = "".join(map(_alike, text, pattern.shape.decode()))
    for offset, alternatives in pattern.literals:
        end = offset + len(alternatives[0])
        meant = {one.decode() for one in alternatives}
        if patterned[offset:end] not in meant:
            looks = patterned[offset:end].translate(_DIGITS_ALIKE)
            alike = [one for one in meant if one.translate(_DIGITS_ALIKE) == looks]
            if len(alike) != 1:
                return ""
            patterned = patterned[:offset] + alike[0] + patterned[end:]
    return patterned


def _alike(char: str, kind: str) -> str:
    if kind == "A":
        return char.translate(_LETTERS_ALIKE)
    # Where a letter would do as well, a number still has a digit nearly always.
    return char.translate(_DIGITS_ALIKE)
