"""What the use cases need of reports: the jobs, and the documents' files."""

from collections.abc import Sequence
from typing import Protocol

from vtr.domain.reports import Report


class Reports(Protocol):
    def get(self, account: str, report_id: str) -> Report | None: ...

    def save(self, report: Report) -> None: ...

    def delete(self, report: Report) -> None: ...

    def of_account(self, account: str) -> Sequence[Report]:
        """Return every report that an account asked for; strongly consistent."""
        ...


class ReportFiles(Protocol):
    """Report documents, uploaded part by part."""

    def begin(self, key: str, filename: str) -> str: ...

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str: ...

    def complete(self, key: str, upload_id: str, parts: Sequence[str]) -> None: ...

    def abort(self, key: str, upload_id: str) -> None: ...

    def delete(self, key: str) -> bool:
        """Delete a document with all its versions; return whether there was one."""
        ...

    def url(self, key: str, expires_in: int) -> str: ...
