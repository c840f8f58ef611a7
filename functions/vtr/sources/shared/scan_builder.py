"""Make canonical scans of the events that a source's body holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from vtr.domain.scans import Milestone, Physical, Scan, TimeTrust
from vtr.domain.tracking_numbers import normalise
from vtr.sources.shared.base import Decoded, UnreadableEventError
from vtr.sources.shared.code_tables import Judgement
from vtr.sources.shared.descriptions import text_code
from vtr.sources.shared.timestamps import Moment

# Longer than any real number, code or place, and short enough to be kept with every scan.
_LONGEST_NUMBER = 64
_LONGEST_CODE = 80
_LONGEST_PLACE = 120

Event = TypeVar("Event")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedNumber:
    """The number that events of a body are about, and what they have in common.

    ``number`` is kept normalised, however it is given. A ``carrier`` that is not given is the
    one whose prefix and check digit the number has, or the only one whose form it has.
    ``reported`` stands in for the time of an event that has none: when the source sent the body.
    """

    source: str
    carrier: str
    number: str
    unique_id: str = ""
    test: bool = False
    reported: Moment | None = None

    def __post_init__(self) -> None:
        # Cut first: normalising a text of megabytes would take as long as the whole body.
        object.__setattr__(self, "number", normalise(self.number[: 4 * _LONGEST_NUMBER]))
        if not self.carrier:
            object.__setattr__(self, "carrier", _carrier_by_form(self.number))

    def scan(
        self,
        codes: Iterable[str],
        judgement: Judgement,
        moment: Moment | None,
        place: str = "",
        *,
        wording: str = "",
    ) -> Scan:
        """Return the event as a scan; raise `UnreadableEventError` if number or time is missing.

        *wording* tells events apart whose codes are those of an aggregator, too few to do so. It
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
            codes=kept,
            milestone=judgement.milestone,
            physical=judgement.physical,
            physical_by=judgement.by,
            occurred_at=occurred.at,
            time_trust=occurred.trust,
            event_key=event_key(self.carrier, self.number, *kept, happened, place, wording),
            source=self.source,
            place=place[:_LONGEST_PLACE],
            unique_id=self.unique_id[:_LONGEST_CODE],
            retracts=judgement.retracts[:_LONGEST_CODE],
            test=self.test,
        )

    def _reported(self) -> Moment:
        if self.reported is None:
            raise UnreadableEventError("the event has no time that can be read")
        return Moment(self.reported.at, TimeTrust.REPORTED)


def _carrier_by_form(number: str) -> str:
    # Hardly ever asked for, and the formats of all carriers take long to import.
    from vtr.domain.tracking_numbers import identify  # noqa: PLC0415

    found = identify(number)
    likeliest = found.match
    alone = likeliest is not None and likeliest.tier != "D" and not found.tied
    return likeliest.carrier if likeliest and (alone or likeliest.tier == "A") else ""


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
    """Whether a state of the whole shipment is worth a scan where no event is given.

    "In transit" may be anything, and "not found" is no event.
    """
    empty = judgement.milestone in {Milestone.UNKNOWN, Milestone.NOT_FOUND}
    return not empty and judgement.physical is not Physical.AMBIGUOUS
