"""A delivery: one webhook body, as a source sent it and as it was accepted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDelivery:
    """A webhook body as it was accepted; ``delivery_id`` is the same for the same bytes.

    ``account``: whose own source sent it; empty for the marketplace's. ``proof``: the headers that
    its authenticity was checked on, by name; no secret is among them.
    """

    source: str
    body: bytes
    delivery_id: str
    received_at: datetime
    account: str = ""
    proof: tuple[tuple[str, str], ...] = ()
