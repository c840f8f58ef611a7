"""What a format is: one kind of tracking number, whose it is, and what a match is worth."""

from typing import NamedTuple

from vtr.domain.tracking_numbers.check_digits import Check

# The tiers at which a number speaks for a carrier. D, the length alone, decides nothing.
ACCEPTED_TIERS = "ABC"


class Candidate(NamedTuple):
    """One carrier whose number this may be, and what says so.

    A *partner* hands its parcels over to the carrier whose number it is, or gives out that
    carrier's numbers; *given_out* says that anybody may. ``carrier`` and ``family`` are empty where
    a number is somebody's who is in no table: the post of a small country.
    """

    carrier: str
    format_id: str
    tier: str
    partner: bool
    family: str
    given_out: bool


class Format(NamedTuple):
    """One row of the catalogue.

    ``carriers`` are those whose own number it is, the likeliest first; ``examples`` are published
    numbers, which fit the pattern and pass the check. ``partners`` hand parcels over to them, and
    something in the number says so. ``possible_partners`` do so too, and nothing says which: the
    number is never held against them, and never listed as theirs (tier D). ``given_out_by`` is
    "post" or "usps" where these give such numbers to others to use; so many consolidators take them
    that the number is held against nobody of whom no format is known. All that has the
    ``beginning`` is, or was meant to be, such a number, however long it is.
    """

    format_id: str
    carriers: tuple[str, ...]
    tier: str
    pattern: str
    check: Check
    source: str
    examples: tuple[str, ...]
    partners: tuple[str, ...]
    possible_partners: tuple[str, ...]
    given_out_by: str
    beginning: str

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What a match is worth to each carrier: its own first, then those that hand over to it."""
        # The table of carriers is large, and most cold starts look no number up.
        from vtr.domain.carriers.families import family_of  # noqa: PLC0415

        owners = self.carriers or (() if self.tier == "D" else ("",))
        return tuple(
            Candidate(
                carrier, self.format_id, tier, partner, family_of(carrier), bool(self.given_out_by)
            )
            for carriers, tier, partner in (
                (owners, self.tier, False),
                (self.partners, self.tier, True),
                (self.possible_partners, "D", True),
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
    possible_partners: str = "",
    given_out_by: str = "",
    beginning: str = "",
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
        tuple(possible_partners.split()),
        given_out_by,
        beginning,
    )
