"""When a number is wrong: what a carrier's formats say of a number that fits none of them.

It has the pattern of one and fails its check digit; or the carrier publishes a complete list of its
formats. That nobody here knows a format is never held against a number.
"""

from enum import IntEnum
from functools import cache

from vtr.domain.carriers.families import family_of
from vtr.domain.tracking_numbers.catalogue import COMPLETE, FORMATS
from vtr.domain.tracking_numbers.formats import ACCEPTED_TIERS
from vtr.domain.tracking_numbers.index import PATTERNED
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.patterns import Pattern
from vtr.domain.tracking_numbers.shapes import POSTAL_SHAPE, shape_of

# No carrier is known with shorter numbers than seven characters; four could not number the parcels
# of one day, and leave room for those unknown.
_SHORTEST = 5
# The longest of all formats have 30 characters with letters (UPS Mail Innovations) or 34 digits.
_LONGEST, _LONGEST_DIGITS = 30, 40
# As many zeros as a spreadsheet may have dropped.
MOST_ZEROS = 3
# What a format begins with, and whose it is.
_BEGINNINGS = tuple(
    (entry.beginning, family_of(entry.carriers[0])) for entry in FORMATS if entry.beginning
)

_POSTAL = frozenset(
    family_of(code) for entry in FORMATS if entry.given_out_by == "post" for code in entry.carriers
)
# The families with a format of their own, and the posts among them of which only S10 is known.
_WITH_FORMATS = frozenset(
    family_of(code) for entry in FORMATS if entry.tier in ACCEPTED_TIERS for code in entry.carriers
)
_POSTAL_ALONE = _POSTAL.difference(
    family_of(code)
    for entry in FORMATS
    if entry.tier in ACCEPTED_TIERS and entry.given_out_by != "post"
    for code in entry.carriers
)


class FormClaim(IntEnum):
    """How much a number that fails its check digit has of a carrier's format all the same."""

    NONE = 0
    LENGTH = 1
    PREFIX = 2


def claim_of(text: str, families: frozenset[str] | None) -> FormClaim:
    """Whether the number has the pattern of one of these families' formats with a check digit.

    Where no families are given, of anybody's with a prefix (tier A).
    """
    code = text.encode()
    claim = FormClaim.NONE
    for pattern, owners, tier in _checked(len(code)):
        asked = tier == "A" if families is None else not owners.isdisjoint(families)
        if asked and pattern.fits(code):
            claim = max(claim, FormClaim.PREFIX if pattern.literals else FormClaim.LENGTH)
    for beginning, family in _BEGINNINGS:
        if text.startswith(beginning) and (families is None or family in families):
            claim = FormClaim.PREFIX
    return claim if families is not None or claim is FormClaim.PREFIX else FormClaim.NONE


def has_lost_zeros(text: str, families: frozenset[str]) -> bool:
    """Whether a check digit makes it a number of these families with zeros in front of it.

    The sum that most carriers share does not see a zero in front, so that a number without its
    first zeros passes for another carrier's too.
    """
    return text.isdigit() and any(
        one.tier in "AB" and one.family in families
        for zeros in range(1, MOST_ZEROS + 1)
        for one in candidates_of("0" * zeros + text)
    )


def has_formats(text: str, families: frozenset[str]) -> bool:
    """Whether a number of this shape would be known if it were one of these families'.

    Not so for a family without a known format, nor for what is no international number of a post
    of which nothing but these is known: domestic numbers have forms of their own.
    """
    known = families & _WITH_FORMATS
    if known <= _POSTAL_ALONE:
        return bool(known) and shape_of(text.encode()) == POSTAL_SHAPE
    return True


def is_complete(carrier: str, families: frozenset[str]) -> bool:
    """Whether all formats of the carrier are known, so that what fits none is none of its numbers.

    *families* may be more than the carrier's own: who stated a house's name meant any sister.
    """
    return carrier in COMPLETE and families <= {family_of(carrier)}


def is_nobodys(text: str) -> bool:
    """Whether no carrier has such a number: too short, too long, or a placeholder."""
    return (
        not _SHORTEST <= len(text) <= _LONGEST_DIGITS
        or (len(text) > _LONGEST and not text.isdigit())
        or text.count(text[0]) == len(text)
    )


@cache
def _checked(length: int) -> list[tuple[Pattern, frozenset[str], str]]:
    """The patterns with a check digit for numbers of this length, each with its families."""
    return [
        (pattern, frozenset(map(family_of, entry.carriers)), entry.tier)
        for pattern, entry in PATTERNED
        if entry.tier in "AB" and len(pattern.shape) == length
    ]
