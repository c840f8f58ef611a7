"""Erasures: what an operator had erased, and the receipt that says so without repeating it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from vtr.domain.packages import Confirmation

WRITERS_END = timedelta(minutes=16)
"""No function runs longer than 15 minutes. Whoever read something before it was cleared, and might
write it back, has ended after this time."""

BACKUPS_DAYS = 35
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html"""
LOGS_DAYS = 400
"""By default: audit lines are kept as long as the stack's ``AuditDays``, the others shorter."""
MESSAGES_DAYS = 14
DELIVERIES_DAYS = 65
SILENT_DAYS = 65
"""What the bucket lets expire it keeps for another 35 days, hidden."""
UPLOADS_DAYS = 2
RESPONSES_HOURS = 24

NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in an emptied claim for every time that was said."""


class Subject(StrEnum):
    """What is erased."""

    ORDER = "order"
    ACCOUNT = "account"
    NUMBER = "number"


class Remainder(NamedTuple):
    """What an erasure leaves, and until when; None for what has no end."""

    what: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The receipt of one erasure; it is unfinished while ``ended_at`` is None.

    ``digest`` identifies the subject to whoever knows it, and tells nobody else. ``account`` is
    empty for a number, which belongs to none. ``erased`` counts by place.
    """

    subject: Subject
    digest: str
    by: str
    began_at: datetime
    account: str = ""
    ended_at: datetime | None = None
    erased: Mapping[str, int] = field(default_factory=dict)
    stays: tuple[Remainder, ...] = ()


def digest_of(subject: Subject, *names: str) -> str:
    """Return the digest of a subject: ``order``, account and order id; or ``number``, number."""
    return hashlib.sha256("\n".join((subject, *names)).encode()).hexdigest()


def remainders(subject: Subject, began_at: datetime, ended_at: datetime) -> tuple[Remainder, ...]:
    """Return what is left after an erasure, and until when.

    Copies count from its end: what was erased last may have been copied just before. Nothing new
    was written of an order or an account once the erasure had begun.
    """
    bodies = [
        Remainder("bodies in messages and dead letters", _after(began_at, MESSAGES_DAYS)),
        Remainder("bodies still in transit under deliveries/", _after(began_at, DELIVERIES_DAYS)),
        Remainder("tracking numbers in lists of silent parcels", _after(began_at, SILENT_DAYS)),
        Remainder("evidence of scans: it is the carrier's, of a number, without a person", None),
    ]
    if subject is Subject.NUMBER:
        return (*bodies, Remainder("what sellers said of the number", None))
    copies = [
        Remainder("backups of the tables", _after(ended_at, BACKUPS_DAYS)),
        Remainder(
            "ids in audit lines, unless AuditDays is set otherwise", _after(ended_at, LOGS_DAYS)
        ),
        Remainder(
            "responses kept for an Idempotency-Key", ended_at + timedelta(hours=RESPONSES_HOURS)
        ),
        Remainder("parts of reports that were never finished", _after(ended_at, UPLOADS_DAYS)),
    ]
    if subject is Subject.ACCOUNT:
        copies.append(Remainder("who made and revoked which key", None))
    return (*copies, *bodies)


def _after(moment: datetime, days: int) -> datetime:
    return moment + timedelta(days=days)


def emptied(claim: Confirmation) -> Confirmation:
    """Return a claim without what was said: which package and which revision are left."""
    return Confirmation(
        account=claim.account,
        policy=claim.policy,
        order_id=claim.order_id,
        package_id=claim.package_id,
        shard=claim.shard,
        revision=claim.revision,
        placed_at=NO_MOMENT,
        category=claim.category,
        carrier_stated="",
        carrier=None,
        number_stated="",
        tracking_number="",
        ship_date=NO_MOMENT.date(),
        confirmed_at=NO_MOMENT,
    )


class Days(NamedTuple):
    """A range of days, both included."""

    first: date
    last: date

    def spanning(self, other: "Days") -> "Days":
        return Days(min(self.first, other.first), max(self.last, other.last))
