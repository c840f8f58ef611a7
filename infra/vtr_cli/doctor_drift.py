"""The drift check of ``vtr doctor``: a reconcile that writes nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from random import Random

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import policy_today
from vtr.use_cases.reconcile import DriftKind, find_drift
from vtr.use_cases.recount import kept_days, rows_of
from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Finding, Status
from vtr_client.errors import InputError

ACCOUNTS, BUCKETS = 100, 20
"""The sample: at most ``BUCKETS``, drawn from those of the first ``ACCOUNTS`` accounts."""


def check_drift(found: Deployed, account: str | None, now: datetime) -> Iterator[Finding]:
    """Compare rows with orders and parcels: all of one account, or a sample of all accounts."""
    ports = found.ports
    if account is None:
        buckets = _sample(ports, now)
    elif opened := ports.accounts.get(account):
        buckets = _buckets(ports, opened, now)
    else:
        raise InputError(f"There is no account {account}.")
    drift, rows = _drift_in(ports, buckets, now)
    waiting = drift.pop(DriftKind.COUNT_WRONG, 0)
    kinds = ", ".join(f"{number} {kind}" for kind, number in drift.items()) or "none"
    yield Finding(
        "drift",
        Status.FAIL if drift else Status.OK,
        f"{kinds} in {rows} packages of {len(buckets)} buckets",
        "the next day rollover repairs it; docs/runbooks/drift.md" if drift else "",
    )
    yield Finding(
        "roll-ups",
        Status.WARN if waiting else Status.OK,
        f"{waiting} of {len(buckets)} are not the sum of their packages",
        "look again in two minutes: a recount may be waiting" if waiting else "",
    )


def _drift_in(
    ports: Ports, buckets: Sequence[BucketKey], now: datetime
) -> tuple[Counter[DriftKind], int]:
    drift: Counter[DriftKind] = Counter()
    counted = 0
    for bucket in buckets:
        rows = list(rows_of(ports, bucket))
        counted += len(rows)
        drift.update(each.kind for each in find_drift(ports, bucket, rows, now))
    return drift, counted


def _sample(ports: Ports, now: datetime) -> list[BucketKey]:
    accounts = islice(ports.accounts.all(), ACCOUNTS)
    buckets = [bucket for account in accounts for bucket in _buckets(ports, account, now)]
    draw = Random()  # noqa: S311  each run draws another sample
    return draw.sample(buckets, min(BUCKETS, len(buckets)))


def _buckets(ports: Ports, account: Account, now: datetime) -> list[BucketKey]:
    """Return the buckets that a rate may be read from and that have ever been counted."""
    days = kept_days(policy_today(ports, account, now), now)
    return list(ports.rates.buckets(account.id, days[0], days[-1]))
