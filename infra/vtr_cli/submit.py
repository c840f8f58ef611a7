"""``vtr submit``: confirm packages from a file."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from vtr_cli.confirmations import FIELDS, FileFormat, read_confirmations
from vtr_cli.lines import Line, chunks
from vtr_cli.tables import plain_name
from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.api import ApiClient
from vtr_client.console import messages, output, print_json, style
from vtr_client.errors import CommandError
from vtr_client.problems import explain
from vtr_client.progress import advancing

CHUNK = 50
INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""
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
    tracking-number, and for a new order placed-at and category; others are left out. A line of JSON
    is what the API takes for one package. A rejected line does not stop the others; the exit code
    is then 1.
    """
    lines, columns, ignored = read_confirmations(file, file_format)
    if ignored:
        messages().print(_warning(ignored), style="yellow")
    out, results = output(), []
    try:
        with connect(url, key) as api, advancing("Submitting", len(lines)) as advance:
            for result in _submit(api, lines):
                results.append(result)
                if as_json:
                    print_json(result, indent=None)
                else:
                    _print_result(out, result, columns)
                advance(1)
    except KeyboardInterrupt:
        messages().print(
            f"Stopped after {len(results)} of {len(lines)} lines; those on their way may have "
            "been recorded. Submit the file again: nothing is counted twice."
        )
        raise typer.Exit(INTERRUPTED) from None
    rejected = sum("problem" in result for result in results)
    messages().print(f"{len(lines) - rejected} accepted, {rejected} rejected.")
    if rejected:
        raise typer.Exit(1)


def _warning(ignored: Sequence[str]) -> str:
    """Name the columns that are left out, with the known one that each may have been meant as."""
    named = []
    for column in ignored:
        near = get_close_matches(plain_name(column), FIELDS, n=1)
        named.append(f"{column} (did you mean {near[0]}?)" if near else column or "one unnamed")
    return f"Columns left out: {', '.join(named)}."


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


def _print_result(out: Console, result: Result, columns: Mapping[str, str]) -> None:
    """Print a line; below one whose package does not count, why and what to do."""
    package = result.get("package", {})
    state = "rejected" if "problem" in result else package["state"]
    reason = explain(result["problem"], columns) if "problem" in result else package["reason"]
    out.print(
        Text.assemble(
            f"line {result['line']:<5} ",
            f"{result.get('order_id') or '-'} / {result.get('package_id') or '-'}  ",
            (f"{state:<11}", style(state)),
            f" {reason}",
        ),
        soft_wrap=True,
    )
    if state == "unconfirmed":
        out.print(f"{'':11}{_advice(package)}", soft_wrap=True)


def _advice(package: Result) -> str:
    """Say why the package does not count, what to do, and which carrier may have been meant."""
    remedy = package["what_to_do"] or ""
    sentences = [package["explanation"], remedy]
    names = [each["name"] for each in package["carrier"]["suggestions"]]
    if names and not any(name in remedy for name in names):
        sentences.append(f"Did you mean {' or '.join(names)}?")
    return " ".join(filter(None, sentences))
