"""The index of the catalogue: which formats to try on a number, by its shape or its length.

A picture that takes letters and digits at will has too many shapes to list them. Its numbers are
found by their length, and under those shapes of the same length that other pictures have.
"""

from __future__ import annotations

from vtr.domain.tracking_numbers.catalogue import FORMATS
from vtr.domain.tracking_numbers.formats import ACCEPTED_TIERS, Format
from vtr.domain.tracking_numbers.lookup import POSTAL_SHAPE, shape_of
from vtr.domain.tracking_numbers.patterns import Picture, pictures_of
from vtr.domain.tracking_numbers.posts import POSTAL_FORMATS

TYPE_CHECKING = False  # mypy reads it so; importing typing would cost more than this package
if TYPE_CHECKING:
    from vtr.domain.tracking_numbers.check_digits import Check
    from vtr.domain.tracking_numbers.lookup import Shelf, Trial

_DIGITS = b"0123456789"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COUNTRY = 2

# Those with a format of their own that can be told from others': a number that has none of their
# formats is wrong, or has one that nobody here knows. Nothing else can be judged by its number.
CHECKABLE_CARRIERS = frozenset(
    carrier for entry in FORMATS if entry.tier in ACCEPTED_TIERS for carrier in entry.carriers
)
# Those of whom only the postal format is known: their domestic numbers cannot be judged.
POSTAL_CARRIERS = CHECKABLE_CARRIERS.difference(
    carrier
    for entry in FORMATS
    if entry.tier in ACCEPTED_TIERS and entry not in POSTAL_FORMATS
    for carrier in entry.carriers
)


def _trial(entry: Format, picture: Picture) -> Trial:
    check = entry.check
    beginnings = None
    for offset, alternatives in picture.literals:
        if not offset:
            beginnings = alternatives
        elif picture.shape != POSTAL_SHAPE:
            check = _where(offset, alternatives, check)
    if not picture.shapes and not picture.free:
        check = _of_shape(picture, check)
    return beginnings, check, entry.candidates


def _where(offset: int, alternatives: tuple[bytes, ...], check: Check) -> Check:
    return lambda code: code.startswith(alternatives, offset) and check(code)


def _of_shape(picture: Picture, check: Check) -> Check:
    return lambda code: picture.takes(shape_of(code)) and check(code)


def _keys(picture: Picture) -> list[bytes]:
    """The shapes to file a picture under; for postal numbers, all of one shape, the country."""
    if picture.shape == POSTAL_SHAPE:
        return list(picture.literals[-1][1])
    return picture.shapes


def shelves_of(length: int) -> tuple[dict[bytes, Shelf], Shelf]:
    """The shelves for numbers of a length: by their shape, and the one of all other shapes.

    That of a postal number is the country at its end.
    """
    by_shape = {
        shape: _shelf(shape, trials)
        for shape, trials in BY_SHAPE.items()
        if len(shape) == length or (len(shape) == _COUNTRY and length == len(POSTAL_SHAPE))
    }
    return by_shape, _shelf(b"xx", BY_LENGTH.get(length, []))


def _shelf(shape: bytes, trials: list[Trial]) -> Shelf:
    """The trials of one shape, sorted by the first two characters that they ask for."""
    by_length_alone = [trial for trial in trials if trial[0] is None and trial[2][0].tier == "D"]
    trials = [trial for trial in trials if trial not in by_length_alone]
    heads = {
        head
        for beginnings, _, _ in trials
        for beginning in beginnings or ()
        for head in _heads(beginning, shape)
    }
    by_head = {
        head: tuple(_given(head, trial) for trial in trials if _fits(head, trial)) for head in heads
    }
    return (
        by_head,
        tuple(trial for trial in trials if trial[0] is None),
        tuple(one for _, _, candidates in by_length_alone for one in candidates),
    )


def _heads(beginning: bytes, shape: bytes) -> list[bytes]:
    """All first two characters of numbers of this shape with this beginning."""
    if len(beginning) > 1:
        return [beginning[:2]]
    seconds = {b"9"[0]: _DIGITS, b"A"[0]: _LETTERS}.get(shape[1], _DIGITS + _LETTERS)
    return [beginning + bytes((second,)) for second in seconds]


def _fits(head: bytes, trial: Trial) -> bool:
    beginnings = trial[0]
    return beginnings is None or any(head.startswith(one[:2]) for one in beginnings)


def _given(head: bytes, trial: Trial) -> Trial:
    """The trial of a number that starts with *head*: what that proves is not asked again."""
    beginnings, check, candidates = trial
    if beginnings is not None:
        beginnings = tuple(one for one in beginnings if head.startswith(one[:2]))
        if len(beginnings[0]) <= len(head):
            beginnings = None
    return beginnings, check, candidates


def _drawn() -> list[tuple[Picture, Format]]:
    """Every picture with its format, the strongest tier first, within it the likeliest."""
    return [
        (picture, entry)
        for entry in sorted(FORMATS, key=lambda entry: entry.tier)
        for picture in pictures_of(entry.picture)
    ]


def _index() -> tuple[dict[bytes, list[Trial]], dict[int, list[Trial]]]:
    """What is tried on numbers of each shape, and of each length with any other shape."""
    drawn = [(picture, _keys(picture), _trial(entry, picture)) for picture, entry in DRAWN]
    by_shape: dict[bytes, list[Trial]] = {key: [] for _, keys, _ in drawn for key in keys}
    by_length: dict[int, list[Trial]] = {}
    for picture, keys, trial in drawn:
        if not keys:
            by_length.setdefault(len(picture.shape), []).append(trial)
        for key in keys or [shape for shape in by_shape if picture.takes(shape)]:
            by_shape[key].append(trial)
    return by_shape, by_length


DRAWN = _drawn()
# The pictures of numbers that can be accepted, by the length of these.
PICTURES: dict[int, list[Picture]] = {}
for _picture, _entry in DRAWN:
    if _entry.tier in ACCEPTED_TIERS:
        PICTURES.setdefault(len(_picture.shape), []).append(_picture)
BY_SHAPE, BY_LENGTH = _index()
