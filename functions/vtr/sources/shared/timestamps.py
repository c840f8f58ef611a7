"""Read the times of events, and how far each is to be trusted."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from vtr.domain.scans import TimeTrust

# Outside these years a time is a placeholder or a mistake, not an event of a parcel.
_YEARS = range(2000, 2100)
_LONGEST_DATE = len("2026-11-20")
_LONGEST_UNIX_TIME = 11  # digits, until the year 5138


class Moment(NamedTuple):
    """When an event happened, in UTC."""

    at: datetime
    trust: TimeTrust


def read_unix_time(seconds: str) -> Moment | None:
    """Read a time in whole Unix seconds; ``None`` if it is none, or none of these years."""
    readable = seconds.isascii() and seconds.isdecimal() and len(seconds) <= _LONGEST_UNIX_TIME
    moment = datetime.fromtimestamp(int(seconds), UTC) if readable else None
    return Moment(moment, TimeTrust.OFFSET) if moment and moment.year in _YEARS else None


def read_time(value: str, *, believe_offset: bool = True) -> Moment | None:
    """Read an ISO 8601 time; ``None`` if it is none, or none that a parcel's event can have.

    Without an offset, or with one that is not to be believed, it is a wall-clock time; without a
    time of day a date. Both are read as UTC, and trusted no further than that.
    """
    try:
        moment = datetime.fromisoformat(value)
        if believe_offset and moment.tzinfo is not None:
            moment, trust = moment.astimezone(UTC), TimeTrust.OFFSET
        else:
            moment = moment.replace(tzinfo=UTC)
            trust = TimeTrust.DATE if len(value) <= _LONGEST_DATE else TimeTrust.LOCAL
    except (ValueError, OverflowError):
        return None
    return Moment(moment, trust) if moment.year in _YEARS else None


def read_offset(value: str) -> timedelta | None:
    """Read ``-04.00`` or ``-04:00``: hours and minutes, not hours and hundredths."""
    sign, hours, minutes = value[:1], value[1:3], value[4:6]
    if sign not in {"+", "-"} or not (hours + minutes).isdecimal() or len(value) != len("-04.00"):
        return None
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return -ahead if sign == "-" else ahead
