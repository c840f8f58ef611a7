"""Times as they are answered."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True, examples=["2026-10-20T18:04:00Z"])]
"""RFC 3339, in UTC and to the second."""
