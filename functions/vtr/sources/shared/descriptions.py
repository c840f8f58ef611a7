"""What an event's description says, where its code says too little or too much.

Only phrases of carriers' own documents and of captured events are known, and a description proves
possession only if nothing in it speaks of the future, of doubt, or of customs.
"""

from functools import lru_cache

from vtr.sources.shared.code_tables import Judgement, code_table

_LONGEST = 500
# "Ready to be picked up", "not delivered", "departed customs": the phrase alone is no proof.
_DOUBTS = (
    "not ",
    "n't ",
    "to be ",
    "will ",
    "undeliver",
    "unable",
    "await",
    "waiting",
    "pending",
    "schedul",
    "request",
    "expect",
    "estimat",
    "customs",
    "clearance",
)


def judge_text(description: str) -> Judgement | None:
    """Return what *description* says: against possession, for it, or ``None`` if neither."""
    kind_and_phrase = _find(description)
    return code_table("texts")[kind_and_phrase] if kind_and_phrase else None


def text_code(description: str) -> str:
    """Return the phrase that *description* is judged by, in the place of a code.

    The description itself, which may hold names and addresses, is never kept.
    """
    kind_and_phrase = _find(description)
    return f"text:{kind_and_phrase[1]}" if kind_and_phrase else "text"


@lru_cache(maxsize=4096)
def _find(description: str) -> tuple[str, str] | None:
    said = " ".join(description[:_LONGEST].lower().split())
    doubtful = any(doubt in said for doubt in _DOUBTS)
    for kind, phrase in code_table("texts"):
        if phrase in said and (kind == "against" or not doubtful):
            return kind, phrase
    return None
