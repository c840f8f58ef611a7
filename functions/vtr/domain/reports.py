"""Reports: the jobs, their progress, and the cells of a line."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from vtr.domain.packages import Confirmation, RowKey
from vtr.domain.retention import ARCHIVE_MARGIN
from vtr.domain.seller_messages import explain, what_to_do
from vtr.domain.verdict import Reason, State, Verdict

DOCUMENT_LIFETIME = timedelta(days=30)
"""How long a document can be downloaded; the bucket's lifecycle in ``infra/data.yaml`` agrees."""


class ReportStatus(StrEnum):
    """The progress of a report. ``EXPIRED`` is never stored: time alone makes it of ``DONE``."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    ERASED = "erased"
    """Its document was deleted, because a package in it was erased."""


ENDED = frozenset({ReportStatus.DONE, ReportStatus.FAILED, ReportStatus.ERASED})
"""Nothing is written any more of a report in one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The progress of writing a report: what is uploaded, and the last row in it.

    ``bytes`` counts the document's bytes, ``text_bytes`` those of its uncompressed text; ``crc`` is
    the text's CRC-32. Length and CRC end a gzip stream.
    """

    upload_id: str
    parts: tuple[str, ...] = ()
    after: RowKey | None = None
    rows: int = 0
    bytes: int = 0
    text_bytes: int = 0
    crc: int = 0

    def summing(self, crc: int, text_bytes: int) -> "Checkpoint":
        return replace(self, crc=crc, text_bytes=self.text_bytes + text_bytes)

    def going_on(self, after: RowKey, rows: int) -> "Checkpoint":
        return replace(self, after=after, rows=self.rows + rows)

    def with_part(self, tag: str, size: int) -> "Checkpoint":
        return replace(self, parts=(*self.parts, tag), bytes=self.bytes + size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A requested report: the packages of these anchor days, both included."""

    id: str
    account: str
    first_day: date
    last_day: date
    requested_at: datetime
    category: str | None = None
    status: ReportStatus = ReportStatus.QUEUED
    rows: int = 0
    bytes: int = 0
    finished_at: datetime | None = None
    checkpoint: Checkpoint | None = None

    def status_at(self, now: datetime) -> ReportStatus:
        """Return the status; at the end of its lifetime the document counts as gone."""
        until = self.document_until
        return ReportStatus.EXPIRED if until is not None and until <= now else self.status

    @property
    def document_until(self) -> datetime | None:
        """The end of the document's lifetime; None while there is no document."""
        if self.status is not ReportStatus.DONE or self.finished_at is None:
            return None
        return self.finished_at + DOCUMENT_LIFETIME

    @property
    def expires_at(self) -> datetime:
        """When the store may forget the job: its document has expired before."""
        return self.requested_at + DOCUMENT_LIFETIME + ARCHIVE_MARGIN

    @property
    def document_key(self) -> str:
        return f"reports/{self.account}/{self.id}.csv"

    @property
    def filename(self) -> str:
        return f"tracking-report-{self.first_day}-{self.last_day}.csv"


COLUMNS = (
    "Order ID",
    "Package ID",
    "Carrier",
    "Tracking ID",
    "Category",
    "Ship date",
    "Promised delivery date",
    "First physical scan",
    "Delivered",
    "Cancelled",
    "No Valid Tracking",
    "State",
    "Reason",
    "Explanation",
    "What to do",
)

_UNVERIFIED = frozenset({State.PENDING, State.UNCONFIRMED})

_FORMULA_STARTS = frozenset("=+-@\t\r")
"""A cell that a spreadsheet would run as a formula is quoted, so that it stays text."""


def report_line(confirmation: Confirmation, verdict: Verdict) -> tuple[str, ...]:
    """Return the cells of one package, in the order of ``COLUMNS``.

    As in the marketplace's own report, an unreadable number shows as ``<order>-InvalidId``, and a
    package without a verified number has an ``X`` under ``No Valid Tracking``.
    """
    first = verdict.first_physical_scan
    delivered = verdict.delivered
    invalid_id = verdict.reason is Reason.INVALID_ID
    cells = (
        confirmation.order_id,
        confirmation.package_id,
        confirmation.carrier_stated,
        f"{confirmation.order_id}-InvalidId" if invalid_id else confirmation.number_stated,
        confirmation.category,
        confirmation.ship_date.isoformat(),
        _day(confirmation.promised_delivery_date),
        _moment(first.at if first else None),
        _moment(delivered.at if delivered else None),
        _moment(confirmation.cancelled_at),
        "X" if verdict.state in _UNVERIFIED else "",
        verdict.state,
        verdict.reason,
        explain(confirmation, verdict),
        what_to_do(confirmation, verdict),
    )
    return tuple([f"'{cell}" if cell[:1] in _FORMULA_STARTS else cell for cell in cells])


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment.isoformat()[:19]}Z" if moment else ""
