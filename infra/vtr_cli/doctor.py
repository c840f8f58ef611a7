"""``vtr doctor``: check everything that a stack depends on, and say what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from vtr_cli.deployed import Deployed, deployed
from vtr_cli.doctor_alarms import ALARM_CHECKS
from vtr_cli.doctor_archive import check_archive
from vtr_cli.doctor_checks import CHECKS, Check, Finding, Status
from vtr_cli.doctor_data import check_protection
from vtr_cli.doctor_drift import check_drift
from vtr_cli.doctor_quarantine import check_quarantine
from vtr_cli.doctor_quotas import check_concurrency
from vtr_cli.target import JsonOption, StackOption
from vtr_client.console import output, print_json, table

STYLES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


def doctor(
    *,
    account: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Look for drift in every bucket of this account, not in a sample of all.",
        ),
    ] = None,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Check the stack: queues, schedules, policies, secrets, tables, quarantine, drift, alarms.

    Nothing is changed. The exit code is 1 when something FAILs.
    """
    with deployed(stack) as found:
        findings = list(examine(found, account, datetime.now(UTC)))
    healthy = all(finding.status is not Status.FAIL for finding in findings)
    if json:
        print_json({"healthy": healthy, "findings": [finding.document for finding in findings]})
    else:
        _print(findings)
    raise typer.Exit(0 if healthy else 1)


def examine(found: Deployed, account: str | None, now: datetime) -> Iterator[Finding]:
    """Yield every check's findings; a check that AWS refuses is a finding itself."""
    checks: dict[str, Check] = {
        **CHECKS,
        "quarantine": check_quarantine,
        "protection": check_protection,
        **ALARM_CHECKS,
        "concurrency": check_concurrency,
        "ended days": lambda stack, moment: check_archive(stack, account, moment),
        "drift": lambda stack, moment: check_drift(stack, account, moment),
    }
    for name, check in checks.items():
        try:
            yield from check(found, now)
        except (BotoCoreError, ClientError, PynamoDBException) as error:
            yield Finding(name, Status.FAIL, f"cannot be looked at: {error}", "fix the permissions")


def _print(findings: list[Finding]) -> None:
    out = output()
    rows = table(out, ("", "Check", "Found", "To do"))
    for finding in findings:
        rows.add_row(
            finding.status,
            finding.check,
            finding.found,
            finding.to_do,
            style=STYLES[finding.status],
        )
    out.print(rows)
