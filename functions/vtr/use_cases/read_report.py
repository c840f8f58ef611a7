"""Follow a report, and get the URL to download it from."""

from datetime import datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import ReportExpiredError, ReportNotFoundError, ReportNotReadyError
from vtr.domain.reports import DOCUMENT_LIFETIME, Report, ReportStatus
from vtr.ports import Ports

URL_SECONDS = 300


def read_report(ports: Ports, account: Account, report_id: str, now: datetime) -> Report:
    report = ports.reports.get(account.id, report_id)
    if report is None or report.expires_at <= now:
        raise ReportNotFoundError(
            f"There is no report {report_id}. Check the report id, or request the report again: it "
            f"can be downloaded for {DOCUMENT_LIFETIME.days} days."
        )
    return report


def report_url(
    ports: Ports, account: Account, report_id: str, now: datetime
) -> tuple[str, datetime]:
    """Return a new URL to download the document from, and when it expires."""
    report = read_report(ports, account, report_id, now)
    match report.status_at(now):
        case ReportStatus.DONE:
            pass
        case ReportStatus.EXPIRED:
            raise ReportExpiredError(
                f"The document of report {report_id} was kept until "
                f"{report.document_until:%Y-%m-%dT%H:%M:%SZ}. Request the report anew."
            )
        case ReportStatus.ERASED:
            raise ReportExpiredError(
                f"The document of report {report_id} was deleted: a package in it was erased. "
                "Request the report anew."
            )
        case status:
            raise ReportNotReadyError(
                f"report {report_id} is {status}. Ask for it again until it is done."
            )
    url = ports.report_files.url(report.document_key, URL_SECONDS)
    return url, now + timedelta(seconds=URL_SECONDS)
