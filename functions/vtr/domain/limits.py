"""How much an account may have, and request in a clock minute, and how environments share that.

Each execution environment counts by itself: the first allotment of a minute is free, each further
one is taken from a counter that all environments share. So quiet accounts cost nothing, and busy
ones one write per allotment.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

MINUTE = 60
ALLOTMENTS = 50
"""How many allotments a limit is cut into. N environments exceed the limit by at most N allotments,
with at most ``ALLOTMENTS + N`` writes a minute."""


class Metered(StrEnum):
    REQUESTS = "requests"
    LINES = "lines"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits per minute: requests of any kind, lines of batches, and reports to be written.

    ``categories`` is how many an account may have at all: its counts, by category and day, are
    one item.
    """

    requests: int = 3_000
    lines: int = 30_000
    reports: int = 20
    categories: int = 100

    def of(self, metered: Metered) -> int:
        limit: int = getattr(self, metered)
        return limit


DEFAULT_LIMITS = Limits()

MOST_CATEGORIES = 200
"""What the limit of categories may be raised to: more of them would not fit into that item."""


def allotment_of(limit: int) -> int:
    """Return how much an environment takes at a time."""
    return ceil(limit / ALLOTMENTS)


def minute_of(now: datetime) -> int:
    """Return the clock minute, counted since the epoch."""
    return int(now.timestamp() // MINUTE)


def seconds_left(now: datetime) -> int:
    """Return the seconds until the next minute, at least 1."""
    return MINUTE - int(now.timestamp() % MINUTE)
