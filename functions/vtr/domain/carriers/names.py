"""The table of carriers, ``carriers.tsv``, and how the names in it are compared.

Columns: code, name, home country (ISO 3166-1; ``--`` for what is no carrier), the other names
people type, and the spellings each platform takes, the one to send first. Names within a cell are
separated by a semicolon. The table is read when it is first asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

NOT_A_CARRIER = "--"
BEST_KNOWN = 40
"""Rows that nearly every name is in: a cold start reads no more of the table for those."""

_TABLE = Path(__file__).with_name("carriers.tsv")
_LONGEST_NAME = 100
_PUNCTUATION = bytes(code for code in range(128) if not chr(code).isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier.

    ``country`` is its home. ``aliases`` are the names people type, ``spellings`` those that
    platforms use.
    """

    code: str
    name: str
    country: str
    aliases: tuple[str, ...]
    spellings: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every way this carrier is written, its code and display name first."""
        return tuple(dict.fromkeys((self.code, self.name, *self.aliases, *self.spellings)))


def folded(name: str) -> str:
    """What is left of a name without all that people vary: ``Colis Privé`` → ``colisprive``.

    Letters of every script stay, so that Chinese and Japanese names can be told apart. A name
    longer than any carrier's is cut, so that the work stays bounded.
    """
    name = name[:_LONGEST_NAME]
    if name.isascii():
        return name.encode().lower().translate(None, _PUNCTUATION).decode()
    decomposed = normalize("NFKD", normalize("NFKC", name).casefold())
    return "".join(char for char in decomposed if char.isalnum() and not combining(char))


@cache
def carriers_by_code(first: int | None = None) -> Mapping[str, Carrier]:
    """Every carrier by its canonical code, in the table's order; or those of its *first* rows."""
    carriers = map(_carrier_of_row, _rows()[:first])
    return {one.code: one for one in carriers if one.country != NOT_A_CARRIER}


@cache
def codes_by_name(first: int | None = None) -> Mapping[str, str]:
    """The canonical code by each folded name; or by those of the table's *first* rows."""
    carriers = carriers_by_code(first).values()
    return {folded(name): one.code for one in carriers for name in one.names}


@cache
def _rows() -> Sequence[str]:
    return _TABLE.read_text("utf-8").splitlines()[1:]


def _carrier_of_row(row: str) -> Carrier:
    code, name, country, aliases, *platforms = (cell.strip() for cell in row.split("\t"))
    return Carrier(
        code=code,
        name=name,
        country=country,
        aliases=_names_of_cell(aliases),
        spellings=tuple(name for cell in platforms for name in _names_of_cell(cell)),
    )


def _names_of_cell(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())
