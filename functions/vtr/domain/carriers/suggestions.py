"""Near misses of carrier names: "did you mean Yun Express?".

A suggestion is never a decision: ``resolve`` takes the names it knows and no others, and what it
does not know is offered here for the seller to choose from.
"""

from difflib import SequenceMatcher
from functools import cache, lru_cache

from vtr.domain.carriers import all_carriers, folded

# Where two names of eight letters differ in two. Below it, strangers begin to look alike: Yodel
# and Yunda, ZTO and Toll.
_GOOD_SCORE = 0.75
# A carrier's name with its service behind it ("FedEx 2Day", "UPS Next Day"): as good as this score.
_BEGINNING_SCORE = 0.9
# Shorter names begin too many words by chance.
_SHORTEST_BEGINNING = 3


def suggest_carriers(name: str, limit: int = 3) -> list[str]:
    """Suggest the canonical codes of the carriers that *name* may mean, the likeliest first.

    Empty where nothing comes close.
    """
    typed = folded(name)
    return list(_suggestions(typed)[:limit]) if typed else []


@lru_cache(maxsize=1024)  # a seller's file has the same mistake in many lines
def _suggestions(typed: str) -> tuple[str, ...]:
    scores = dict.fromkeys(_beginnings(typed), _BEGINNING_SCORE)
    matcher = SequenceMatcher(b=typed, autojunk=False)
    for code, known in _names():
        score = _similarity(matcher, known)
        if score >= _GOOD_SCORE:
            scores[code] = max(score, scores.get(code, 0.0))
    return tuple(sorted(scores, key=lambda code: -scores[code]))


def _similarity(matcher: SequenceMatcher[str], known: str) -> float:
    """How alike two names are, from 0 to 1; 0 as soon as it is plain that they are not."""
    matcher.set_seq1(known)
    if matcher.real_quick_ratio() < _GOOD_SCORE or matcher.quick_ratio() < _GOOD_SCORE:
        return 0.0
    return matcher.ratio()


def _beginnings(typed: str) -> list[str]:
    """The carriers of the longest name that *typed* begins with."""
    begun = [
        (len(known), code)
        for code, known in _names()
        if len(known) >= _SHORTEST_BEGINNING and typed.startswith(known)
    ]
    return [code for length, code in begun if length == max(begun)[0]]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every known name, folded, with its carrier's code."""
    return tuple((one.code, folded(name)) for one in all_carriers() for name in one.names)
