"""Write a report's document: CSV, compressed, uploaded part by part.

It is one gzip stream, however many runs it takes, because many clients stop after the first of
several gzip members. Each part ends with a full flush, so that the next one, in this run or
another, needs no state from it.
https://www.rfc-editor.org/rfc/rfc1952
"""

import csv
import io
import struct
import zlib
from collections.abc import Iterable

from vtr.domain.packages import RowKey
from vtr.domain.reports import COLUMNS, Checkpoint, Report
from vtr.ports.reports import ReportFiles

PART_BYTES = 5 * 1024 * 1024
"""S3 accepts no smaller part but the last; no more than a part is held in memory."""

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""Deflate, no name, no time: the same rows give the same bytes."""


class DocumentWriter:
    """The document of one report; ``checkpoint`` describes what is uploaded of it."""

    def __init__(self, files: ReportFiles, report: Report) -> None:
        self._files = files
        self._key = report.document_key
        self._deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        if report.checkpoint is not None:
            self.checkpoint = self._now = report.checkpoint
            self._part = bytearray()
            return
        upload_id = files.begin(report.document_key, report.filename)
        self.checkpoint = self._now = Checkpoint(upload_id=upload_id)
        self._part = bytearray(_HEADER)
        self._compress([COLUMNS])

    def write(self, lines: list[tuple[str, ...]], after: RowKey) -> None:
        """Add lines; the last of them is the package at *after*."""
        self._compress(lines)
        self._part += self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self._now = self._now.going_on(after, len(lines))
        if len(self._part) >= PART_BYTES:
            self._end_part(self._deflate.flush(zlib.Z_FULL_FLUSH))

    def finish(self) -> Checkpoint:
        sums = struct.pack("<LL", self._now.crc, self._now.text_bytes % 2**32)
        self._end_part(self._deflate.flush(zlib.Z_FINISH) + sums)
        self._files.complete(self._key, self.checkpoint.upload_id, self.checkpoint.parts)
        return self.checkpoint

    def _compress(self, lines: Iterable[tuple[str, ...]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        content = text.getvalue().encode()
        self._part += self._deflate.compress(content)
        self._now = self._now.summing(zlib.crc32(content, self._now.crc), len(content))

    def _end_part(self, end: bytes) -> None:
        self._part += end
        content = bytes(self._part)
        self._part.clear()
        number = len(self._now.parts) + 1
        tag = self._files.add_part(self._key, self._now.upload_id, number, content)
        self.checkpoint = self._now = self._now.with_part(tag, len(content))
