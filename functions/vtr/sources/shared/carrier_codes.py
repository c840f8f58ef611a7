"""Our code of the carrier that a source names in its own words."""

import re
from collections.abc import Mapping

from vtr.domain.carriers import resolve

_LONGEST = 60
_NOT_OF_A_CODE = re.compile(r"[^0-9a-z]+")


def carrier_code(name: str, names: Mapping[str, str] | None = None) -> str:
    """Return our code of the carrier called *name*, by the source's own *names* first.

    A carrier that we do not know keeps its name, in the form that codes have.
    """
    name = name[:_LONGEST]
    known = (names or {}).get(name) or resolve(name)
    return known or _NOT_OF_A_CODE.sub("_", name.lower()).strip("_")
