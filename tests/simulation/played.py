"""How a story went: what happened, and what came out otherwise than the oracle says."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulation.story import Confirm, Deliver, Event, Place, Reported, Story


@dataclass(frozen=True)
class Difference:
    what: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


@dataclass
class Played:
    """``trace`` has every attempt at every event: when it began, which it was, how it ended."""

    story: Story
    differences: list[Difference] = field(default_factory=list)
    trace: list[tuple[datetime, int, Event, str]] = field(default_factory=list)

    @property
    def events(self) -> int:
        """Everything that ran: submissions, deliveries, day rollovers, recounts, retries."""
        return len(self.trace)

    def outcomes(self) -> list[str]:
        return [f"{at} #{attempt} {event.subject}: {out}" for at, attempt, event, out in self.trace]

    def differs(self, what: str, expected: Any, found: Any) -> None:
        self.differences.append(Difference(what, expected, found))

    def told(self) -> str:
        """Everything that came from outside, and what came out wrong."""
        known = set(map(id, self.story.events))
        lines = [
            f"{at:%m-%d %H:%M:%S.%f} #{attempt} {told(event)}: {outcome}"
            for at, attempt, event, outcome in self.trace
            if id(event) in known
        ]
        return "\n".join((*lines, *map(str, self.differences)))


def told(event: Event) -> str:
    match event:
        case Confirm():
            stated = f" as of {event.stated_at:%m-%d %H:%M:%S}" if event.stated_at else ""
            label = f"{event.label.carrier_typed} {event.label.number_typed}"
            said = f"{label}, {event.method}, {event.ship:%m-%d}{stated}"
            return f"{event.subject}/{event.package} is {said}"
        case Place():
            facts = event.facts
            promised = f", promised {facts.promised:%m-%d}" if facts.promised else ""
            value = f", {facts.value} USD" if facts.value else ""
            placed = f"{facts.placed_at:%m-%d %H:%M}"
            return f"{event.subject} placed {placed}, {facts.category}{promised}{value}"
        case Deliver():
            return f"{event.subject} scanned: {', '.join(map(_told_scan, event.scans))}"
        case _:
            return f"{type(event).__name__} {event.subject}"


def _told_scan(scan: Reported) -> str:
    said = [f"{scan.kind} {scan.occurred_at:%Y-%m-%d %H:%M:%S}"]
    said += [f"{scan.code} undone"] if scan.retracts else [scan.code]
    said += [] if scan.physical == "yes" else [f"physical: {scan.physical}"]
    said += [] if scan.trust == "offset" else [f"time by {scan.trust}"]
    said += [f"by {scan.carrier}"]
    said += [f"also {scan.linked}"] if scan.linked else []
    said += [f"id {scan.unique_id}"] if scan.unique_id else []
    said += ["partner"] if scan.partner else []
    said += ["test"] if scan.test else []
    return " ".join(filter(None, said))
