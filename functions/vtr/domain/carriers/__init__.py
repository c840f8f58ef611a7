"""Carriers: one canonical code each, however a seller, a marketplace or an aggregator spells it.

The table is ``carriers.tsv`` beside this file: code, name, home country (ISO 3166-1; ``--`` for
what is no carrier), the other names people type, and the spellings each platform takes, the one
to send first. Names within a cell are separated by a semicolon. Whether a carrier is *supported*
is a marketplace's policy and never said here.

The table is read when first asked for, and the standard library's heavier modules are left out,
so that importing this module costs next to nothing.
"""

from __future__ import annotations

from unicodedata import combining, normalize

PLATFORMS = ("amazon", "shopify", "ebay", "easypost")

_TABLE = __file__.removesuffix("carriers.py") + "carriers.tsv"


class Carrier:
    """One carrier. There is one object a code, shared by all: read it, never write to it.

    ``aliases`` are the names people type; ``spellings`` holds, for each platform, every name that
    the platform uses for the carrier.
    """

    __slots__ = ("aliases", "code", "country", "name", "spellings")

    def __init__(
        self,
        *,
        code: str,
        name: str,
        country: str,
        aliases: tuple[str, ...],
        spellings: dict[str, tuple[str, ...]],
    ) -> None:
        self.code = code
        self.name = name
        self.country = country
        self.aliases = aliases
        self.spellings = spellings

    @property
    def names(self) -> tuple[str, ...]:
        """Every way this carrier is written, its code and display name first."""
        platforms = (name for names in self.spellings.values() for name in names)
        return tuple(dict.fromkeys((self.code, self.name, *self.aliases, *platforms)))

    def __repr__(self) -> str:
        return f"Carrier({self.code!r})"


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


def platform_name(code: str, platform: str) -> str | None:
    """How *platform* wants the carrier written, or None where it has no name for it."""
    if platform not in PLATFORMS:
        raise ValueError(f"no such platform: {platform!r}; one of {', '.join(PLATFORMS)}")
    names = carrier(code).spellings[platform]
    return names[0] if names else None


def folded(name: str) -> str:
    """What is left of a name without all that people vary: ``Colis Privé`` → ``colisprive``.

    Letters of every script stay, so that Chinese and Japanese names can be told apart. A name
    longer than any carrier's is cut, so that the work stays bounded.
    """
    decomposed = normalize("NFKD", normalize("NFKC", name[:_LONGEST_NAME]).casefold())
    return "".join(char for char in decomposed if char.isalnum() and not combining(char))


_LONGEST_NAME = 100


_by_code: dict[str, Carrier] = {}
_by_name: dict[str, str] = {}


def _tables() -> tuple[dict[str, Carrier], dict[str, str]]:
    """The carriers by canonical code, and the codes by folded name."""
    if not _by_code:
        with open(_TABLE, encoding="utf-8") as table:  # noqa: PTH123 -- pathlib is slow to import
            next(table)
            carriers = [_carrier_of_row(row) for row in table]
        _by_name.update({folded(name): one.code for one in carriers for name in one.names})
        _by_code.update({one.code: one for one in carriers})
    return _by_code, _by_name


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
