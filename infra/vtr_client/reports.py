"""Request a report and wait until it is written."""

import time
from typing import Any

from vtr_client.api import ApiClient
from vtr_client.errors import CommandError
from vtr_client.progress import spinning

POLL_SECONDS = 0.3
GIVEN_UP = {"failed": "failed", "erased": "was erased"}

Document = dict[str, Any]


def request_report(api: ApiClient, asked: Document, timeout: int) -> Document:
    """Ask for a report and wait until it is written."""
    given = {name: value for name, value in asked.items() if value is not None}
    job = api.post("/v1/reports", given)
    deadline = time.monotonic() + timeout
    with spinning(f"Report {job['report_id']} is {job['status']}") as say:
        while job["status"] != "done":
            if job["status"] in GIVEN_UP:
                ended = GIVEN_UP[job["status"]]
                raise CommandError(f"The report {job['report_id']} {ended}. Ask for it again.")
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The report {job['report_id']} is still {job['status']} after {timeout} s. "
                    "--timeout waits longer."
                )
            time.sleep(POLL_SECONDS)
            before, job = job["status"], api.get(f"/v1/reports/{job['report_id']}")
            if job["status"] != before:
                say(f"Report {job['report_id']} is {job['status']}")
    return job
