"""Reports: ask for one, follow it, write it, download it."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import ReportNotFoundError, ReportNotReadyError, UploadGoneError
from vtr.domain.reports import Checkpoint, Report, ReportStatus, report_line
from vtr.ports import Ports
from vtr.use_cases.read_packages import PackageFilter, judge_now, pages
from vtr.use_cases.report_document import ReportDocument

URL_SECONDS = 300


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


def read_report(ports: Ports, account: Account, report_id: str) -> Report:
    report = ports.reports.get(account.id, report_id)
    if report is None:
        raise ReportNotFoundError(f"There is no report {report_id}. Check the report id.")
    return report


def report_url(
    ports: Ports, account: Account, report_id: str, now: datetime
) -> tuple[str, datetime]:
    """A URL to download the document from, and when it stops working; made anew each time."""
    report = read_report(ports, account, report_id)
    if report.status is not ReportStatus.DONE:
        raise ReportNotReadyError(
            f"report {report_id} is {report.status}. Ask for it again until it is done."
        )
    url = ports.report_files.url(report.document_key, URL_SECONDS)
    return url, now + timedelta(seconds=URL_SECONDS)


def write_report(
    ports: Ports, account: Account, report_id: str, now: datetime, out_of_time: Callable[[], bool]
) -> Report:
    """Write a report, or go on where an earlier run stopped.

    Whole parts stay when a run is *out_of_time*, and its successor, which it asks for, goes on
    behind them. Doing it again after the end changes nothing.
    """
    report = read_report(ports, account, report_id)
    if report.status in {ReportStatus.DONE, ReportStatus.FAILED}:
        return report
    try:
        return _write(ports, account, report, now, out_of_time)
    except UploadGoneError:
        # An earlier run came to the end of its upload and was cut off before it could say so.
        anew = replace(report, checkpoint=None)
        return _write(ports, account, anew, now, out_of_time)


def _write(
    ports: Ports, account: Account, report: Report, now: datetime, out_of_time: Callable[[], bool]
) -> Report:
    document = ReportDocument(ports.report_files, report)
    begun_with = len(document.checkpoint.parts)
    for rows, _ in pages(ports, account, _wanted(report), document.checkpoint.after):
        judged = judge_now(ports, [row.confirmation for row in rows], now)
        lines = [report_line(package.confirmation, package.verdict) for package in judged]
        document.write(lines, after=rows[-1].key)
        if out_of_time() and len(document.checkpoint.parts) > begun_with:
            return _stop(ports, report, document.checkpoint)
    end = document.finish()
    done = replace(
        report,
        status=ReportStatus.DONE,
        rows=end.rows,
        bytes=end.bytes,
        finished_at=now,
        checkpoint=None,
    )
    ports.reports.save(done)
    return done


def fail_report(ports: Ports, account: Account, report_id: str, now: datetime) -> None:
    """Give up on a report that could not be written, so that nobody waits for it."""
    report = read_report(ports, account, report_id)
    if report.status in {ReportStatus.DONE, ReportStatus.FAILED}:
        return
    if report.checkpoint is not None:
        with suppress(UploadGoneError):
            ports.report_files.abort(report.document_key, report.checkpoint.upload_id)
    ports.reports.save(
        replace(report, status=ReportStatus.FAILED, finished_at=now, checkpoint=None)
    )


def _stop(ports: Ports, report: Report, checkpoint: Checkpoint) -> Report:
    stopped = replace(report, status=ReportStatus.RUNNING, checkpoint=checkpoint)
    ports.reports.save(stopped)
    ports.report_queue.send(report.account, report.id)
    return stopped


def _wanted(report: Report) -> PackageFilter:
    return PackageFilter(
        first_day=report.first_day, last_day=report.last_day, category=report.category
    )
