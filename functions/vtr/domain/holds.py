"""Holds: an open appeal keeps an order, and all evidence of its packages, beyond its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class HoldEvent(StrEnum):
    PLACED = "placed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChange:
    """What was done to an order's hold, when, and by whom; ``reason`` is for people to read."""

    at: datetime
    account: str
    order_id: str
    event: HoldEvent
    by: str
    until: date | None = None
    reason: str = ""


def holds_in(changes: Iterable[HoldChange]) -> list[HoldChange]:
    """Return the last change of each order that was placed and not removed, soonest end first."""
    latest = {change.order_id: change for change in sorted(changes, key=lambda each: each.at)}
    placed = [each for each in latest.values() if each.event is HoldEvent.PLACED]
    return sorted(placed, key=lambda each: (each.until or date.max, each.order_id))
