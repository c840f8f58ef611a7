"""Carrier families: codes whose scans are each other's own.

One company with one tracking system is one family: a number of one member is found under the
other's name. A sister with a tracking of its own (DHL Express and DHL eCommerce) is another
family. The table is ``families.tsv`` beside this file, each row with its source; a carrier that
is not in it is a family of its own, under its own code.
"""

from functools import cache
from pathlib import Path

from vtr.domain.carriers.names import folded

_TABLE = Path(__file__).with_name("families.tsv")

# A name that several sisters go by says which house it is, and not which of them: Amazon's list
# has "DHL" for all of these (https://developer-docs.amazon.com/sp-api).
_DHL = frozenset(
    {"dhl", "dhl_ecommerce", "dhl_ecommerce_asia", "dhl_de", "dhl_parcel_nl", "dhl_parcel_uk"}
    | {"dhl_pl", "dhl_freight"}
)
_HOUSES = {
    "dhl": _DHL,
    "dhlgroup": _DHL,
    "deutschepostdhl": _DHL,
    "dpd": frozenset({"dpd", "dpd_uk", "dpd_fr", "dpd_ie", "chronopost", "brt", "seur"}),
}


# Companies of one name whose codes begin with the company's. Other codes that begin alike are of
# strangers: correos is Spain's post and correos_mx Mexico's, acs is Greek and acs_worldwide Indian.
_COMPANIES = frozenset(
    {"amazon", "aramex", "dhl", "dhl_ecommerce", "dpd", "fedex", "gls", "postnord", "skynet"}
    | {"tnt", "ups", "yamato"}
)


def family_of(code: str) -> str:
    """The family that a carrier belongs to, named by its best-known member's code."""
    return _families().get(code, code)


def families_named(code: str, stated: str = "") -> frozenset[str]:
    """The families whose scans are those of a carrier as a seller *stated* it.

    One, but for the plain name of a house whose sisters track for themselves: "DHL" means any of
    them, "DHL Express" that one.
    """
    house = _HOUSES.get(folded(stated), frozenset())
    return frozenset({family_of(code), *map(family_of, house)})


def of_one_house(one: str, other: str) -> bool:
    """Whether two carriers are of one family, or one is the company that the other belongs to."""
    shorter, longer = sorted((one, other), key=len)
    belongs = shorter in _COMPANIES and longer.startswith(f"{shorter}_")
    return belongs or family_of(one) == family_of(other)


@cache
def _families() -> dict[str, str]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines()[1:])
    return {carrier: family for family, carrier, *_ in rows}
