"""What the form of a number says of its carrier; imported where a body leaves it open.

The formats of all carriers take long to import, and hardly any body needs them.
"""

from vtr.domain.carriers.families import family_of
from vtr.domain.tracking_numbers import identify


def carrier_by_form(number: str) -> str:
    """Return the carrier with the prefix and check digit, or else the only one with the form."""
    found = identify(number)
    likeliest = found.match
    if likeliest is None:
        return ""
    alone = likeliest.tier != "D" and not found.tied
    return likeliest.carrier if alone or likeliest.tier == "A" else ""


def certain_carrier(number: str) -> str:
    """Return the carrier that prefix and check digit prove, if these are no other family's."""
    found = identify(number)
    likeliest = found.match
    if likeliest is None or likeliest.tier != "A":
        return ""
    families = {family_of(each) for each in (likeliest.carrier, *found.tied)}
    return likeliest.carrier if len(families) == 1 else ""


def is_proven(number: str, carriers: frozenset[str] = frozenset()) -> bool:
    """Say whether prefix and check digit prove *number* to be one, if given of these *carriers*."""
    proven = {one.carrier for one in identify(number).candidates if one.tier == "A"}
    return bool(proven & carriers if carriers else proven)
