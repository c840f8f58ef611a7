"""Weigh what an aggregator says of an event against what the carrier itself said of it."""

from collections.abc import Mapping

from vtr.domain.scans import Milestone, Physical
from vtr.sources.shared.code_tables import UNKNOWN, Judgement, code_table
from vtr.sources.shared.descriptions import judge_text
from vtr.sources.shared.ups_codes import judge_ups

# A code is looked up among the kinds of its carrier's table in this order.
_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "usps": ("usps", ("event",)),
    "ups": ("ups", ("I", "D", "X", "M", "U")),
    "ups_mi": ("ups", ("mail_innovations",)),
    "fedex": ("fedex", ("event",)),
    "fedex_smartpost": ("fedex", ("event",)),
    "dhl": ("dhl", ("express",)),
    "dhl_de": ("dhl", ("ice", "parcel-de")),
    "dhl_dgf": ("dhl", ("dgf",)),
    "dhl_ecommerce": ("dhl", ("ecommerce",)),
    "dhl_ecommerce_europe": ("dhl", ("ecommerce-europe",)),
    "dhl_parcel_nl": ("dhl", ("parcel-nl",)),
    "deutsche_post": ("dhl", ("post-de",)),
    "ontrac": ("ontrac", ("event",)),
}


def weigh(
    *,
    carrier: str,
    stated: tuple[Judgement | None, ...],
    description: str,
    own_code: str = "",
    own_kind: str = "",
) -> Judgement:
    """Return the judgement that the most raw of what is known of an event supports.

    *stated* is what the aggregator's own codes mean, the most detailed first, ``None`` where its
    table does not know one. The *own_code* of the *carrier* that made the scan decides if that
    carrier's table knows it, under UPS's type *own_kind* if that is given. Else nothing proves
    possession that a code or the *description* speaks against, and the description decides what
    the codes leave open.
    """
    known = [each for each in stated if each is not None]
    return _own_judgement(carrier, own_code, own_kind, known) or _others(known, description)


def _own_judgement(carrier: str, code: str, kind: str, stated: list[Judgement]) -> Judgement | None:
    """Return what the carrier's own table says of *code*, ``None`` if it says nothing.

    UPS's letters mean different things by their type. Where it is left out, those of what is
    stated to be a label are those of a manifest.
    """
    if carrier == "ups" and kind:
        found = judge_ups(kind, code)
        return found if found != UNKNOWN else None
    if not code or carrier not in _KINDS:
        return None
    name, kinds = _KINDS[carrier]
    against = _first(stated, Physical.NO)
    if name == "ups" and against and against.milestone is Milestone.LABEL_CREATED:
        kinds = ("M", *kinds)
    table = code_table(name)
    return next((table[kind, code] for kind in kinds if (kind, code) in table), None)


def _others(stated: list[Judgement], description: str) -> Judgement:
    """Return what aggregator and description say: what speaks against possession goes first."""
    against, said = _first(stated, Physical.NO), judge_text(description)
    says_against = said is not None and said.physical is not Physical.YES
    if against is not None and not (says_against and against.milestone is Milestone.UNKNOWN):
        return against
    proof = _first(stated, Physical.YES)
    return (said if says_against else proof or said) or next(iter(stated), UNKNOWN)


def _first(stated: list[Judgement], physical: Physical) -> Judgement | None:
    return next((each for each in stated if each.physical is physical), None)
