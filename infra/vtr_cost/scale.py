"""From a thousand packages a day to a hundred million: the load, and which limit comes first.

``python -m vtr_cost.scale`` prints the tables of ``docs/scale.md``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from vtr.domain.partitioning import shards_for
from vtr.use_cases.watch_silence import ACCOUNTS_A_RUN, ROUND
from vtr_cost.model import month
from vtr_cost.prices import regions
from vtr_cost.traffic import (
    CHANGES_A_PACKAGE,
    DAY,
    KEPT_DAYS,
    MILLISECONDS,
    PEAK,
    ROWS_A_SECOND,
    SILENCE_DAYS,
    Traffic,
)

SIZES = tuple(10.0**power for power in range(3, 9))
TURN_HOUR = 3600
TURN_SECONDS, TURNS_AN_HOUR = 120, 12
SENT_A_SECOND = 1_000
"""Recounts that one function requests: batches of ten, ten milliseconds each; assumed."""
SILENCE_SECONDS = 780
"""What the silence watch begins no further bucket after: its timeout, less two minutes."""

NEAR = 0.001
LARGEST_SHARE, LARGEST = 0.1, 1e6
"""The largest account sends a tenth of all packages, but at most this many a day."""


def largest(traffic: Traffic) -> float:
    """Return the packages a day of the largest account."""
    mean = traffic.packages / traffic.sellers
    return max(mean, min(traffic.packages * LARGEST_SHARE, LARGEST))


def requests_a_second(traffic: Traffic) -> float:
    return PEAK * (traffic.submissions + traffic.bodies + traffic.reads) / DAY


def webhooks_a_second(traffic: Traffic) -> float:
    """Return the requests a second to the busiest route; each route has a throttle of its own."""
    return PEAK * traffic.bodies / DAY


def writes_a_second(traffic: Traffic) -> float:
    """Return the writes to the busiest table, parcels: submission, label, first scan, delivery."""
    return PEAK * traffic.packages * 4 / DAY


def functions_at_once(traffic: Traffic) -> float:
    """Return the number of functions that run at once, by Little's law."""
    return sum(
        (
            PEAK * traffic.submissions * MILLISECONDS["submit"],
            PEAK * traffic.bodies * (MILLISECONDS["ingest"] + MILLISECONDS["record"]),
            PEAK * traffic.reads * MILLISECONDS["read"],
            PEAK * traffic.recounts.counts * MILLISECONDS["recount"],
            PEAK * traffic.recounts.rows / ROWS_A_SECOND * 1000,
            traffic.recounts.reconciled_rows * 2 / ROWS_A_SECOND * 1000 * DAY / TURN_HOUR,
        )
    ) / (DAY * 1000)


def partition_writes(traffic: Traffic) -> float:
    """Return the writes a second to the busiest partition: a shard of the largest account's day."""
    packages = largest(traffic)
    return PEAK * packages * CHANGES_A_PACKAGE / DAY / shards_for([ceil(packages)], 1)


def scan_functions(traffic: Traffic) -> float:
    """Return the functions at once that record scans."""
    return PEAK * traffic.bodies * MILLISECONDS["record"] / (DAY * 1000)


def recount_functions(traffic: Traffic) -> float:
    """Return the functions at once that count buckets by day, or that reconcile them at night."""
    done = traffic.recounts
    by_day = PEAK * (done.counts * MILLISECONDS["recount"] / 1000 + done.rows / ROWS_A_SECOND) / DAY
    return max(by_day, done.reconciled_rows * 2 / ROWS_A_SECOND / TURN_HOUR)


def fifo_calls(traffic: Traffic) -> float:
    """Return the send calls a second to the recounts queue."""
    return PEAK * traffic.recounts.asked / DAY


def turn_seconds(traffic: Traffic) -> float:
    """Return how long one day rollover takes to request recounts for a twelfth of the accounts."""
    return traffic.recounts.reconciles / TURNS_AN_HOUR / SENT_A_SECOND


def reconcile_reads(traffic: Traffic) -> float:
    """Return the order reads a second, one a row, in the hour after midnight of one time zone."""
    return traffic.recounts.reconciled_rows / TURN_HOUR


def silence_seconds(traffic: Traffic) -> float:
    """Return how long a run of the silence watch takes to read the rows of its accounts."""
    runs = min(max(ceil(traffic.sellers / ACCOUNTS_A_RUN), 1), ROUND)
    return traffic.packages / runs * SILENCE_DAYS / ROWS_A_SECOND


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota or a bound of ours, the load against it, and what to do near it."""

    name: str
    most: float
    load: Callable[[Traffic], float]
    remedy: str

    def reached_at(self) -> float:
        """Return the packages a day at which it is reached; infinite above ten billion."""
        low, high = 1.0, 1e10
        if self.load(Traffic(packages=high)) < self.most:
            return float("inf")
        while high / low > 1 + NEAR:
            middle = (low * high) ** 0.5
            low, high = (low, middle) if self.load(at(middle)) >= self.most else (middle, high)
        return high


LIMITS = (
    Limit(
        "the watch over silent carriers, twelve functions of 780 s",
        SILENCE_SECONDS,
        silence_seconds,
        "a longer round",
    ),
    Limit("functions that record scans, by the template", 50, scan_functions, "ScansConcurrency"),
    Limit("functions that recount, by the template", 50, recount_functions, "RecountsConcurrency"),
    Limit(
        "API Gateway, webhooks a second by the template",
        1_000,
        webhooks_a_second,
        "raise ThrottlingRateLimit",
    ),
    Limit("API Gateway, requests a second", 10_000, requests_a_second, "quota"),
    Limit("Lambda, functions at once", 1_000, functions_at_once, "quota"),
    Limit("DynamoDB, writes a second to a table", 40_000, writes_a_second, "quota"),
    Limit(
        "DynamoDB, reads a second of the orders, at night",
        40_000,
        reconcile_reads,
        "quota, or a longer night",
    ),
    Limit("DynamoDB, writes a second to a partition", 1_000, partition_writes, "more shards"),
    Limit("SQS FIFO, calls a second in us-east-1", 70_000, fifo_calls, "batch submissions"),
    Limit("the turn of the day, one function of 120 s", TURN_SECONDS, turn_seconds, "more slices"),
)


def at(packages: float) -> Traffic:
    return Traffic(packages=packages)


def loads() -> Iterator[Sequence[str]]:
    """Yield one row per size: what the parts of the system carry in the busiest second."""
    for packages in SIZES:
        traffic = at(packages)
        big = largest(traffic)
        dollars = sum(line.usd for line in month(traffic, regions()["us-east-1"]))
        yield (
            power(packages),
            f"{traffic.sellers:,}",
            rounded(requests_a_second(traffic)),
            rounded(writes_a_second(traffic)),
            rounded(fifo_calls(traffic)),
            rounded(functions_at_once(traffic)),
            rounded(reconcile_reads(traffic)),
            f"{shards_for([ceil(big)], 1)}",
            rounded(partition_writes(traffic)),
            f"{KEPT_DAYS * shards_for([ceil(big)], 1):,}",
            rounded(dollars),
        )


LOADS = (
    "packages a day",
    "accounts",
    "requests/s",
    "writes/s to parcels",
    "recounts asked/s",
    "functions at once",
    "reads/s at night",
    "shards of the largest account",
    "its writes/s a partition",
    "its buckets",
    "$ a month",
)
REACHED = ("limit", "by default", "reached at, packages a day", "then")


def reached() -> Iterator[Sequence[str]]:
    """Yield the limits, the one that is reached first at the top."""
    for limit in sorted(LIMITS, key=Limit.reached_at):
        yield limit.name, f"{limit.most:,}", rounded(limit.reached_at()), limit.remedy


def rounded(number: float) -> str:
    """Round to two significant digits, which is all that a model of this kind supports."""
    if number == float("inf"):
        return "never"
    if number < 1:
        return "< 1"
    digits = len(str(int(number)))
    return f"{int(round(number, 2 - digits)):,}"


def power(number: float) -> str:
    return f"10^{len(str(int(number))) - 1}"


def markdown(columns: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (columns, ["---"] * len(columns), *rows)]
    return "\n".join(lines).replace("| --- ", "|---").replace("--- |", "---|")


def tables() -> str:
    return f"{markdown(LOADS, loads())}\n\n{markdown(REACHED, reached())}"


if __name__ == "__main__":
    print(tables())  # noqa: T201 - a command
