"""What is said of a tracking number before anything is submitted; over HTTP and at the command line."""

from typing import Any

from vtr.bootstrap import suggest_carriers
from vtr.domain.carriers import carrier, resolve
from vtr.domain.tracking_numbers import identify


def number_document(number: Any, carrier_stated: str | None) -> dict[str, Any]:
    """Whose number it is, whether it fits the carrier as stated, and what to do if it does not.

    ``carrier`` is the canonical code of the name that was stated; where nobody goes by it, the
    number is looked at alone and ``carrier_suggestions`` says who may have been meant.
    """
    code = resolve(carrier_stated) if carrier_stated else None
    found = identify(number, code)
    return {
        "number": number,
        "normalised": found.normalised,
        "carrier_stated": carrier_stated,
        "carrier": code,
        "carrier_suggestions": (
            suggest_carriers(carrier_stated) if carrier_stated and code is None else []
        ),
        "verdict": found.verdict,
        "well_formed_for": found.well_formed_for,
        "suggested_carrier": found.suggested_carrier,
        "suggested_carrier_name": _name(found.suggested_carrier),
        "tier": found.tier,
        "hands_over_to": found.hands_over_to,
        "damage": found.damage,
        "repairs": found.repairs,
        "remedy": found.remedy,
        "remedy_zh": found.remedy_zh,
    }


def _name(code: str | None) -> str | None:
    return carrier(code).name if code else None
