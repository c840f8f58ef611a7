"""Write a report, page by page, over as many runs as it takes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from vtr.domain.accounts import Account
from vtr.domain.errors import UploadGoneError
from vtr.domain.reports import ENDED, Checkpoint, Report, ReportStatus, report_line
from vtr.ports import Ports
from vtr.use_cases.read_packages import PackageFilter, judge_now, pages
from vtr.use_cases.read_report import read_report
from vtr.use_cases.write_document import DocumentWriter


def write_report(
    ports: Ports, account: Account, report_id: str, now: datetime, out_of_time: Callable[[], bool]
) -> Report:
    """Write a report, or continue where an earlier run stopped.

    When *out_of_time*, a run keeps its whole parts and queues a successor, which continues after
    them. Running again after the end changes nothing.
    """
    report = read_report(ports, account, report_id)
    if report.status in ENDED or account.closed_at is not None:
        return report
    try:
        return _write(ports, account, report, now, out_of_time)
    except UploadGoneError:
        # An earlier run ended its upload, but was cut off before it could record that.
        anew = replace(report, checkpoint=None)
        return _write(ports, account, anew, now, out_of_time)


def _write(
    ports: Ports, account: Account, report: Report, now: datetime, out_of_time: Callable[[], bool]
) -> Report:
    document = DocumentWriter(ports.report_files, report)
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
    """Mark a report that could not be written as failed, so that nobody waits for it."""
    report = read_report(ports, account, report_id)
    if report.status in ENDED:
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
