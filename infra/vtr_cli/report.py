"""``vtr report``: request a report, wait for it, download it."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import IO, Annotated

import typer

from vtr_cli.lines import STANDARD_INPUT
from vtr_cli.output_file import written_file
from vtr_cli.target import KeyOption, UrlOption, connect
from vtr_client.console import counted, messages
from vtr_client.reports import request_report

STANDARD_OUTPUT = STANDARD_INPUT


def report(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Where to write it; - is standard output.")
    ] = "tracking-report.csv",
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first anchor day.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last anchor day.")
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="One category.")] = None,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds to wait for it.")] = 300,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """Download the tracking report: every package, whether its tracking is valid, and why not.

    Without --from and --to it covers the rate's window.
    """
    asked = {"kind": "tracking", "from": first, "to": last, "category": category}
    with connect(url, key) as api, _opened(file) as stream:
        made = request_report(api, asked, timeout)
        document = api.get(f"/v1/reports/{made['report_id']}/document")
        written = api.download(document["url"], stream)
    where = "standard output" if file == STANDARD_OUTPUT else file
    messages().print(f"{counted(made['rows'], 'package')}, {written} bytes, in {where}.")


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if file == STANDARD_OUTPUT else written_file(file)
