"""What UPS's codes mean under their types: "DP" is a manifest of type M, a departure of type I."""

from vtr.domain.scans import Physical
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.descriptions import judge_text

# Of these types nothing proves possession, whatever the code.
_ELECTRONIC_TYPES = frozenset({"M", "MV", "U", "NA"})
# Of these a code that the table lacks means what the type does; of type I it means nothing.
_TELLING_TYPES = frozenset({"D", "P", "W", "DO", "DD", "X"})
# Vehicles are loaded under type D, too.
_SHARED_KINDS = {"D": ("D", "I"), "X": ("X", "D")}


def judge_ups(kind: str, code: str, description_code: str = "", description: str = "") -> Judgement:
    """Return what *code* means under the type *kind*; UPS's own description decides the rest."""
    table = code_table("ups")
    kinds = _SHARED_KINDS.get(kind, (kind,))
    exact = next((table[each, code] for each in kinds if (each, code) in table), None)
    if exact is not None or kind in _ELECTRONIC_TYPES:
        return exact or table["type", kind]
    described = table.get(("description", description_code.lstrip("0")), UNKNOWN)
    if described.physical is not Physical.AMBIGUOUS:
        return described
    if kind in _TELLING_TYPES:
        return table["type", kind]
    return judge_text(description) or UNKNOWN
