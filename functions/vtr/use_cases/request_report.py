"""Request a report; it is written later."""

import secrets
from datetime import date, datetime

from vtr.domain.accounts import Account
from vtr.domain.reports import Report
from vtr.ports import Ports


def request_report(
    ports: Ports,
    account: Account,
    first_day: date,
    last_day: date,
    now: datetime,
    category: str | None = None,
) -> Report:
    report = Report(
        id=secrets.token_hex(16),
        account=account.id,
        first_day=first_day,
        last_day=last_day,
        category=category,
        requested_at=now,
    )
    ports.reports.save(report)
    ports.report_queue.send(account.id, report.id)
    return report
