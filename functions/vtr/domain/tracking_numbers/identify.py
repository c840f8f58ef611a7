"""Whose number is it? What a number's form says, and whether it fits the carrier that was stated.

A form predicts, only scans prove: nothing here says that a parcel exists.
"""

from enum import StrEnum
from typing import NamedTuple

from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.lookup import candidates_of, is_checkable
from vtr.domain.tracking_numbers.normalise import ROUTED, Damage, read


class FormCheck(StrEnum):
    """What the form of a number says of the stated carrier, or of any where none was stated."""

    WELL_FORMED = "well_formed"
    """It fits."""
    OTHER_CARRIER = "other_carrier"
    """It does not, and has the prefix and the check digit of another carrier's."""
    MALFORMED = "malformed"
    """It does not fit."""
    NOT_CHECKABLE = "not_checkable"
    """No form is known that could be checked, so nothing is held against the seller."""
    INVALID_ID = "invalid_id"
    """It is blank, or has characters that a marketplace's system cannot read."""


class Identification(NamedTuple):
    """What the form of one number says. All but its fields is worked out when it is asked for.

    ``normalised`` is the number as it is stored and compared: only 0-9 and A-Z. ``candidates`` are
    all whose number it may be, the strongest and likeliest first. ``stated_carrier`` is the
    canonical code of the carrier that the seller stated, where one was. ``typed`` is the number as
    it came, cut to a bounded length, ``damage_seen`` what is wrong with that at first sight, and
    ``readable`` whether a marketplace's system can read it.
    """

    normalised: str
    candidates: tuple[Candidate, ...]
    stated_carrier: str | None
    typed: str
    damage_seen: tuple[Damage, ...]
    readable: bool

    @property
    def well_formed_for(self) -> tuple[str, ...]:
        """The carriers for which the number is accepted, the strongest and likeliest first."""
        return tuple(dict.fromkeys(one.carrier for one in self.candidates if one.tier != "D"))

    @property
    def match(self) -> Candidate | None:
        """What speaks for the stated carrier; for the likeliest where none was stated."""
        for one in self.candidates:
            if self.stated_carrier in {None, one.carrier}:
                return one
        return None

    @property
    def tier(self) -> str | None:
        """How strong the match is; where there is none, how strong the best candidate is."""
        best = self.match or next(iter(self.candidates), None)
        return best.tier if best else None

    @property
    def verdict(self) -> FormCheck:
        if not self.readable:
            return FormCheck.INVALID_ID
        if match := self.match:
            return FormCheck.WELL_FORMED if match.tier != "D" else FormCheck.NOT_CHECKABLE
        stated = self.stated_carrier
        if stated is not None and not is_checkable(stated, self.normalised):
            return FormCheck.NOT_CHECKABLE
        if self.candidates and self.candidates[0].tier == "A":
            return FormCheck.OTHER_CARRIER
        return FormCheck.MALFORMED

    @property
    def tied(self) -> tuple[str, ...]:
        """The carriers that the number fits equally well, where these are several."""
        best = self.candidates[0].tier if self.candidates else "D"
        found = (one.carrier for one in self.candidates if one.tier == best != "D")
        tied = tuple(dict.fromkeys(found))
        return tied if len(tied) > 1 else ()

    @property
    def suggested_carrier(self) -> str | None:
        """The carrier to state instead: one that a prefix speaks for, and no other does as well.

        A carrier with nothing but a check digit to speak for it is never suggested: one random
        number in ten has that.
        """
        if self.verdict in {FormCheck.WELL_FORMED, FormCheck.INVALID_ID} or not self.candidates:
            return None
        first = self.candidates[0]
        if first.tier == "A" or (first.tier == "C" and not self.tied):
            return first.carrier
        return None

    @property
    def hands_over_to(self) -> str | None:
        """The carrier whose number it is, where the stated one only hands its parcels over."""
        match = self.match
        return self.candidates[0].carrier if match is not None and match.partner else None

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
    def _repair(self) -> tuple[Damage | None, str]:
        # Most numbers need none, and its search loads the whole catalogue.
        from vtr.domain.tracking_numbers.repairs import repair_of  # noqa: PLC0415

        if self.verdict not in {FormCheck.MALFORMED, FormCheck.INVALID_ID}:
            return None, ""
        return repair_of(self.typed, self.normalised, self.stated_carrier)


def identify(number: object, stated_carrier: str | None = None) -> Identification:
    """Say whose number this is, and whether it fits *stated_carrier*, a canonical code.

    Takes whatever a request or a spreadsheet held (text of any script, a JSON number, null) and
    always answers, in bounded time.
    """
    if type(number) is str and number.isalnum() and number.isascii() and len(number) < ROUTED:
        # Nearly all numbers: nothing to clean, and no ZIP code to drop.
        text = number.upper()
        return Identification(text, candidates_of(text), stated_carrier, number, (), readable=True)
    typed, text, damage, readable = read(number)
    return Identification(text, candidates_of(text), stated_carrier, typed, damage, readable)
