"""Hand-overs that a number itself shows: by its prefix, or by the mailer's id in it."""

from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import normalise

_UPS_TO_USPS = frozenset({"ups", "usps"})
# Services of UPS 1Z numbers that the post office delivers: SurePost, by kind of parcel.
_SUREPOST = frozenset({"YB", "YM", "YN", "YW"})


def shows_handover(number: str, one: str, other: str) -> bool:
    """Whether *number* shows that one of these two families hands its parcels over to the other.

    Something in the number has to say so. A service for parcels that a mailer brings to the post
    office says it of all who do that; that two carriers work together at times says nothing.
    """
    text = normalise(number)
    owners: dict[str, set[str]] = {}
    partners: dict[str, set[str]] = {}
    for candidate in candidates_of(text):
        if candidate.partner:
            partners.setdefault(candidate.format_id, set()).add(candidate.family)
        elif candidate.tier in "AB":
            owners.setdefault(candidate.format_id, set()).add(candidate.family)
    if {one, other} == _UPS_TO_USPS and text[8:10] in _SUREPOST and "ups_1z" in owners:
        return True
    return any(
        (one in owners[name] and other in partners.get(name, ()))
        or (other in owners[name] and one in partners.get(name, ()))
        for name in owners
    )
