"""Carriers: one canonical code each, however a seller, a marketplace or an aggregator spells it.

The table is ``carriers.tsv`` beside this file: code, name, home country (ISO 3166-1; ``--`` for
what is no carrier), the other names people type, and the spellings each platform takes, the one
to send first. Names within a cell are separated by a semicolon. Whether a carrier is *supported*
is a marketplace's policy and never said here.

The table is read when it is first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

PLATFORMS = ("amazon", "shopify", "ebay", "easypost")

_TABLE = Path(__file__).with_name("carriers.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier.

    ``country`` is its home (ISO 3166-1; ``--`` for what is no carrier). ``aliases`` are the names
    people type; ``spellings`` holds, for each platform, every name that it uses for the carrier.
    """

    code: str
    name: str
    country: str
    aliases: tuple[str, ...]
    spellings: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Every way this carrier is written, its code and display name first."""
        platforms = (name for names in self.spellings.values() for name in names)
        return tuple(dict.fromkeys((self.code, self.name, *self.aliases, *platforms)))


def carrier(code: str) -> Carrier:
    """The carrier with this canonical code.

    A code that no row has is a mistake of the caller, who should have resolved a typed name
    first: it raises ``KeyError``.
    """
    return _tables()[0][code]


def all_carriers() -> tuple[Carrier, ...]:
    """Every carrier of the table, in its order: the best known of each market first."""
    return tuple(_tables()[0].values())


def resolve(name: str) -> str | None:
    """The canonical code of the carrier that *name* means, or None where it means none.

    Case, punctuation, spacing, accents and full-width letters make no difference. Only names that
    the table has are taken: a near miss is a suggestion to make, not a decision to take.
    """
    return _tables()[1].get(folded(name))


def folded(name: str) -> str:
    """What is left of a name without all that people vary: ``Colis Privé`` → ``colisprive``.

    Letters of every script stay, so that Chinese and Japanese names can be told apart. A name
    longer than any carrier's is cut, so that the work stays bounded.
    """
    decomposed = normalize("NFKD", normalize("NFKC", name[:_LONGEST_NAME]).casefold())
    return "".join(char for char in decomposed if char.isalnum() and not combining(char))


_LONGEST_NAME = 100


@cache
def _tables() -> tuple[Mapping[str, Carrier], Mapping[str, str]]:
    """The carriers by canonical code, and the codes by folded name."""
    _, *rows = _TABLE.read_text("utf-8").splitlines()
    carriers = [_carrier_of_row(row) for row in rows]
    by_name = {folded(name): one.code for one in carriers for name in one.names}
    return {one.code: one for one in carriers}, by_name


def _carrier_of_row(row: str) -> Carrier:
    code, name, country, aliases, *platforms = (cell.strip() for cell in row.split("\t"))
    return Carrier(
        code=code,
        name=name,
        country=country,
        aliases=_names_of_cell(aliases),
        spellings={
            platform: _names_of_cell(cell)
            for platform, cell in zip(PLATFORMS, platforms, strict=True)
        },
    )


def _names_of_cell(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())
