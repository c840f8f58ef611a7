"""Whose number is it? What a number's form says, and whether it fits the carrier that was stated.

A form predicts, only scans prove: nothing here says that a parcel exists. It says only what
something in the number speaks for; what is not known is never held against anybody.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from vtr.domain.tracking_numbers.canonical import canonical_number
from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import ROUTED, Damage, read


class FormCheck(StrEnum):
    """What the form of a number says of the stated carrier, or of any where none was stated."""

    WELL_FORMED = "well_formed"
    """Something in it speaks for the carrier's family: a prefix, a check digit, a pattern."""
    OTHER_CARRIER = "other_carrier"
    """It speaks for another family, and not for the carrier's."""
    MALFORMED = "malformed"
    """It has the pattern of the carrier's numbers and fails their check digit, or is no number."""
    NOT_CHECKABLE = "not_checkable"
    """Nothing is known for it, nor against it."""
    INVALID_ID = "invalid_id"
    """It is blank, has characters that a marketplace's system cannot read, or is several."""


class Identification(NamedTuple):
    """What the form of one number says. All but its fields is worked out when it is asked for.

    ``normalised`` is the number as it is stored and compared: only 0-9 and A-Z. ``candidates`` are
    all whose number it may be, the strongest and likeliest first. ``stated_carrier`` is the
    canonical code of the carrier that the seller stated, where one was, and ``families`` are those
    that its name means beside its own. ``typed`` is the number as it came, cut to a bounded length,
    ``damage_seen`` what is wrong with that at first sight, and ``readable`` whether a marketplace's
    system can read it.
    """

    normalised: str
    candidates: tuple[Candidate, ...]
    stated_carrier: str | None
    typed: str
    damage_seen: tuple[Damage, ...]
    readable: bool
    families: frozenset[str] = frozenset()

    @property
    def canonical(self) -> str:
        """The number that the carrier tracks: ``canonical_number``."""
        return canonical_number(self.normalised, self.stated_carrier)

    @property
    def well_formed_for(self) -> tuple[str, ...]:
        """The carriers that it speaks for, one of each family, strongest and likeliest first."""
        return _one_of_each_family(one for one in self.candidates if one.tier != "D")

    @property
    def match(self) -> Candidate | None:
        """What it has of the stated carrier; of the likeliest where none was stated."""
        if self.stated_carrier is None:
            return self.candidates[0] if self.candidates else None
        families = self._stated_families
        return next((one for one in self.candidates if self._is_of_stated(one, families)), None)

    @property
    def tier(self) -> str | None:
        """How strong the match is; where there is none, how strong the best candidate is."""
        best = self.match or next(iter(self.candidates), None)
        return best.tier if best else None

    @property
    def verdict(self) -> FormCheck:
        if not self.readable:
            return FormCheck.INVALID_ID
        match = self.match
        if match is not None and match.tier != "D":
            return FormCheck.WELL_FORMED
        # Most numbers are well formed, and the others' rules load the whole catalogue.
        from vtr.domain.tracking_numbers.grammar import is_nobodys  # noqa: PLC0415

        if Damage.LABEL_WORDS in self.damage_seen or is_nobodys(self.normalised):
            return FormCheck.MALFORMED
        return self._verdict_on_unmatched(match)

    @property
    def tied(self) -> tuple[str, ...]:
        """The carriers that the number fits equally well, where these are of several families."""
        best = self.candidates[0].tier if self.candidates else "D"
        tied = _one_of_each_family(one for one in self.candidates if one.tier == best != "D")
        return tied if len(tied) > 1 else ()

    @property
    def suggested_carrier(self) -> str | None:
        """The carrier to state instead: the likeliest of the family that the number speaks for."""
        return self.well_formed_for[0] if self.verdict is FormCheck.OTHER_CARRIER else None

    @property
    def hands_over_to(self) -> str | None:
        """The carrier whose number it is, where the stated one only hands its parcels over."""
        match = self.match
        if match is None or not match.partner:
            return None
        owners = (one for one in self.candidates if one.tier != "D" and not one.partner)
        owner = next(owners, None)
        return owner.carrier or None if owner else None

    @property
    def damage(self) -> tuple[Damage, ...]:
        """How the number was corrupted before it reached us."""
        damage, _ = self._repair
        return tuple(dict.fromkeys((*self.damage_seen, *([damage] if damage else []))))

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was probably meant: one number, or none."""
        _, repair = self._repair
        return (repair,) if repair else ()

    @property
    def _stated_families(self) -> frozenset[str]:
        # The table of carriers is large, and most cold starts look no number up.
        from vtr.domain.carriers.families import families_named  # noqa: PLC0415

        return families_named(self.stated_carrier or "") | self.families

    def _is_of_stated(self, one: Candidate, families: frozenset[str]) -> bool:
        """Whether a candidate is the stated carrier, or speaks for its family.

        A length is a carrier's own, and its family's where it is the family's first.
        """
        if one.carrier == self.stated_carrier:
            return True
        first = one.tier != "D" or (not one.partner and one.carrier == one.family)
        return first and one.family in families

    def _verdict_on_unmatched(self, length: Candidate | None) -> FormCheck:
        """The verdict where nothing speaks for the stated carrier, but perhaps a *length*."""
        from vtr.domain.tracking_numbers.grammar import (  # noqa: PLC0415 -- see above
            FormClaim,
            claim_of,
            has_formats,
            has_lost_zeros,
            is_complete,
        )

        stated, text = self.stated_carrier, self.normalised
        if stated is None:
            failed = claim_of(text, None) is FormClaim.PREFIX
            return FormCheck.MALFORMED if failed else FormCheck.NOT_CHECKABLE
        other = next((one for one in self.candidates if one.tier != "D"), None)
        if length is not None or (other is not None and not other.family):
            return FormCheck.NOT_CHECKABLE
        families = self._stated_families
        claim = claim_of(text, families)
        known = has_formats(text, families)
        if other is not None and _accuses(other, claim, known=known):
            doubtful = other.tier == "B" and has_lost_zeros(text, families)
            return FormCheck.MALFORMED if doubtful else FormCheck.OTHER_CARRIER
        # No format that is known has letters alone, but there are carriers whose numbers do.
        failed = claim is not FormClaim.NONE or is_complete(stated, families)
        failed = failed or (known and text.isalpha())
        return FormCheck.MALFORMED if failed else FormCheck.NOT_CHECKABLE

    @property
    def _repair(self) -> tuple[Damage | None, str]:
        # Most numbers need none, and its search loads the whole catalogue.
        from vtr.domain.tracking_numbers.repairs import repair_of  # noqa: PLC0415

        verdict = self.verdict
        if verdict is FormCheck.WELL_FORMED:
            return self._missing_zeros
        if verdict is FormCheck.OTHER_CARRIER or Damage.SEVERAL_NUMBERS in self.damage_seen:
            return None, ""
        certain = verdict is not FormCheck.NOT_CHECKABLE
        if not certain and self.match is not None:
            return None, ""
        families = self._stated_families if self.stated_carrier else None
        return repair_of(self.typed, self.normalised, families, failed=certain)

    @property
    def _missing_zeros(self) -> tuple[Damage | None, str]:
        """The two zeros that a printed number begins with, where they were typed no more."""
        whole = self.canonical
        if self.typed.strip() != self.normalised or whole != f"00{self.normalised}":
            return None, ""
        return Damage.LOST_ZEROS, whole


def identify(
    number: object, stated_carrier: str | None = None, families: frozenset[str] = frozenset()
) -> Identification:
    """Say whose number this is, and whether it fits *stated_carrier*, a canonical code.

    *families* are those that the stated name means beside the carrier's own (``families_named``).
    Takes whatever a request or a spreadsheet held (text of any script, a JSON number, null) and
    always answers, in bounded time.
    """
    if type(number) is str and number.isalnum() and number.isascii() and len(number) < ROUTED:
        # Nearly all numbers: nothing to clean, and no ZIP code to drop.
        text = number.upper()
        candidates = candidates_of(text)
        return Identification(text, candidates, stated_carrier, number, (), True, families)  # noqa: FBT003
    typed, text, damage, readable = read(number)
    candidates = candidates_of(text)
    return Identification(text, candidates, stated_carrier, typed, damage, readable, families)


def _accuses(other: Candidate, claim: int, *, known: bool) -> bool:
    """Whether a number that speaks for another carrier is held against the stated one.

    It is not where the number has a *claim* on the stated carrier's format as strong as its own.
    Where no format of the stated carrier is *known*, it takes a prefix with its check digit, of a
    kind that is not given out to others to use.
    """
    strength = {"A": 3, "B": 1, "C": 2}[other.tier]
    return strength > claim if known else other.tier == "A" and not other.given_out


def _one_of_each_family(candidates: Iterable[Candidate]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for one in candidates:
        first.setdefault(one.family, one.carrier)
    first.pop("", None)
    return tuple(first.values())
