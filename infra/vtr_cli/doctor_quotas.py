"""What an AWS account allows: Lambda's functions at once."""

from collections.abc import Iterator
from datetime import datetime

from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Finding, Status

CONCURRENCY = 1_000
"""AWS gives this many functions at once by default, and new accounts fewer.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


def check_concurrency(found: Deployed, _: datetime) -> Iterator[Finding]:
    """Check that what works off queues leaves functions for webhooks and sellers."""
    settings = found.client("lambda").get_account_settings()
    limit = settings["AccountLimit"]["ConcurrentExecutions"]
    few = limit < CONCURRENCY
    yield Finding(
        "concurrency",
        Status.WARN if few else Status.OK,
        f"{limit} functions at once in this account and region",
        f"ask AWS for {CONCURRENCY}, or deploy with less of ScansConcurrency and its like"
        if few
        else "",
    )
