"""What a format is: one kind of tracking number, whose it is, and what a match is worth."""

from __future__ import annotations

TYPE_CHECKING = False  # mypy reads it so; importing typing would cost more than this package
if TYPE_CHECKING:
    from vtr.domain.tracking_numbers.check_digits import Check

# The tiers at which a number is accepted. D, the length alone, decides nothing.
ACCEPTED_TIERS = "ABC"


class Candidate(tuple[str, str, str, bool]):
    """One carrier whose number this may be, and what says so.

    A *partner* hands its parcels over to the carrier whose number it is: the number cannot name
    the partner, so it is right for both.
    """

    __slots__ = ()

    @property
    def carrier(self) -> str:
        return self[0]

    @property
    def format_id(self) -> str:
        return self[1]

    @property
    def tier(self) -> str:
        return self[2]

    @property
    def partner(self) -> bool:
        return self[3]

    def __repr__(self) -> str:
        partner = ", partner" if self.partner else ""
        return f"Candidate({self.carrier}, {self.format_id}, tier {self.tier}{partner})"


class Format:
    """One row of the table: read it, never write to it.

    ``carriers`` are all whose own number it is, the likeliest first. ``partners`` hand parcels over
    to them, and the number's prefix says so; ``other_partners`` do so too, and nothing in the
    number says it, so that the match is worth less to them (tier C).
    """

    __slots__ = (
        "_examples",
        "carriers",
        "check",
        "format_id",
        "other_partners",
        "partners",
        "picture",
        "source",
        "tier",
    )

    def __init__(  # noqa: PLR0913 -- the columns of the catalogue
        self,
        format_id: str,
        carriers: str,
        tier: str,
        picture: str,
        check: Check,
        source: str,
        examples: str,
        *,
        partners: str = "",
        other_partners: str = "",
    ) -> None:
        self.format_id = format_id
        self.carriers = tuple(carriers.split())
        self.tier = tier
        self.picture = picture
        self.check = check
        self.source = source
        self._examples = examples
        self.partners = tuple(partners.split())
        self.other_partners = tuple(other_partners.split())

    @property
    def examples(self) -> tuple[str, ...]:
        """Published numbers of this format: they fit the picture and pass the check."""
        return tuple(self._examples.split())

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What a match is worth to each carrier: its own first, then those that hand over to it."""
        others = (one for one in self.other_partners if one not in self.partners)
        return tuple(
            Candidate((carrier, self.format_id, tier, partner))
            for carriers, tier, partner in (
                (self.carriers, self.tier, False),
                (self.partners, self.tier, True),
                (others, "C", True),
            )
            for carrier in carriers
        )
