"""Whether a text mentions one of many tracking numbers, however it spells them.

A carrier's body has the number in a field of its own, in a link, or in a sentence, whole or in
groups. All of these count: what is erased once too often can only not be replayed, and what is
missed stays. The work is by the length of the text, whatever the count of numbers.

What is short, or has few digits, is looked for in no text: as a word (``PENDING``), a date or a
postal code it would be everywhere.
"""

import re
from collections.abc import Iterable, Iterator

SHORTEST, FEWEST_DIGITS = 10, 6
"""A number that is looked for in texts has so many characters, and so many digits among them."""

MOST_GROUPS = 10
"""Groups that a number is written in, at most: four digits each, of a number of forty."""

FEW = 64
"""So many numbers are looked for one by one, before a text is taken apart."""

_ESCAPE = re.compile(r"\\[BFNRTU/\"]|%[0-9A-F]{2}|&[A-Z]+;")
"""The letter or digit after a backslash or per cent sign is none of the number's."""

_SEPARATOR = re.compile(r"[ \-]{1,3}")
_ELSE = re.compile(r"[^0-9A-Z]+")
_RUN = re.compile(r"[0-9A-Z]+")


class Mentions:
    """The numbers to look for, in the form that ``normalise`` gives them."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._numbers = frozenset(number for number in numbers if number)
        self._telling = frozenset(filter(_is_telling, self._numbers))
        self._lengths = sorted({len(number) for number in self._telling})

    def are_in(self, text: str) -> bool:
        upper = text.replace("%20", " ").upper()
        if len(self._telling) <= FEW and not self._may_be_in(upper):
            return False
        plain = _ESCAPE.sub(" | ", upper)
        return any(
            groups[0] in self._telling or self._is_within(groups) for groups in _groups(plain)
        )

    def holds(self, number: str) -> bool:
        """Whether a number that was read out of a body is one of these, however short."""
        return number in self._numbers

    def _may_be_in(self, upper: str) -> bool:
        """Whether a number is there once all else is taken out: quick, and never wrongly no."""
        squeezed = _ELSE.sub("", upper)
        return any(number in squeezed for number in self._telling)

    def _is_within(self, groups: list[str]) -> bool:
        """Whether a number is a part of the first group, or is made of it and those behind it."""
        run, joined = groups[0], groups[0]
        for group in groups[1:]:
            joined += group
            if joined in self._telling:
                return True
        return any(
            run[start : start + length] in self._telling
            for length in self._lengths
            if length < len(run)
            for start in range(len(run) - length + 1)
        )


def _is_telling(number: str) -> bool:
    return len(number) >= SHORTEST and sum(map(str.isdigit, number)) >= FEWEST_DIGITS


def _groups(text: str) -> Iterator[list[str]]:
    """Yield each run of letters and digits with those that only blanks or dashes part from it."""
    runs = list(_RUN.finditer(text))
    for first, run in enumerate(runs):
        groups = [run]
        for following in runs[first + 1 : first + MOST_GROUPS]:
            if not _SEPARATOR.fullmatch(text, groups[-1].end(), following.start()):
                break
            groups.append(following)
        yield [group[0] for group in groups]
