"""Shapes: what is left of a number when only letters and digits are told apart."""

from vtr.domain.tracking_numbers.check_digits import Check
from vtr.domain.tracking_numbers.formats import Candidate

# What is tried on a number: the beginnings of which it must have one (None: any will do), the
# check, and whose it is if both hold.
Matcher = tuple[tuple[bytes, ...] | None, Check, tuple[Candidate, ...]]
Matchers = tuple[Matcher, ...]
# What is known of one shape: the matchers for numbers with certain first two characters, those
# for all others, and who has numbers of this length without anything to check (tier D).
MatcherSet = tuple[dict[bytes, Matchers], Matchers, tuple[Candidate, ...]]

_SHAPES = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"9" * 10 + b"A" * 26)
POSTAL_SHAPE = b"AA999999999AA"


def shape_of(code: bytes) -> bytes:
    """The number with 9 for each digit and A for each letter: ``1ZR5`` → ``9AA9``."""
    return code.translate(_SHAPES)
