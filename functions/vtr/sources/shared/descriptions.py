"""What an event's description says, where its code says too little or too much.

Only phrases of carriers' own documents and of captured events are known, and a description proves
possession only if nothing in it speaks of the future, of doubt, or of customs. What it says of the
delivery that is expected, or of a signature, is not said of the scan and counts for nothing.
"""

import re
from functools import lru_cache

from vtr.sources.shared.code_tables import Judgement, code_table

_LONGEST = 500
# "Ready to be picked up", "not delivered", "departed customs": the phrase alone is no proof.
_DOUBTS = (
    *("not ", "n't ", "to be ", "will ", "undeliver", "unable", "await", "waiting", "pending"),
    *("schedul", "request", "expect", "estimat", "customs", "clearance"),
    # German, French, Spanish, Portuguese, Italian
    *("nicht ", "voraussichtlich", "erwartet", "n'a ", "sera ", "en attente", "prévu", "prevu"),
    *("no se ", "no fue", "no ha ", "no pudo", "será ", "pendiente", "previst", "não ", "aguard"),
    *("non è ", "sarà ", "in attesa", "aduan", "alfândega", "douane", "dogana"),
    *("verzoll", "zollab", "zollam", "beim zoll"),
    # Chinese and Japanese: not, yet to be, estimated, customs
    *("未", "待", "预计", "預計", "海关", "清关", "予定", "通関"),
)
_REST_OF_SENTENCE = r"[^.;!]*"
# Of the signature, and of the delivery to come.
_BESIDE_THE_SCAN = re.compile(
    r"signature (?:service |release )?(?:is |was )?not (?:requested|required)"
    r"|no signature (?:is |was )?(?:requested|required)"
    rf"|(?:expected|estimated|scheduled|anticipated) delivery{_REST_OF_SENTENCE}"
    rf"|delivery (?:is )?(?:expected|estimated|scheduled)(?: for| by| on| to){_REST_OF_SENTENCE}"
    rf"|(?:is |and )*scheduled for delivery{_REST_OF_SENTENCE}"
    rf"|(?:entrega prevista|livraison prévue|livraison prevue){_REST_OF_SENTENCE}"
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
    of_the_scan = said
    if _is_doubtful(said):
        of_the_scan = _BESIDE_THE_SCAN.sub("", said)
    doubtful = _is_doubtful(of_the_scan)
    for kind, phrase in code_table("texts"):
        if kind == "against" and phrase in said:
            return kind, phrase
        if kind == "for" and not doubtful and phrase in of_the_scan:
            return kind, phrase
    return None


def _is_doubtful(said: str) -> bool:
    return any(doubt in said for doubt in _DOUBTS)
