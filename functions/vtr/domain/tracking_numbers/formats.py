"""What a format is: one kind of tracking number, whose it is, and what a match is worth."""

from dataclasses import dataclass
from typing import NamedTuple

from vtr.domain.tracking_numbers.check_digits import Check

# The tiers at which a number is accepted. D, the length alone, decides nothing.
ACCEPTED_TIERS = "ABC"


class Candidate(NamedTuple):
    """One carrier whose number this may be, and what says so.

    A *partner* hands its parcels over to the carrier whose number it is: the number cannot name
    the partner, so it is right for both.
    """

    carrier: str
    format_id: str
    tier: str
    partner: bool


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the catalogue.

    ``carriers`` are all whose own number it is, the likeliest first; ``examples`` are published
    numbers, which fit the pattern and pass the check. ``partners`` hand parcels over
    to them, and the number's prefix says so; ``other_partners`` do so too, and nothing in the
    number says it, so that the match is worth less to them (tier C).
    """

    format_id: str
    carriers: tuple[str, ...]
    tier: str
    pattern: str
    check: Check
    source: str
    examples: tuple[str, ...]
    partners: tuple[str, ...] = ()
    other_partners: tuple[str, ...] = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What a match is worth to each carrier: its own first, then those that hand over to it."""
        others = tuple(one for one in self.other_partners if one not in self.partners)
        return tuple(
            Candidate(carrier, self.format_id, tier, partner)
            for carriers, tier, partner in (
                (self.carriers, self.tier, False),
                (self.partners, self.tier, True),
                (others, "C", True),
            )
            for carrier in carriers
        )


def entry(  # noqa: PLR0913 -- the columns of the catalogue
    format_id: str,
    carriers: str,
    tier: str,
    pattern: str,
    check: Check,
    source: str,
    examples: str,
    *,
    partners: str = "",
    other_partners: str = "",
) -> Format:
    """A row of the catalogue as it is written there: what a column lists is separated by blanks."""
    return Format(
        format_id,
        tuple(carriers.split()),
        tier,
        pattern,
        check,
        source,
        tuple(examples.split()),
        tuple(partners.split()),
        tuple(other_partners.split()),
    )
