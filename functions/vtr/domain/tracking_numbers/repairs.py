"""What a number that fits nothing was probably meant to be.

A repair is offered only where exactly one is plausible: a wrong guess is worse than none. Plausible
are letters that look like digits and the other way round, zeros that a spreadsheet dropped, two
neighbours swapped, a character typed twice, if a check digit proves them; and a number that stands
whole in a web address or among words.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from vtr.domain.tracking_numbers.grammar import MOST_ZEROS
from vtr.domain.tracking_numbers.index import PATTERNS
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import (
    HOMOGLYPHS,
    Damage,
    has_words,
    is_url,
    normalise,
    tokens,
)
from vtr.domain.tracking_numbers.patterns import Pattern

_DIGITS_ALIKE = str.maketrans("OQDILSBZG", "000115826")
_LETTERS_ALIKE = str.maketrans("01258", "OIZSB")
_LONGEST_NUMBER = 34


@lru_cache(maxsize=16)  # damage, repairs and remedy of one number ask one after the other
def repair_of(
    typed: str, text: str, families: frozenset[str] | None, *, failed: bool
) -> tuple[Damage | None, str]:
    """The one plausible repair, and the damage that it undoes where that has a name.

    Nothing where no repair is plausible, or more than one. A repaired number must be one of the
    stated *families*, by a check digit; where none are stated, by a prefix too. A number that
    stands there whole needs none of the stated carrier's. Where the number has not *failed*, and
    merely nothing is known of it, a slip of the fingers needs a prefix as well: chance would prove
    it too often.
    """
    if _fits(text, families, "ABC"):
        return None, text  # nothing was wrong but the characters that cannot be read
    address = is_url(typed)
    words = Damage.LABEL_WORDS if has_words(typed) else None
    whole = {
        token: Damage.URL if address else words
        for token in tokens(typed)
        if _fits(token, families, "ABC")
    }
    if whole or address:
        return _only(whole)
    # A damage with a name comes before a slip of the fingers.
    slips = "AB" if failed else "A"
    for attempts, tiers in ((_undone(typed, text), "AB"), (_retyped(text), slips)):
        proven = {number: code for code, number in attempts if _fits(number, families, tiers)}
        if proven:
            return _only(proven)
    return None, ""


def _only(repairs: Mapping[str, Damage | None]) -> tuple[Damage | None, str]:
    """The repair and its damage, where there is one alone."""
    if len(repairs) != 1:
        return None, ""
    ((number, damage),) = repairs.items()
    return damage, number


def _fits(number: str, families: frozenset[str] | None, tiers: str) -> bool:
    if families is None:
        return any(one.tier == "A" for one in candidates_of(number))
    return any(one.family in families and one.tier in tiers for one in candidates_of(number))


def _undone(typed: str, text: str) -> Iterator[tuple[Damage, str]]:
    """What the number was before something happened to it."""
    yield Damage.SPREADSHEET_EXPONENT, _whole(typed)
    latin = normalise(typed.upper().translate(HOMOGLYPHS))
    yield Damage.LOOKALIKE_LETTERS, latin
    for pattern in PATTERNS.get(len(latin), ()):
        yield Damage.LOOKALIKE_LETTERS, _fitted(latin, pattern)
    if text.isdigit():
        for zeros in range(1, MOST_ZEROS + 1):
            yield Damage.LOST_ZEROS, "0" * zeros + text


def _retyped(text: str) -> Iterator[tuple[None, str]]:
    """What was meant by who swapped two neighbours, or hit a key twice."""
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
