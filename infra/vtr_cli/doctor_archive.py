"""The archive check of ``vtr doctor``: days that have ended and are in no file."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.retention import ARCHIVE_MARGIN
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import days_ended
from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Finding, Status

ACCOUNTS = 100
"""Accounts that are looked at, unless one is named."""

A_NIGHT = timedelta(days=1)


def check_archive(found: Deployed, account: str | None, now: datetime) -> Iterator[Finding]:
    """Check that each bucket that ended before last night, and had packages, is archived."""
    ports = found.ports
    accounts = [a for a in ports.accounts.all() if account in {None, a.id}]
    missing = [
        bucket for each in islice(accounts, ACCOUNTS) for bucket in _missing(ports, each, now)
    ]
    named = ", ".join(f"{bucket.account} {bucket.day}" for bucket in missing[:3])
    yield Finding(
        "ended days",
        Status.FAIL if missing else Status.OK,
        f"{len(missing)} buckets are not archived: {named}" if missing else "all are archived",
        "docs/operations.md, Retention: archive them before they expire" if missing else "",
    )


def _missing(ports: Ports, account: Account, now: datetime) -> list[BucketKey]:
    days = days_ended(ports, account, now - A_NIGHT, (ARCHIVE_MARGIN - A_NIGHT).days)
    if not days:
        return []
    counted = ports.rates.buckets(account.id, days[0], days[-1])
    archived = ports.ended_days.buckets(account.id, days[0], days[-1])
    had_packages = {bucket for bucket, counts in counted.items() if counts}
    return sorted(had_packages - archived)
