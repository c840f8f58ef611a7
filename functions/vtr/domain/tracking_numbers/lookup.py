"""Looking a number up: from its shape to the formats it can have, from these to its carriers.

All numbers of a pattern share one shape, or two, so a dictionary finds the few formats that are
worth trying, and none is tried that could not match. The catalogue is loaded when the first number
is looked up, and the formats of a length are sorted when its first number comes: most cold starts
need none, and the others a few.
"""

from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.shapes import POSTAL_SHAPE, MatcherSet, shape_of

_by_shape: dict[bytes, MatcherSet] = {}
_by_length: dict[int, MatcherSet] = {}


def candidates_of(text: str) -> tuple[Candidate, ...]:
    """Every carrier whose number *text* may be, the strongest and likeliest first.

    *text* is normalised: nothing but 0-9 and A-Z. Some fifty posts share one shape; their numbers
    are told apart by the country at the end.
    """
    code = text.encode()
    shape = shape_of(code)
    if shape == POSTAL_SHAPE:
        shape = code[-2:]
    by_head, headless, by_length_alone = (
        _by_shape.get(shape) or _by_length.get(len(code)) or _load(shape, len(code))
    )
    found: tuple[Candidate, ...] = ()
    for beginnings, check, candidates in by_head.get(code[:2], headless):
        if (beginnings is None or code.startswith(beginnings)) and check(code):
            found += candidates
    if code[:1] == code[-1:] and code.count(code[:1]) == len(code):
        return ()  # one character over and over: a placeholder, whatever its check digit says
    return found + by_length_alone


def _load(shape: bytes, length: int) -> MatcherSet:
    """Build the matchers for numbers of this length; return those for *shape*."""
    from vtr.domain.tracking_numbers.index import matcher_sets_of  # noqa: PLC0415 -- see above

    by_shape, _by_length[length] = matcher_sets_of(length)
    _by_shape.update(by_shape)
    return _by_shape.get(shape, _by_length[length])
