"""What the carrier tracks, as opposed to what a label's barcode or a seller's file says."""

from collections.abc import Callable
from itertools import takewhile

from vtr.domain.tracking_numbers.check_digits import mod_37_36
from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.lookup import candidates_of
from vtr.domain.tracking_numbers.normalise import normalise

# How often one form can hold another: 28 characters of DPD hold 14 digits, and those nothing.
_DEEPEST = 3


def _fedex_of_34(text: str) -> str:
    """Of the last fourteen digits the twelve of today: FedEx keeps two in front for longer ones."""
    return text[20:].removeprefix("00")


def _dpd_of_15(text: str) -> str:
    return text[:14] if mod_37_36(text.encode()) else text


# By format, the number that the carrier tracks.
_TRACKED: dict[str, Callable[[str], str]] = {
    "fedex_ground_96": lambda text: text[7:],
    "fedex_express_34": _fedex_of_34,
    "fedex_ground_34": _fedex_of_34,
    "fedex_astra_32": lambda text: text[16:28],
    "fedex_codabar": lambda text: text[1:13],
    "fedex_12_form": lambda text: text[:12],
    "fedex_14": lambda text: text[2:],
    "dhl_de_sscc": lambda text: f"00{text}",  # printed and tracked with its (00)
    "poczta_polska_sscc": lambda text: f"00{text}",
    "bring_18": lambda text: text[-18:],
    "postnord_sscc": lambda text: text[2:],
    "sscc_20": lambda text: text[2:],
    "dpd_28": lambda text: text[7:21],
    "length_27": lambda text: text[7:21],
    "dpd_14": lambda text: text[:14],
    "length_15_check": _dpd_of_15,
}


def canonical_number(number: str, carrier: str | None) -> str:
    """Return the number that the carrier tracks, the same for every spelling of it.

    Where a prefix and a check digit speak (tier A), they say how to read the number, whoever is
    said to carry it. Where less does, it is read as *carrier* writes its numbers; and as the one
    carrier does that it speaks for, where the stated one has none such.
    """
    text = normalise(number)
    for _ in range(_DEEPEST):
        tracked = _tracked(text, carrier)
        if tracked == text:
            break
        text = tracked
    return text


def _tracked(text: str, carrier: str | None) -> str:
    for candidate in _deciding(candidates_of(text), carrier):
        if read := _TRACKED.get(candidate.format_id):
            return read(text)
    return text


def _deciding(candidates: tuple[Candidate, ...], carrier: str | None) -> list[Candidate]:
    """The candidates that say how the number is to be read."""
    if not any(one.format_id in _TRACKED for one in candidates):
        return []  # nearly all numbers
    certain = list(takewhile(lambda one: one.tier == "A", candidates))
    if certain:
        return certain
    from vtr.domain.carriers.families import family_of  # noqa: PLC0415 -- as for a format

    family = family_of(carrier or "")
    own = [one for one in candidates if one.family == family]
    speaking = [one for one in candidates if one.tier != "D"]
    alone = len({one.family for one in speaking if not one.partner}) == 1
    return own or (speaking if alone else [])
