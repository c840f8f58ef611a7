"""The index of the catalogue: which formats to try on a number, by its shape or its length.

A pattern that takes letters and digits at will has too many shapes to list them. Its numbers are
found by their length, and under those shapes of the same length that other patterns have.
"""

from vtr.domain.tracking_numbers.catalogue import FORMATS
from vtr.domain.tracking_numbers.check_digits import Check
from vtr.domain.tracking_numbers.formats import ACCEPTED_TIERS, Format
from vtr.domain.tracking_numbers.patterns import Pattern, patterns_of
from vtr.domain.tracking_numbers.shapes import POSTAL_SHAPE, Matcher, MatcherSet, shape_of

_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COUNTRY = 2


def _matcher(entry: Format, pattern: Pattern) -> Matcher:
    check = entry.check
    beginnings = None
    for offset, alternatives in pattern.literals:
        if not offset:
            beginnings = alternatives
        elif pattern.shape != POSTAL_SHAPE:
            check = _where(offset, alternatives, check)
    if not pattern.shapes and not pattern.free:
        check = _of_shape(pattern, check)
    return beginnings, check, entry.candidates


def _where(offset: int, alternatives: tuple[bytes, ...], check: Check) -> Check:
    return lambda code: code.startswith(alternatives, offset) and check(code)


def _of_shape(pattern: Pattern, check: Check) -> Check:
    return lambda code: pattern.takes(shape_of(code)) and check(code)


def _keys(pattern: Pattern) -> list[bytes]:
    """The shapes to file a pattern under; for postal numbers, all of one shape, the country."""
    if pattern.shape == POSTAL_SHAPE:
        return list(pattern.literals[-1][1])
    return pattern.shapes


def matcher_sets_of(length: int) -> tuple[dict[bytes, MatcherSet], MatcherSet]:
    """The matcher sets for numbers of a length: by their shape, and the one of all other shapes.

    That of a postal number is the country at its end.
    """
    by_shape = {
        shape: _matcher_set(shape, matchers)
        for shape, matchers in BY_SHAPE.items()
        if len(shape) == length or (len(shape) == _COUNTRY and length == len(POSTAL_SHAPE))
    }
    return by_shape, _matcher_set(b"xx", BY_LENGTH.get(length, []))


def _matcher_set(shape: bytes, matchers: list[Matcher]) -> MatcherSet:
    """The matchers of one shape, sorted by the first two characters that they ask for."""
    by_length_alone = [
        matcher for matcher in matchers if matcher[0] is None and matcher[2][0].tier == "D"
    ]
    matchers = [matcher for matcher in matchers if matcher not in by_length_alone]
    heads = {
        head
        for beginnings, _, _ in matchers
        for beginning in beginnings or ()
        for head in _heads(beginning, shape)
    }
    by_head = {
        head: tuple(_given(head, matcher) for matcher in matchers if _fits(head, matcher))
        for head in heads
    }
    return (
        by_head,
        tuple(matcher for matcher in matchers if matcher[0] is None),
        tuple(one for _, _, candidates in by_length_alone for one in candidates),
    )


def _heads(beginning: bytes, shape: bytes) -> list[bytes]:
    """All first two characters of numbers of this shape with this beginning."""
    if len(beginning) > 1:
        return [beginning[:2]]
    seconds = {b"9"[0]: _DIGITS, b"A"[0]: _LETTERS}.get(shape[1], _DIGITS + _LETTERS)
    return [beginning + bytes((second,)) for second in seconds]


def _fits(head: bytes, matcher: Matcher) -> bool:
    beginnings = matcher[0]
    return beginnings is None or any(head.startswith(one[:2]) for one in beginnings)


def _given(head: bytes, matcher: Matcher) -> Matcher:
    """The matcher of a number that starts with *head*: what that proves is not asked again."""
    beginnings, check, candidates = matcher
    if beginnings is not None:
        beginnings = tuple(one for one in beginnings if head.startswith(one[:2]))
        if len(beginnings[0]) <= len(head):
            beginnings = None
    return beginnings, check, candidates


def _patterned() -> list[tuple[Pattern, Format]]:
    """Every pattern with its format, the strongest tier first, within it the likeliest."""
    return [
        (pattern, entry)
        for entry in sorted(FORMATS, key=lambda entry: entry.tier)
        for pattern in patterns_of(entry.pattern)
    ]


def _index() -> tuple[dict[bytes, list[Matcher]], dict[int, list[Matcher]]]:
    """What is tried on numbers of each shape, and of each length with any other shape."""
    patterned = [
        (pattern, _keys(pattern), _matcher(entry, pattern)) for pattern, entry in PATTERNED
    ]
    by_shape: dict[bytes, list[Matcher]] = {key: [] for _, keys, _ in patterned for key in keys}
    by_length: dict[int, list[Matcher]] = {}
    for pattern, keys, matcher in patterned:
        if not keys:
            by_length.setdefault(len(pattern.shape), []).append(matcher)
        for key in keys or [shape for shape in by_shape if pattern.takes(shape)]:
            by_shape[key].append(matcher)
    return by_shape, by_length


PATTERNED = _patterned()
# The patterns of numbers that can be accepted, by the length of these.
PATTERNS: dict[int, list[Pattern]] = {}
for _pattern, _entry in PATTERNED:
    if _entry.tier in ACCEPTED_TIERS:
        PATTERNS.setdefault(len(_pattern.shape), []).append(_pattern)
BY_SHAPE, BY_LENGTH = _index()
