"""A scan: one event that a carrier reports about one of its numbers, whatever source told it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Physical(StrEnum):
    """Whether a scan proves that somebody held the package.

    Only ``YES`` counts. A code that no table knows is ``AMBIGUOUS``: it is kept, so that a later
    table can judge it again, and it proves nothing until then.
    """

    YES = "yes"
    NO = "no"
    AMBIGUOUS = "ambiguous"


class PhysicalBy(StrEnum):
    """Who held the package: the carrier whose scan this is, or a partner that hands over to it."""

    CARRIER = "carrier"
    PARTNER = "partner"


class TimeTrust(StrEnum):
    """How far ``Scan.occurred_at`` is to be trusted.

    ``OFFSET``: the source gave the offset to UTC. ``LOCAL``: the source gave a wall-clock time
    without an offset, read as UTC (wrong by up to 14 hours). ``DATE``: only the day is known,
    read as its first moment in UTC. ``REPORTED``: the source gave no time at all, so this is when
    it told of the event, which was earlier.
    """

    OFFSET = "offset"
    LOCAL = "local"
    DATE = "date"
    REPORTED = "reported"


class Milestone(StrEnum):
    """What a scan means for the journey, in the words that all sources are translated to."""

    LABEL_CREATED = "label_created"
    PICKUP_SCHEDULED_OR_CANCELLED = "pickup_scheduled_or_cancelled"
    PARTNER_ACCEPTED = "partner_accepted"
    PARTNER_ARRIVED = "partner_arrived"
    PARTNER_DEPARTED = "partner_departed"
    PARTNER_PROCESSED = "partner_processed"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    RETURN_INITIATED = "return_initiated"
    RETURNING = "returning"
    RETURNED = "returned"
    EXCEPTION = "exception"
    EXCEPTION_DAMAGE_LOSS = "exception_damage_loss"
    ADMIN_UPDATE = "admin_update"
    VOIDED = "voided"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One event of one carrier about one number, translated from a source's words.

    ``carrier`` is the canonical code, ``tracking_number`` normalised (0-9 A-Z). ``codes`` are the
    source's own, the one the judgement rests on first. ``occurred_at`` is when it happened by the
    carrier's account, aware and in UTC. ``event_key`` is the same for every report of the same
    event. ``unique_id`` is the carrier's own name for this use of a number it uses again.
    ``other_numbers`` are further numbers of the same parcel that the source names with it,
    normalised. ``place`` is where it happened, as the source writes it; ``location`` the least of
    that which tells places apart: country and postal code (``US 38118``), else city and state.
    ``retracts`` is the code of an earlier scan that this one takes back. ``test`` marks a scan
    from a source's test mode: it is shown, and never counts.
    """

    carrier: str
    tracking_number: str
    codes: tuple[str, ...]
    milestone: Milestone
    physical: Physical
    occurred_at: datetime
    event_key: str
    source: str
    physical_by: PhysicalBy = PhysicalBy.CARRIER
    time_trust: TimeTrust = TimeTrust.OFFSET
    place: str = ""
    location: str = ""
    other_numbers: tuple[str, ...] = ()
    unique_id: str = ""
    retracts: str = ""
    test: bool = False
