"""``vtr packages``: the packages behind the rate."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from vtr.domain.verdict import Reason, State
from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.api import ApiClient
from vtr_client.console import WIDE, messages, output, print_json, style, table

PAGE = 200
COLUMNS = ("Order", "Category", "Shipped", "Carrier", "Number", "State", "What to do")
Document = dict[str, Any]


def packages(  # noqa: PLR0913  each is an option
    *,
    state: Annotated[
        State | None,
        typer.Option(help=f"One of {', '.join(State)}.", metavar="STATE", case_sensitive=False),
    ] = None,
    reason: Annotated[
        Reason | None,
        typer.Option(help=f"One of {', '.join(Reason)}.", metavar="REASON", case_sensitive=False),
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="One category.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first anchor day.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last anchor day.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """List packages, newest anchor day first, with the reason of each and what to do.

    Without --from and --to these are the packages of the rate's window.
    """
    query = {"state": state, "reason": reason, "category": category, "from": first, "to": last}
    with connect(url, key) as api:
        document = _collect(api, query, limit)
    if as_json:
        print_json(document)
        return
    if not document["packages"]:
        messages().print("No package matches.")
        return
    print_packages(output(), document["packages"])
    if document["next_cursor"]:
        messages().print(f"These are the first {limit}; --limit shows more.")


def print_packages(out: Console, found: list[Document]) -> None:
    """Print one row per package; on a narrow screen two lines, the second with what to do."""
    rows = table(out, COLUMNS)
    for package in found:
        cells = _cells(package)
        if out.width >= WIDE:
            rows.add_row(*cells)
        else:
            *facts, state, remedy = cells
            out.print(*facts)
            out.print("  ", state, remedy, sep=" ")
    if out.width >= WIDE:
        out.print(rows)


def _cells(package: Document) -> list[str | Text]:
    return [
        f"{package['order_id']} / {package['package_id']}",
        package["category"],
        package["ship_date"],
        package["carrier"]["stated"],
        package["tracking_number"]["stated"],
        Text(f"{package['state']} {package['reason']}", style=style(package["state"])),
        package["what_to_do"],
    ]


def _collect(api: ApiClient, query: dict[str, Any], limit: int) -> Document:
    """Follow the pages up to *limit* packages; a remaining cursor means that there are more."""
    found: list[Document] = []
    cursor = None
    while True:
        page = api.get(
            "/v1/packages", query | {"cursor": cursor, "limit": min(PAGE, limit - len(found))}
        )
        found += page["packages"]
        cursor = page["next_cursor"]
        if cursor is None or len(found) >= limit:
            return {"packages": found, "next_cursor": cursor}
