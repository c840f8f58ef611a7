"""Near misses of carrier names: "did you mean Yun Express?".

A suggestion is never a decision: ``carriers.resolve`` takes the names it knows and no others, and
what it does not know is offered here for the seller to choose from.
"""

from functools import cache

from rapidfuzz import fuzz, process

from vtr.domain.carriers import all_carriers, folded

# Out of 100; where two names of eight letters differ in two. Below it, strangers begin to look
# alike: Yodel and Yunda, ZTO and Toll.
_GOOD_SCORE = 75
# A carrier's name with its service behind it ("FedEx 2Day", "UPS Next Day"): as good as this score.
_BEGINNING_SCORE = 90
# Shorter names begin too many words by chance.
_SHORTEST_BEGINNING = 3


def suggest_carriers(name: str, limit: int = 3) -> list[str]:
    """The canonical codes of the carriers that *name* may have meant, the likeliest first.

    Empty where nothing comes close.
    """
    typed = folded(name)
    if not typed:
        return []
    scores = dict.fromkeys(_beginnings(typed), float(_BEGINNING_SCORE))
    for _, score, code in process.extract(
        typed, _names(), scorer=fuzz.ratio, score_cutoff=_GOOD_SCORE, limit=None
    ):
        carrier = code.partition(" ")[0]
        scores[carrier] = max(score, scores.get(carrier, 0))
    return sorted(scores, key=lambda carrier: -scores[carrier])[:limit]


def _beginnings(typed: str) -> list[str]:
    """The carriers of the longest name that *typed* begins with."""
    begun = [
        (len(known), key.partition(" ")[0])
        for key, known in _names().items()
        if len(known) >= _SHORTEST_BEGINNING and typed.startswith(known)
    ]
    return [carrier for length, carrier in begun if length == max(begun)[0]]


@cache
def _names() -> dict[str, str]:
    """Every known name, folded, under its carrier's code and the name as it is written."""
    return {f"{one.code} {name}": folded(name) for one in all_carriers() for name in one.names}
