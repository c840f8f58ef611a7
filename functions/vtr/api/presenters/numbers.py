"""The check of a tracking number before it is submitted, over HTTP and on the command line."""

from typing import Any

from msgspec import to_builtins

from vtr.api.schemas.numbers import CheckedNumber
from vtr.domain.carriers import carrier, resolve
from vtr.domain.carriers.families import families_named
from vtr.domain.carriers.suggestions import suggest_carriers
from vtr.domain.tracking_numbers import identify
from vtr.domain.tracking_numbers.remedies import CHINESE, ENGLISH, remedy

LARGEST_INTEGER = 2**53
"""Beyond it many JSON readers lose digits."""


def check_number(number: Any, carrier_stated: str | None) -> CheckedNumber:
    """Check a number, whatever a request or a file held in its place.

    If no carrier has the stated name, the number is checked alone, and ``carrier_suggestions``
    lists the carriers that may have been meant.
    """
    code = resolve(carrier_stated) if carrier_stated else None
    unknown = carrier_stated if code is None else None
    found = identify(number, code, _families(code, carrier_stated))
    return CheckedNumber(
        number=number if _is_plain(number) else found.typed or None,
        normalised=found.normalised,
        canonical=found.canonical,
        carrier_stated=carrier_stated,
        carrier=code,
        carrier_suggestions=suggest_carriers(unknown) if unknown else [],
        verdict=found.verdict,
        well_formed_for=found.well_formed_for,
        suggested_carrier=found.suggested_carrier,
        suggested_carrier_name=_name(found.suggested_carrier),
        tier=found.tier,
        hands_over_to=found.hands_over_to,
        damage=found.damage,
        repairs=found.repairs,
        remedy=remedy(found, ENGLISH),
        remedy_zh=remedy(found, CHINESE),
    )


def number_document(number: Any, carrier_stated: str | None) -> dict[str, Any]:
    """Return what ``check_number`` does, as a mapping to print."""
    document: dict[str, Any] = to_builtins(check_number(number, carrier_stated))
    return document


def _families(code: str | None, stated: str | None) -> frozenset[str]:
    return families_named(code, stated or "") if code else frozenset()


def _is_plain(number: Any) -> bool:
    """Return whether a number can be shown as it was sent."""
    if isinstance(number, int):
        return abs(number) < LARGEST_INTEGER
    return number is None or isinstance(number, str | float)


def _name(code: str | None) -> str | None:
    return carrier(code).name if code else None
