"""What a month costs, by service, and what simpler designs would cost."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from vtr.use_cases.roll_over_days import ARCHIVE_NIGHTS
from vtr_cost.prices import Price, Units, item_bytes, log_bytes, operation
from vtr_cost.traffic import (
    ANSWER_BYTES,
    ARCHIVED_BYTES_A_SCAN,
    CHANGES_A_PACKAGE,
    ENDED_BYTES_A_PACKAGE,
    ENDED_DAYS_LIFE,
    MILLISECONDS,
    ROWS_A_SECOND,
    SILENCE_DAYS,
    SILENCE_RUNS,
    WINDOW_DAYS,
    Traffic,
)

MONTH = 30
GB = 1e9
SMALL_GB, LARGE_GB = 512 / 1024, 1769 / 1024
"""The functions' memory, from the template."""

INDEX_BYTES = 100
"""The overhead that DynamoDB bills for each stored item."""

SOURCES_A_BATCH = 4
"""Sources whose bodies come in one batch, each of which is archived by itself; assumed."""

MESSAGES_A_CALL = 10
"""Messages that one call to SQS receives or deletes, at most."""

POLLED_QUEUES, POLLS_A_DAY = 4, 5 * 3 * 60 * 24
"""Lambda runs five pollers per queue, each polling every 20 seconds."""

METRICS, SECRETS = 43, 5
ALARM_METRICS = 68
"""An alarm is billed by the metrics that it reads."""
SCHEDULED_A_DAY = 288 + 48
LOG_MONTHS, AUDIT_MONTHS = 3, 13
"""How long logs are kept, and those of the functions whose callers are audited."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One billed item of a month."""

    price: Price
    what: str
    quantity: float

    @property
    def usd(self) -> float:
        return self.price.of(self.quantity)


@dataclass(frozen=True, slots=True)
class Design:
    """A design of the system, by its monthly use of DynamoDB."""

    name: str
    units: Units


def month(traffic: Traffic, prices: Mapping[str, Price]) -> list[CostLine]:
    """Return every line of a month's bill, at first-tier prices and without free tiers."""
    lines = [*_tables(traffic), *_calls(traffic), *_logs(traffic), *_kept(traffic), *_fixed()]
    return [CostLine(prices[name], what, quantity) for name, what, quantity in lines]


def by_service(lines: list[CostLine]) -> dict[str, float]:
    """Return the dollars of each service, the most expensive first."""
    sums: dict[str, float] = defaultdict(float)
    for line in lines:
        sums[line.price.service] += line.usd
    return dict(sorted(sums.items(), key=lambda entry: -entry[1]))


def designs(traffic: Traffic) -> list[Design]:
    """Return this design and three simpler ones, with their DynamoDB writes and reads."""
    ours, counting = _units(traffic), _counting(traffic)
    without = Units(ours.writes - counting.writes, ours.reads - counting.reads)
    packages = traffic.packages * MONTH
    life = operation("a package's life").writes
    blind = 2 * (1 + traffic.scans_a_package)  # parcel and package, at each event
    # A row and its counter in one transaction: two items, at twice the price.
    counters = life + CHANGES_A_PACKAGE * (2 * 2 - 1)
    rescans = traffic.recounts.rows * (WINDOW_DAYS - 1) * MONTH * _reads_a_row()
    return [
        Design("as built", ours),
        Design(
            "every event written to parcel and package",
            Units(ours.writes + packages * (blind - life), ours.reads),
        ),
        Design(
            "counters in transactions, no recounts",
            Units(without.writes + packages * (counters - life), without.reads),
        ),
        Design("the whole window read at each recount", Units(ours.writes, ours.reads + rescans)),
    ]


def _units(traffic: Traffic) -> Units:
    lines = list(_tables(traffic))
    return Units(
        sum(quantity for name, _, quantity in lines if name == "dynamodb_write"),
        sum(quantity for name, _, quantity in lines if name == "dynamodb_read"),
    )


def _tables(traffic: Traffic) -> Iterator[tuple[str, str, float]]:
    packages, sellers = traffic.packages * MONTH, traffic.sellers * MONTH
    life, edit = operation("a package's life"), operation("edit of the number")
    duplicate = operation("a duplicate of any").reads * (traffic.scans_a_package - 8)
    rate, page = operation("rate").reads, operation("a page of 50 packages").reads
    report = operation("report of 100 packages").reads / 100
    counting, night = _counting(traffic), _night(traffic)
    yield "dynamodb_write", "packages", packages * life.writes
    yield "dynamodb_write", "edits", packages * traffic.edited * edit.writes
    yield "dynamodb_write", "recounts", counting.writes
    yield "dynamodb_read", "packages", packages * (life.reads + max(0, duplicate))
    yield "dynamodb_read", "edits", packages * traffic.edited * edit.reads
    yield "dynamodb_read", "recounts", counting.reads
    yield "dynamodb_read", "the nightly reconcile", night.reads
    yield (
        "dynamodb_read",
        "rates and lists",
        sellers * (traffic.rates_an_account * rate + traffic.pages_an_account * page),
    )
    yield "dynamodb_read", "the watch over silence", _watched(traffic) * MONTH * _reads_a_row()
    rows = packages * 7 * traffic.reports_an_account
    yield "dynamodb_read", "reports of a week", rows * report
    archive = operation("archive of 100 packages").reads / 100
    yield "dynamodb_read", "the archive of ended days", packages * archive


def _counting(traffic: Traffic) -> Units:
    done, one = traffic.recounts, operation("recount of one package")
    rollup = item_bytes()["RatesTable"] / 4096
    nothing = operation("recount, nothing changed").reads
    reads = done.counts * one.reads + done.rows * _reads_a_row() + done.rollups * rollup
    reads += (done.messages - done.counts) * nothing
    return Units(done.counts * one.writes * MONTH, reads * MONTH)


def _night(traffic: Traffic) -> Units:
    done, nothing = traffic.recounts, operation("recount, nothing changed").reads
    a_row = (operation("reconcile of 100 packages").reads - nothing) / 100
    return Units(0, (done.reconciles * nothing + done.reconciled_rows * a_row) * MONTH)


def _watched(traffic: Traffic) -> float:
    """Return the rows that the silence watch reads in a day."""
    return traffic.packages * SILENCE_DAYS * SILENCE_RUNS


def _reads_a_row() -> float:
    return item_bytes()["PackagesTable"] / 4096


def _calls(traffic: Traffic) -> Iterator[tuple[str, str, float]]:
    done = traffic.recounts
    counts = done.messages + done.reconciles
    requests = (traffic.submissions + traffic.bodies + traffic.reads) * MONTH
    small = (
        traffic.submissions * MILLISECONDS["submit"]
        + traffic.bodies * (MILLISECONDS["ingest"] + MILLISECONDS["record"])
        + traffic.reads * MILLISECONDS["read"]
    ) / 1000
    large = (
        counts * MILLISECONDS["recount"] / 1000
        + (done.rows + 2 * done.reconciled_rows + done.rollups + _watched(traffic)) / ROWS_A_SECOND
        + 3 * traffic.packages / ROWS_A_SECOND
    )
    batches = requests + (traffic.bodies / traffic.bodies_a_batch + counts) * MONTH
    yield "http_api", "requests", requests
    yield "lambda_request", "calls", batches
    yield "lambda_arm64", "requests and scans", small * SMALL_GB * MONTH
    yield "lambda_arm64", "recounts, reconciles, silence, ended days", large * LARGE_GB * MONTH
    polls = POLLED_QUEUES * POLLS_A_DAY * MONTH
    received = 2 * traffic.bodies / min(traffic.bodies_a_batch, MESSAGES_A_CALL)
    yield "sqs_standard", "deliveries", (traffic.bodies + received) * MONTH + polls
    yield "sqs_fifo", "recounts", (done.asked + done.reconciles / 10 + 2 * counts) * MONTH
    sent = traffic.submissions * ANSWER_BYTES["submit"] + traffic.bodies * ANSWER_BYTES["webhook"]
    sent += traffic.sellers * traffic.rates_an_account * ANSWER_BYTES["rate"]
    sent += traffic.sellers * traffic.pages_an_account * ANSWER_BYTES["page"]
    sent += traffic.packages * 7 * traffic.reports_an_account * ANSWER_BYTES["report_row"]
    yield "transfer_out", "answers", sent * MONTH / GB


def _logs(traffic: Traffic) -> Iterator[tuple[str, str, float]]:
    """Yield what is logged, as measured; recounts are taken to come one in a run."""
    size, done = log_bytes(), traffic.recounts
    requests = traffic.submissions + traffic.bodies + traffic.reads
    audited = traffic.submissions * size["submit"] * MONTH / GB
    others = (
        traffic.bodies * (size["webhook"] + size["record a delivery"])
        + traffic.bodies / traffic.bodies_a_batch * size["record run"]
        + (done.counts + done.reconciles) * (size["recount"] + size["recount run"])
        + traffic.reads * size["read"]
        + requests * size["access"]
    )
    yield "logs", "a line or two a call", audited + others * MONTH / GB
    kept = LOG_MONTHS * others * MONTH / GB + AUDIT_MONTHS * audited
    yield "logs_storage", "90 days, audited calls 400", kept


def _kept(traffic: Traffic) -> Iterator[tuple[str, str, float]]:
    sizes = item_bytes()
    tables = ("OrdersTable", "ParcelsTable", "PackagesTable")
    package = sum(sizes[table] + INDEX_BYTES for table in tables)
    stored = traffic.packages * MONTH * traffic.months_kept * package / GB
    yield "dynamodb_storage", f"{traffic.months_kept} months of packages", stored
    yield "dynamodb_history", "35 days to restore from", stored
    scans = traffic.packages * traffic.scans_a_package
    together = max(traffic.bodies_a_batch / SOURCES_A_BATCH, 1)
    yield "s3_put", "the archive", traffic.bodies / together * MONTH
    kept = 400 + 35  # as current and as former versions
    yield "s3_storage", f"{kept} days of bodies", scans * ARCHIVED_BYTES_A_SCAN * kept / GB
    files = traffic.buckets * MONTH * (1 + ARCHIVE_NIGHTS)
    yield "s3_put", "the archive of ended days", files
    ended = traffic.packages * ENDED_DAYS_LIFE * ENDED_BYTES_A_PACKAGE / GB
    yield "s3_storage", f"{ENDED_DAYS_LIFE} days of ended days", ended


def _fixed() -> Iterator[tuple[str, str, float]]:
    yield "schedule", "turns of the day and watches", ceil(SCHEDULED_A_DAY * MONTH)
    yield "metric", "of its own", METRICS
    yield "alarm", "by the metrics that they read", ALARM_METRICS
    yield "secret", "of sources", SECRETS
