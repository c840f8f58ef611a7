"""Times in responses."""

from datetime import UTC, datetime
from typing import Annotated, overload

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True, examples=["2026-10-20T18:04:00Z"])]
"""RFC 3339, in UTC and to the second."""


@overload
def moment(at: datetime) -> datetime: ...
@overload
def moment(at: None) -> None: ...
@overload
def moment(at: datetime | None) -> datetime | None: ...
def moment(at: datetime | None) -> datetime | None:
    """Return a time in UTC and to the second, as every time is shown."""
    return at.astimezone(UTC).replace(microsecond=0) if at else None
