"""Several numbers in one field: each is a package of its own, and they never make one number."""

import re
from collections.abc import Iterator
from functools import lru_cache

from vtr.domain.tracking_numbers.lookup import candidates_of

# What stands between numbers and within none; a list turned to text has quotes and brackets too.
_BETWEEN = re.compile(r"[,;/|&\r\n\x1d\u3001\uff0c\uff1b]|\bAND\b")
_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")
_SHORTEST, _LONGEST, _FEWEST_DIGITS = 8, 40, 6
_MOST_GROUPS = 24


@lru_cache(maxsize=16)  # the number is read, and asked whether it can be, one after the other
def are_several(text: str) -> bool:
    """Whether *text*, in upper case, holds more than one number.

    Where nothing but blanks is between them, each has to be well formed by itself, and all together
    must not be: one number in groups is one number.
    """
    parts = {_NOT_ALNUM.sub("", part) for part in _BETWEEN.split(text)}
    if len([part for part in parts if _is_like_a_number(part)]) > 1:
        return True
    groups = [_NOT_ALNUM.sub("", group) for group in text.split()]
    if not 1 < len(groups) <= _MOST_GROUPS or _speaks("".join(groups), "ABC"):
        return False
    return len(set(_numbers(groups))) > 1


def _is_like_a_number(part: str) -> bool:
    return (
        _SHORTEST <= len(part) <= _LONGEST
        and sum(char.isdigit() for char in part) >= _FEWEST_DIGITS
    )


def _numbers(groups: list[str]) -> Iterator[str]:
    """The well-formed numbers that the groups make one after the other; none if some are left."""
    found = []
    while groups:
        end = next((end for end in range(len(groups), 0, -1) if _is_number(groups[:end])), 0)
        if not end:
            return
        found.append("".join(groups[:end]))
        groups = groups[end:]
    yield from found


def _is_number(groups: list[str]) -> bool:
    """Whether these groups are one number: alone with any format, in several with a prefix too."""
    number = "".join(groups)
    return _is_like_a_number(number) and _speaks(number, "ABC" if len(groups) == 1 else "A")


def _speaks(number: str, tiers: str) -> bool:
    return any(one.tier in tiers for one in candidates_of(number))
