"""What to tell the seller about each reason: what is the matter, and what to do about it."""

from vtr.domain.carriers import carrier
from vtr.domain.carriers.families import families_named, family_of
from vtr.domain.carriers.suggestions import suggest_carriers
from vtr.domain.packages import Confirmation
from vtr.domain.tracking_numbers import FormCheck, Identification, identify
from vtr.domain.verdict import JudgedPackage, Reason, State, Verdict

_EXPLANATIONS = {
    Reason.EXEMPT: "The policy does not measure this package ({rule}).",
    Reason.WAIVED: "The marketplace waived this package ({rule}).",
    Reason.INVALID_ID: "The tracking number is blank or has characters that cannot be read.",
    Reason.CARRIER_UNKNOWN: "No carrier goes by the name {stated!r}.",
    Reason.CARRIER_UNSUPPORTED: "The marketplace cannot verify {carrier}, so it never counts.",
    Reason.REUSED_NUMBER: "This number belongs to another package than this one.",
    Reason.UPLOADED_AFTER_DELIVERY: "The number was confirmed after the carrier had delivered.",
    Reason.VALID: "The carrier has scanned the package.",
    Reason.CARRIER_MISMATCH: "You said {carrier}; this is a {other} number.",
    Reason.FORMAT_MISMATCH: "No {carrier} number looks like this.",
    Reason.LABEL_ONLY: "{carrier} knows the label, but has not scanned the package.",
    Reason.INSUFFICIENT_SCANS: "{carrier} has scanned the package, but not often enough.",
    Reason.NO_SCAN: "{carrier} has reported nothing about this number.",
}

_PICK = "Pick the carrier from the list of carriers (GET /v1/carriers or vtr carriers)."
_REMEDIES = {
    Reason.INVALID_ID: "Enter the number again, with letters and digits only.",
    Reason.CARRIER_UNKNOWN: _PICK,
    Reason.CARRIER_UNSUPPORTED: "Use a supported carrier for the next packages.",
    Reason.REUSED_NUMBER: "Enter the number that is on this package's label.",
    Reason.UPLOADED_AFTER_DELIVERY: "Nothing for this package; confirm the next ones on handover.",
    Reason.CARRIER_MISMATCH: "Change the carrier to {other}.",
    Reason.FORMAT_MISMATCH: "Check the number against the label.",
    Reason.LABEL_ONLY: "Hand the package over; if you have, ask {carrier} to scan it.",
    Reason.NO_SCAN: "Check number and carrier, and that the package was handed over.",
    Reason.INSUFFICIENT_SCANS: "Nothing now; ask {carrier} if no scan follows.",
}

_READ_OFF_THE_NUMBER = {Reason.INVALID_ID, Reason.FORMAT_MISMATCH, Reason.NO_SCAN}
"""Reasons that something wrong with the number itself, as it was typed, may explain."""
_WRONG_BY_ITSELF = {FormCheck.INVALID_ID, FormCheck.MALFORMED}

_MISMATCH_SCANNED = "You said {carrier}; {other} scanned it on {day}."
_PARTNER_ONLY = "Only a partner of {carrier} has the package; {carrier} waits for it."
_PARTNER_REMEDY = "Nothing now; ask {carrier} if its own scan does not follow."


def explain(confirmation: Confirmation, verdict: Verdict) -> str:
    """Say in one sentence why the package counts or does not."""
    sentence = _EXPLANATIONS[verdict.reason]
    if _waits_for_partner(verdict):
        sentence = _PARTNER_ONLY
    elif verdict.scanned_by:
        sentence = _MISMATCH_SCANNED
    return _filled(sentence, confirmation, verdict)


def what_to_do(confirmation: Confirmation, verdict: Verdict) -> str:
    """Say what the seller can do; nothing where there is nothing to do.

    Where carrier or number as typed are wrong, that is what the check of numbers says of them.
    """
    if verdict.state in {State.VALID, State.EXEMPT}:
        return ""
    if verdict.reason is Reason.CARRIER_UNKNOWN:
        return _name_the_carrier(confirmation)
    if verdict.reason in _READ_OFF_THE_NUMBER:
        number = _number_as_typed(confirmation)
        if number.verdict in _WRONG_BY_ITSELF:
            return _number_remedy(number)
    sentence = _PARTNER_REMEDY if _waits_for_partner(verdict) else _REMEDIES[verdict.reason]
    return _filled(sentence, confirmation, verdict)


def warnings_of(package: JudgedPackage) -> list[str]:
    """What may be wrong although the package counts as it should: each in rule and remedy."""
    if not package.shared_with:
        return []
    others = f"{package.shared_with} other packages name"
    if package.shared_with == 1:
        others = "Another package names"
    return [f"{others} this number. If they are not one parcel, enter each one's own number."]


def suggested_carrier(confirmation: Confirmation, verdict: Verdict) -> str | None:
    """The carrier to state instead: who scanned the number, else whose it is by its form."""
    if verdict.reason is not Reason.CARRIER_MISMATCH:
        return None
    said = confirmation
    named = families_named(said.carrier or "", said.carrier_stated)
    by_form = identify(said.tracking_number, said.carrier, named).suggested_carrier
    if verdict.scanned_by and (by_form is None or family_of(by_form) != verdict.scanned_by):
        return verdict.scanned_by
    return by_form


def _name_the_carrier(confirmation: Confirmation) -> str:
    """Say which carrier to state, by the number or by the name that comes close; and repairs."""
    number = _number_as_typed(confirmation)
    by_form = number.verdict is FormCheck.WELL_FORMED
    told = [(_number_remedy(number) if by_form else "") or _PICK]
    meant = [_name(code) for code in suggest_carriers(confirmation.carrier_stated)]
    if meant and (number.tied or not by_form):
        told.append(f"Did you mean {' or '.join(meant)}?")
    if number.verdict is FormCheck.MALFORMED:
        told.append(_number_remedy(number))
    return " ".join(told)


def _number_as_typed(confirmation: Confirmation) -> Identification:
    said = confirmation
    named = families_named(said.carrier or "", said.carrier_stated)
    return identify(said.number_stated, said.carrier, named)


def _number_remedy(number: Identification) -> str:
    # Most packages need none, and its rules load the whole catalogue of formats.
    from vtr.domain.tracking_numbers.remedies import ENGLISH, remedy  # noqa: PLC0415

    return remedy(number, ENGLISH)


def _waits_for_partner(verdict: Verdict) -> bool:
    use = verdict.number_use
    return verdict.reason is Reason.LABEL_ONLY and use is not None and bool(use.waiting)


def _filled(sentence: str, confirmation: Confirmation, verdict: Verdict) -> str:
    if "{" not in sentence:
        return sentence
    return sentence.format(
        rule=verdict.rule or "",
        stated=confirmation.carrier_stated,
        carrier=_name(confirmation.carrier),
        other=_name(suggested_carrier(confirmation, verdict)),
        day=f"{verdict.scanned_at:%Y-%m-%d}" if verdict.scanned_at else "",
    )


def _name(code: str | None) -> str:
    return carrier(code).name if code else "the carrier"
