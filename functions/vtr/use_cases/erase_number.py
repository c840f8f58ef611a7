"""Erase the stored bodies that mention a tracking number: in them stand names and addresses."""

from vtr.domain.erasures import Days, Erasure, Subject
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.packages import parcel_numbered
from vtr.domain.tracking_numbers import canonical_number, normalise
from vtr.ports import Ports
from vtr.ports.deliveries import ErasedBodies
from vtr.use_cases.erase import Command, begin, end, erase_bodies, note


def erase_number(ports: Ports, number: str, days: Days, command: Command) -> Erasure:
    """Erase the bodies of these days that mention a number; return the receipt.

    No verdict changes: the evidence stays, and so does what sellers said of the number.
    """
    numbers = numbers_with(ports, number)
    receipt = begin(ports, command, Subject.NUMBER, canonical_number(number, None))
    bodies = erase_bodies(ports, command, numbers, days)
    return end(ports, note(ports, receipt, **bodies._asdict()), command.clock())


def count_bodies(ports: Ports, number: str, days: Days, command: Command) -> ErasedBodies:
    """Return how many bodies ``erase_number`` would erase."""
    return erase_bodies(ports, command, numbers_with(ports, number), days, dry_run=True)


def numbers_with(ports: Ports, number: str) -> set[str]:
    """Return a number as it was given and as it is tracked, and the others of its parcel.

    Raise ``InvalidRequestError`` for what is no number, or is several.
    """
    canonical = canonical_number(number, None)
    if not canonical:
        rule = f"{number!r} is not one tracking number"
        raise InvalidRequestError(FieldProblem("number", rule, "Give its letters and digits."))
    key = parcel_numbered(canonical)
    parcel = ports.parcels.get(key, consistent=True)
    return {normalise(number), key.number, *parcel.evidence.numbers}
