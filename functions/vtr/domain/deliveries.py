"""A delivery: one webhook body, as a source sent it and as it was accepted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDelivery:
    """A webhook body as it was accepted; ``delivery_id`` is the same for the same bytes.

    ``account``: whose own source sent it, empty for one of the marketplace's.
    """

    source: str
    body: bytes
    delivery_id: str
    received_at: datetime
    account: str = ""
