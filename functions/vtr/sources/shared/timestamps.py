"""Read the times of events, and how far each is to be trusted."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from vtr.domain.scans import TimeTrust

# Outside these years a time is a placeholder or a mistake, not an event of a parcel.
_YEARS = range(2000, 2100)
_LONGEST_UNIX_TIME = 11  # digits, until the year 5138
_MARKS_OF_UTC = ("Z", "z", "+00:00", "+0000", "+00", "-00:00")
_OFFSET = re.compile(r"([+-])(\d{1,2})(?:[.:]?([0-5]\d))?", re.ASCII)


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

    Without an offset, or with one that is not to be believed, it is a wall-clock time. Midnight
    to the second on such a clock is a date: sources fill up days whose hour they do not know.
    Both are read as UTC, and trusted no further than that.
    """
    try:
        moment = datetime.fromisoformat(value)
        if believe_offset and moment.tzinfo is not None:
            moment, trust = moment.astimezone(UTC), TimeTrust.OFFSET
        else:
            moment = moment.replace(tzinfo=UTC)
            trust = TimeTrust.DATE if moment.time() == time.min else TimeTrust.LOCAL
    except (ValueError, OverflowError):
        return None
    return Moment(moment, trust) if moment.year in _YEARS else None


def read_unplaced_time(value: str) -> Moment | None:
    """Read a time that some sources mark as UTC although they know no zone for it.

    A mark of UTC says nothing, so the clock may be that of any place. Any other offset was
    written by somebody who knew it.
    """
    return read_time(value, believe_offset=not value.endswith(_MARKS_OF_UTC))


def is_midnight(moment: Moment | None) -> bool:
    return moment is not None and moment.at.time() == time.min


def read_offset(value: str) -> timedelta | None:
    """Read ``-04.00``, ``-04:00``, ``-4:00`` or ``-0400``: hours and minutes, not hundredths."""
    found = _OFFSET.fullmatch(value)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -ahead if sign == "-" else ahead
