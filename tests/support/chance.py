"""How many random numbers a format accepts by chance: what prefixes and check digits let pass."""

from vtr.domain.tracking_numbers.formats import Format
from vtr.domain.tracking_numbers.patterns import patterns_of

# The share that passes a check, where it is not one in ten.
_PASSING = {
    "unchecked": 1.0,
    "hexadecimal": 0.0,  # asks for a letter
    "mod_37_36": 1 / 36,
    "mondial_relay": 1 / 200,  # two check digits, and a parcel within its shipment
}


def share_accepted(entry: Format, length: int) -> float:
    """The share of random digit strings of *length* that have the format's prefix and pass."""
    share = 0.0
    for pattern in patterns_of(entry.pattern):
        if len(pattern.shape) == length and b"A" not in pattern.shape:
            prefixed = 1.0
            for _, alternatives in pattern.literals:
                prefixed *= len(alternatives) / 10 ** len(alternatives[0])
            share += prefixed * _PASSING.get(entry.check.__name__, 0.1)
    return share
