"""Make canonical scans of the events that a source's body holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import TypeVar

from vtr.domain.scans import Milestone, Physical, Scan, TimeTrust
from vtr.domain.tracking_numbers import normalise
from vtr.sources.shared.base import Decoded, UnreadableEventError
from vtr.sources.shared.code_tables import Judgement
from vtr.sources.shared.descriptions import text_code
from vtr.sources.shared.places import NOWHERE, Place
from vtr.sources.shared.timestamps import Moment

# Longer than any real number, code or place, and short enough to be kept with every scan.
_LONGEST_NUMBER = 64
_LONGEST_CODE = 80
_LONGEST_PLACE = 120
# Further numbers of a parcel: how many are kept, how many looked at, and how long they are.
_MOST_OTHERS = 4
_MOST_OFFERED = 16
_LENGTHS_OF_OTHERS = range(8, 41)

Event = TypeVar("Event")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedNumber:
    """The number that events of a body are about, and what they have in common.

    ``number`` is kept normalised, however it is given. A ``carrier`` that is not given is the
    one whose prefix and check digit the number has, or the only one whose form it has.
    ``other_numbers`` are further numbers of the same parcel: they are normalised, and what can be
    none is dropped. ``reported`` stands in for the time of an event that has none: when the
    source sent the body.
    """

    source: str
    carrier: str
    number: str
    other_numbers: tuple[str, ...] = ()
    unique_id: str = ""
    test: bool = False
    reported: Moment | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", _normalised(self.number))
        if self.other_numbers:
            others = _further_numbers(self.number, self.other_numbers)
            object.__setattr__(self, "other_numbers", others)
        if not self.carrier and self.number:
            # Hardly ever asked for, and the formats of all carriers take long to import.
            from vtr.sources.shared.number_forms import carrier_by_form  # noqa: PLC0415

            object.__setattr__(self, "carrier", carrier_by_form(self.number))

    def by(self, scanned_by: str, number: str = "") -> "TrackedNumber":
        """Return the number as the carrier *scanned_by* has it, under a *number* of its own."""
        if scanned_by == self.carrier:
            return self
        if not number:
            return replace(self, carrier=scanned_by)
        others = (self.number, *self.other_numbers)
        return replace(self, carrier=scanned_by, number=number, other_numbers=others)

    def scan(
        self,
        codes: Iterable[str],
        judgement: Judgement,
        moment: Moment | None,
        place: Place = NOWHERE,
        *,
        wording: str = "",
    ) -> Scan:
        """Return the event as a scan; raise ``UnreadableEventError`` if number or time is missing.

        *wording* distinguishes events whose codes are those of an aggregator, too few to do so. It
        is not kept, as descriptions hold names and addresses; the phrase that it is judged by
        stands in for a code where there is none.
        """
        if not self.carrier:
            raise UnreadableEventError("the event names no carrier")
        if not 0 < len(self.number) <= _LONGEST_NUMBER:
            raise UnreadableEventError("the event names no tracking number")
        occurred = moment or self._reported()
        kept = tuple(code[:_LONGEST_CODE] for code in codes if code)
        if not kept and wording:
            kept = (text_code(wording),)
        if not kept:
            raise UnreadableEventError("the event has neither a code nor a description")
        happened = occurred.at.isoformat() if moment else ""
        return Scan(
            carrier=self.carrier,
            tracking_number=self.number,
            other_numbers=self.other_numbers,
            codes=kept,
            milestone=judgement.milestone,
            physical=judgement.physical,
            physical_by=judgement.by,
            occurred_at=occurred.at,
            time_trust=occurred.trust,
            event_key=event_key(self.carrier, self.number, *kept, happened, place.said, wording),
            source=self.source,
            place=place.said[:_LONGEST_PLACE],
            location=place.location,
            unique_id=self.unique_id[:_LONGEST_CODE],
            retracts=judgement.retracts[:_LONGEST_CODE],
            test=self.test,
        )

    def _reported(self) -> Moment:
        if self.reported is None:
            raise UnreadableEventError("the event has no time that can be read")
        return Moment(self.reported.at, TimeTrust.REPORTED)


def _normalised(number: str) -> str:
    # Cut first: normalising a text of megabytes would take as long as the whole body.
    return normalise(number[: 4 * _LONGEST_NUMBER])


def _further_numbers(number: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(map(_normalised, offered[:_MOST_OFFERED]))
    plausible = (
        each
        for each in found
        if each != number and len(each) in _LENGTHS_OF_OTHERS and not each.isalpha()
    )
    return tuple(islice(plausible, _MOST_OTHERS))


def event_key(*parts: str) -> str:
    """Return the same short text for the same event, however often it is reported.

    The time of a report is not part of it: the next report has another.
    """
    return blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def collect(events: Iterable[Event], to_scan: Callable[[Event], Scan]) -> Decoded:
    """Return the scans of the *events*, each once.

    An event that makes no scan holds back none of the others.
    """
    scans: dict[str, Scan] = {}
    skipped: list[str] = []
    for event in events:
        try:
            scan = to_scan(event)
        except UnreadableEventError as error:
            skipped.append(error.detail)
        else:
            scans.setdefault(scan.event_key, scan)
    return Decoded(tuple(scans.values()), tuple(skipped))


def tells_something(judgement: Judgement) -> bool:
    """Say whether a state of the whole shipment is worth a scan where no event is given.

    "In transit" may be anything, and "not found" is no event.
    """
    empty = judgement.milestone in {Milestone.UNKNOWN, Milestone.NOT_FOUND}
    return not empty and judgement.physical is not Physical.AMBIGUOUS
