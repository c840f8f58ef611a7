"""How much an account may ask for in a minute of the clock, and how that is shared out.

Each execution environment counts by itself: the first allotment of a minute is free, each further
one is taken from what the account has left in all environments together. So quiet accounts cost
nothing, and busy ones a write for each allotment.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

MINUTE = 60
ALLOTMENTS = 50
"""What a limit is cut into. With N environments at most N allotments more than the limit get
through, for at most ``ALLOTMENTS + N`` writes a minute."""


class Metered(StrEnum):
    REQUESTS = "requests"
    LINES = "lines"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """By the minute: requests of any kind, the lines of batches, and reports to be written."""

    requests: int = 3_000
    lines: int = 30_000
    reports: int = 20

    def of(self, metered: Metered) -> int:
        limit: int = getattr(self, metered)
        return limit


DEFAULT_LIMITS = Limits()


def allotment_of(limit: int) -> int:
    """What an environment takes at a time."""
    return ceil(limit / ALLOTMENTS)


def minute_of(now: datetime) -> int:
    """The minute of the clock, counted since the epoch."""
    return int(now.timestamp()) // MINUTE


def seconds_left(now: datetime) -> int:
    """Until the next minute begins, at least 1."""
    return MINUTE - int(now.timestamp()) % MINUTE
