"""``vtr submit``: confirm packages from a file."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from vtr_cli.confirmations import FileFormat, read_confirmations
from vtr_cli.lines import Line, chunks
from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.api import ApiClient
from vtr_client.console import messages, output, print_json, style
from vtr_client.errors import CommandError
from vtr_client.problems import explain
from vtr_client.progress import advancing

CHUNK = 50
Result = dict[str, Any]


def submit(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV, TSV or JSON lines; - is standard input.")
    ],
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="The file's format; by default what its name ends with."),
    ] = None,
    *,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """Confirm the packages of FILE, and print the result of each line.

    A table's first line names its columns: order-id, package-id, ship-date, carrier-name and
    tracking-number, and for a new order placed-at and category. A line of JSON is what the API
    takes for one package. A rejected line does not stop the others; the exit code is then 1.
    """
    lines = read_confirmations(file, file_format)
    out, rejected = output(), 0
    with connect(url, key) as api, advancing("Submitting", len(lines)) as advance:
        for result in _submit(api, lines):
            rejected += "problem" in result
            if as_json:
                print_json(result, indent=None)
            else:
                _print_result(out, result)
            advance(1)
    messages().print(f"{len(lines) - rejected} accepted, {rejected} rejected.")
    if rejected:
        raise typer.Exit(1)


def _submit(api: ApiClient, lines: list[Line]) -> Iterator[Result]:
    """Send the lines in order; yield each result with its line number in the file."""
    answered = 0
    for chunk in chunks(lines, CHUNK):
        try:
            answer = api.post("/v1/packages/batch", {"packages": [line.entry for line in chunk]})
        except CommandError as error:
            rest = f" Lines before {chunk[0].number} were answered." if answered else ""
            raise CommandError(f"{error}{rest}") from None
        for result in answer["results"]:
            yield result | {"line": chunk[result["line"] - 1].number}
        answered += len(chunk)


def _print_result(out: Console, result: Result) -> None:
    package = result.get("package", {})
    state = "rejected" if "problem" in result else package["state"]
    reason = explain(result["problem"]) if "problem" in result else package["reason"]
    out.print(
        Text.assemble(
            f"line {result['line']:<5} ",
            f"{result.get('order_id') or '-'} / {result.get('package_id') or '-'}  ",
            (f"{state:<11}", style(state)),
            f" {reason}",
        ),
        soft_wrap=True,
    )
