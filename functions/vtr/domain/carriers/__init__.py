"""Carriers: one canonical code each, however a seller, a marketplace or an aggregator spells it.

Whether a carrier is *supported* is a marketplace's policy and never said here.
"""

from functools import lru_cache

from vtr.domain.carriers.names import (
    BEST_KNOWN,
    Carrier,
    carriers_by_code,
    codes_by_name,
    folded,
)

__all__ = ["Carrier", "all_carriers", "carrier", "folded", "is_carrier", "resolve"]


def carrier(code: str) -> Carrier:
    """Return the carrier with this canonical code.

    A code that no row has is a mistake of the caller, who should have resolved a typed name
    first: it raises ``KeyError``.
    """
    return carriers_by_code(BEST_KNOWN).get(code) or carriers_by_code()[code]


def is_carrier(code: str) -> bool:
    """Whether this is a carrier's canonical code, and no name that nobody knows."""
    return code in carriers_by_code(BEST_KNOWN) or code in carriers_by_code()


def all_carriers() -> tuple[Carrier, ...]:
    """Every carrier of the table, in its order: the best known of each market first."""
    return tuple(carriers_by_code().values())


@lru_cache(maxsize=4096)  # a file has few carriers in many lines
def resolve(name: str) -> str | None:
    """Return the canonical code of the carrier that *name* means, or None where it means none.

    Case, punctuation, spacing, accents and full-width letters make no difference. Only names that
    the tables have are taken, a carrier's or its services': a near miss is a suggestion to make,
    not a decision to take. Words for "other" or "own delivery" are no carrier in any language.
    """
    key = folded(name)
    found = codes_by_name(BEST_KNOWN).get(key) or codes_by_name().get(key)
    if found is not None:
        return found
    # Most names are in the table, and need neither the services nor the time to load them.
    from vtr.domain.carriers.services import carrier_of_service  # noqa: PLC0415

    return carrier_of_service(name)
