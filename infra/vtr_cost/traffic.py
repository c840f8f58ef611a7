"""What is asked of the system, and what one day of it adds up to. All assumptions are here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, exp

from vtr.domain.partitioning import cooldown_of, shards_for
from vtr.domain.policies import all_versions

DAY = 86_400
WINDOW_DAYS = 30
"""Days of packages that the nightly reconcile reads again, under the shipped policy."""
KEPT_DAYS = 38
"""Buckets per shard that the nightly reconcile requests: the window and the days ahead."""

SILENCE_DAYS, SILENCE_RUNS = 8, 4
"""Days of packages that the silence watch reads, and its runs a day."""

SLOT_SECONDS, DELAY_SECONDS = 20, 40
"""The template's defaults."""

BATCH, BATCH_SECONDS, POLLERS = 100, 5, 5
"""The template's batches of scans: what each of Lambda's five pollers gathers in five seconds."""

CHANGES_A_PACKAGE = 2
"""Changes that require a recount: submission and first physical scan."""

ACTIVE_SECONDS = 36 * 3600
"""The time over which a day's packages are submitted and first scanned, evenly."""

PEAK = 4
"""The ratio of the busiest second to the day's mean."""

ROWS_A_SECOND = 10_000
"""Rows that one function of 1,769 MB reads and counts; assumed, not measured on AWS."""

MILLISECONDS: Mapping[str, float] = {
    "submit": 40,
    "ingest": 12,
    "record": 25,
    "recount": 60,
    "read": 20,
}
"""Run time for one request, body or bucket, besides the rows it counts; assumed."""

ARCHIVED_BYTES_A_SCAN = 250
ENDED_BYTES_A_PACKAGE, ENDED_DAYS_LIFE = 125, 730
"""A package's compressed line in the archive of its day, measured; and the template's default."""

MONTHS_KEPT = max(version.retention_months for version in all_versions()) + 1
"""The longest retention of the shipped policies, and the month until what is stored expires."""

ANSWER_BYTES = {"submit": 900, "webhook": 60, "rate": 2_500, "page": 40_000, "report_row": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The load of a day: packages, and what sellers do besides: read, list, edit, report."""

    packages: float
    accounts: int = 0
    scans_a_package: float = 8
    lines_a_submission: float = 1
    scans_a_body: float = 1
    edited: float = 0.03
    rates_an_account: float = 48
    pages_an_account: float = 10
    reports_an_account: float = 1 / 7
    months_kept: int = MONTHS_KEPT

    @property
    def sellers(self) -> int:
        """The number of accounts; by default one for 1,000 packages a day."""
        return self.accounts or max(1, round(self.packages / 1000))

    @property
    def submissions(self) -> float:
        return self.packages * (1 + self.edited) / self.lines_a_submission

    @property
    def bodies(self) -> float:
        return self.packages * self.scans_a_package / self.scans_a_body

    @property
    def bodies_a_batch(self) -> float:
        """The bodies that one function records, at the day's mean."""
        return min(max(self.bodies / DAY * BATCH_SECONDS / POLLERS, 1), BATCH)

    @property
    def reads(self) -> float:
        """Requests for rates, pages of packages and reports."""
        asked = self.rates_an_account + self.pages_an_account + 3 * self.reports_an_account
        return self.sellers * asked

    @property
    def buckets(self) -> int:
        """The buckets of a day's packages: each is a file in the archive, in the end."""
        return self.sellers * shards_for([ceil(self.packages / self.sellers)], 1)

    @property
    def recounts(self) -> "Recounts":
        return recounts_of(self.packages / self.sellers).times(self.sellers)


@dataclass(frozen=True, slots=True)
class Recounts:
    """A day's recounts: buckets counted, rows and roll-ups read, and the nightly reconcile.

    ``messages``: what the queue delivers of them; some find their bucket counted already.
    """

    counts: float
    messages: float
    rows: float
    rollups: float
    asked: float
    reconciles: float
    reconciled_rows: float

    def times(self, accounts: int) -> "Recounts":
        return Recounts(*(getattr(self, name) * accounts for name in self.__slots__))


def recounts_of(packages: float) -> Recounts:
    """Return a day's recounts of one account with this many packages a day.

    A bucket that changes is counted once per delay or cooldown, whichever is longer: a count takes
    in all that changed while its request was delayed. The bucket is taken to be full from the
    start: the figures are upper bounds.
    """
    shards = shards_for([ceil(packages)], 1)
    rows = packages / shards
    changes = rows * CHANGES_A_PACKAGE
    rest = cooldown_of(round(rows), timedelta(seconds=SLOT_SECONDS))
    interval = max(DELAY_SECONDS, rest.total_seconds())
    chances = ACTIVE_SECONDS / interval
    counts = shards * chances * (1 - exp(-changes / chances))
    slots = ACTIVE_SECONDS / SLOT_SECONDS
    return Recounts(
        counts=counts,
        messages=max(counts, shards * slots * (1 - exp(-changes / slots))),
        rows=counts * rows,
        rollups=counts * shards,
        asked=packages * CHANGES_A_PACKAGE,
        reconciles=KEPT_DAYS * shards,
        reconciled_rows=WINDOW_DAYS * packages,
    )
