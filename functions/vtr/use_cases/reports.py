"""Reports: ask for one, follow it, write it, download it."""

import csv
import gzip
import io
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import ReportNotFoundError, ReportNotReadyError, UploadGoneError
from vtr.domain.packages import RowKey
from vtr.domain.reports import COLUMNS, Checkpoint, Report, ReportStatus, report_line
from vtr.use_cases.ports import Ports
from vtr.use_cases.read_packages import PackageFilter, judge_rows, pages

PART_BYTES = 5 * 1024 * 1024
"""S3 takes no smaller part but the last; a part is all that is ever held in memory."""

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

    The document is a row of gzip members, one a part: whole parts stay when a run is *out_of_time*,
    and its successor, which it asks for, begins with a member of its own. Doing it again after
    the end changes nothing.
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
    document = _Document.of(ports, report)
    for rows, _ in pages(ports, account, _wanted(report), document.checkpoint.after):
        lines = [report_line(p.confirmation, p.verdict) for p in judge_rows(ports, rows, now)]
        document.write(lines, after=rows[-1].key)
        if out_of_time() and document.checkpoint.parts:
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


class _Document:
    """The document being written: whole parts are uploaded, the rest is one part in memory."""

    def __init__(self, ports: Ports, report: Report, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._files = ports.report_files
        self._key = report.document_key
        self._rows = 0
        self._after: RowKey | None = None
        self._begin_part()
        if not checkpoint.parts:
            self._text.writerow(COLUMNS)

    @classmethod
    def of(cls, ports: Ports, report: Report) -> "_Document":
        if report.checkpoint is not None:
            return cls(ports, report, report.checkpoint)
        upload_id = ports.report_files.begin(report.document_key, report.filename)
        return cls(ports, report, Checkpoint(upload_id=upload_id))

    def write(self, lines: Iterable[tuple[str, ...]], after: RowKey) -> None:
        before = self._rows
        for line in lines:
            self._text.writerow(line)
            self._rows += 1
        self._after = after if self._rows > before else self._after
        if self._part.tell() >= PART_BYTES:
            self._end_part()
            self._begin_part()

    def finish(self) -> Checkpoint:
        self._end_part()
        self._files.complete(self._key, self.checkpoint.upload_id, self.checkpoint.parts)
        return self.checkpoint

    def _begin_part(self) -> None:
        self._part = io.BytesIO()
        self._gzip = gzip.GzipFile(fileobj=self._part, mode="wb", compresslevel=6, mtime=0)
        self._stream = io.TextIOWrapper(self._gzip, encoding="utf-8", newline="")
        self._text = csv.writer(self._stream)
        self._rows = 0

    def _end_part(self) -> None:
        self._stream.flush()
        self._gzip.close()
        content = self._part.getvalue()
        known = self.checkpoint
        tag = self._files.add_part(self._key, known.upload_id, len(known.parts) + 1, content)
        self.checkpoint = Checkpoint(
            upload_id=known.upload_id,
            parts=(*known.parts, tag),
            after=self._after,
            rows=known.rows + self._rows,
            bytes=known.bytes + len(content),
        )
