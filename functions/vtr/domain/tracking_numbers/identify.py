"""Whose number is it? What a number's form says, and whether it fits the carrier that was stated.

A form predicts, only scans prove: nothing here says that a parcel exists.
"""

from __future__ import annotations

from vtr.domain.tracking_numbers.lookup import candidates_of, is_checkable
from vtr.domain.tracking_numbers.normalise import ROUTED, read

TYPE_CHECKING = False  # mypy reads it so; importing typing would cost more than this package
if TYPE_CHECKING:
    from vtr.domain.tracking_numbers.formats import Candidate


class Verdict:
    """What the form of a number says of the stated carrier, or of any where none was stated.

    ``WELL_FORMED``: it fits. ``OTHER_CARRIER``: it does not, and has the prefix and the check digit
    of another's. ``MALFORMED``: it does not fit. ``NOT_CHECKABLE``: no form is known that could be
    checked, so that nothing is held against the seller. ``INVALID_ID``: it is blank, or has
    characters that a marketplace's system cannot read.
    """

    WELL_FORMED = "well_formed"
    OTHER_CARRIER = "other_carrier"
    MALFORMED = "malformed"
    NOT_CHECKABLE = "not_checkable"
    INVALID_ID = "invalid_id"


class Identification(
    tuple[str, "tuple[Candidate, ...]", "str | None", str, tuple[str, ...], bool],
):
    """What the form of one number says. All but the candidates is worked out when it is asked for.

    A tuple, because it is made once for every number of every file that a seller sends.
    """

    __slots__ = ()

    @property
    def normalised(self) -> str:
        """The number as it is stored and compared: only 0-9 and A-Z."""
        return self[0]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every carrier whose number it may be, the strongest and likeliest first."""
        return self[1]

    @property
    def stated_carrier(self) -> str | None:
        """The canonical code of the carrier that the seller stated, where one was."""
        return self[2]

    @property
    def typed(self) -> str:
        """The number as it came, cut to a bounded length."""
        return self[3]

    @property
    def readable(self) -> bool:
        """Whether a marketplace's system can read it as it came."""
        return self[5]

    @property
    def well_formed_for(self) -> tuple[str, ...]:
        """The carriers for which the number is accepted, the strongest and likeliest first."""
        return tuple(dict.fromkeys(one.carrier for one in self[1] if one.tier != "D"))

    @property
    def match(self) -> Candidate | None:
        """What speaks for the stated carrier; for the likeliest where none was stated."""
        for one in self[1]:
            if self[2] is None or one.carrier == self[2]:
                return one
        return None

    @property
    def tier(self) -> str | None:
        """How strong the match is; where there is none, how strong the best candidate is."""
        best = self.match or next(iter(self[1]), None)
        return best.tier if best else None

    @property
    def verdict(self) -> str:
        """One of ``Verdict``."""
        text, candidates, stated, _, _, readable = self
        if not readable:
            return Verdict.INVALID_ID
        for carrier, _, tier, _ in candidates:
            if stated is None or carrier == stated:
                return Verdict.WELL_FORMED if tier != "D" else Verdict.NOT_CHECKABLE
        if stated is not None and not is_checkable(stated, text):
            return Verdict.NOT_CHECKABLE
        if candidates and candidates[0].tier == "A":
            return Verdict.OTHER_CARRIER
        return Verdict.MALFORMED

    @property
    def tied(self) -> tuple[str, ...]:
        """The carriers that the number fits equally well, where these are several."""
        tied = tuple(
            dict.fromkeys(one.carrier for one in self[1] if one.tier == self[1][0].tier != "D")
        )
        return tied if len(tied) > 1 else ()

    @property
    def suggested_carrier(self) -> str | None:
        """The carrier to state instead: one that a prefix speaks for, and no other does as well.

        A carrier with nothing but a check digit to speak for it is never suggested: one random
        number in ten has that.
        """
        if self.verdict in (Verdict.WELL_FORMED, Verdict.INVALID_ID) or not self[1]:
            return None
        first = self[1][0]
        if first.tier == "A" or (first.tier == "C" and not self.tied):
            return first.carrier
        return None

    @property
    def hands_over_to(self) -> str | None:
        """The carrier whose number it is, where the stated one only hands its parcels over."""
        match = self.match
        return self[1][0].carrier if match is not None and match.partner else None

    @property
    def damage(self) -> tuple[str, ...]:
        """What befell the number on its way here: codes of ``Damage``."""
        return tuple(dict.fromkeys((*self[4], *filter(None, (self._repair[0],)))))

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was probably meant: one number, or none."""
        return tuple(filter(None, (self._repair[1],)))

    @property
    def remedy(self) -> str:
        """What the seller can do, in one English sentence; empty where there is nothing to do."""
        from vtr.domain.tracking_numbers.remedies import ENGLISH, remedy  # noqa: PLC0415 -- rarely

        return remedy(self, ENGLISH)

    @property
    def remedy_zh(self) -> str:
        """The remedy in Chinese."""
        from vtr.domain.tracking_numbers.remedies import CHINESE, remedy  # noqa: PLC0415 -- rarely

        return remedy(self, CHINESE)

    @property
    def _repair(self) -> tuple[str, str]:
        from vtr.domain.tracking_numbers.repairs import repair_of  # noqa: PLC0415 -- rarely

        if self.verdict not in (Verdict.MALFORMED, Verdict.INVALID_ID):
            return "", ""
        return repair_of(self.typed, self.normalised, self.stated_carrier)

    def __repr__(self) -> str:
        return f"Identification({self.normalised!r}, {self.verdict}, {self.well_formed_for})"


def identify(number: object, stated_carrier: str | None = None) -> Identification:
    """Say whose number this is, and whether it fits *stated_carrier*, a canonical code.

    Takes whatever a request or a spreadsheet held (text of any script, a JSON number, null) and
    always answers, in bounded time.
    """
    if type(number) is str and number.isalnum() and number.isascii() and len(number) < ROUTED:
        # Nearly all numbers: nothing to clean, and no ZIP code to drop.
        text = number.upper()
        return Identification((text, candidates_of(text), stated_carrier, number, (), True))
    typed, text, damage, readable = read(number)
    return Identification(
        (text, candidates_of(text), stated_carrier, typed, damage, readable),
    )
