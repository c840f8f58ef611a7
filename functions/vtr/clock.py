"""The one place that reads the clock; everything else is told what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
