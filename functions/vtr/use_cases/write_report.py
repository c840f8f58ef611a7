"""Write a report, page by page, over as many runs as it takes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import UploadGoneError
from vtr.domain.packages import RowKey
from vtr.domain.reports import ENDED, Checkpoint, Report, ReportStatus, report_line
from vtr.domain.verdict import JudgedPackage
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import first_kept_day
from vtr.use_cases.read_ended_days import read_ended
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
    report = read_report(ports, account, report_id, now)
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
    for packages, last in _packages(ports, account, report, document.checkpoint.after, now):
        lines = [report_line(package.confirmation, package.verdict) for package in packages]
        document.write(lines, after=last)
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
    report = read_report(ports, account, report_id, now)
    if report.status in ENDED:
        return
    if report.checkpoint is not None:
        with suppress(UploadGoneError):
            ports.report_files.abort(report.document_key, report.checkpoint.upload_id)
    ports.reports.save(
        replace(report, status=ReportStatus.FAILED, finished_at=now, checkpoint=None)
    )


def _packages(
    ports: Ports, account: Account, report: Report, after: RowKey | None, now: datetime
) -> Iterator[tuple[Iterable[JudgedPackage], RowKey]]:
    """Yield a report's packages page by page, newest day first, each page with its last row.

    Days that have ended are read from their archive: they say what they said before.
    """
    wanted, kept = _wanted(report), first_kept_day(ports, account, now)
    if wanted.last_day >= kept:
        live = replace(wanted, first_day=max(wanted.first_day, kept))
        for rows, _ in pages(ports, account, live, after):
            yield judge_now(ports, [row.confirmation for row in rows], now), rows[-1].key
    if wanted.first_day < kept:
        ended = replace(wanted, last_day=min(wanted.last_day, kept - timedelta(days=1)))
        in_ended = after is not None and after.bucket.day < kept
        yield from read_ended(ports, account, ended, after if in_ended else None, now)


def _stop(ports: Ports, report: Report, checkpoint: Checkpoint) -> Report:
    stopped = replace(report, status=ReportStatus.RUNNING, checkpoint=checkpoint)
    ports.reports.save(stopped)
    ports.report_queue.send(report.account, report.id)
    return stopped


def _wanted(report: Report) -> PackageFilter:
    return PackageFilter(
        first_day=report.first_day, last_day=report.last_day, category=report.category
    )
