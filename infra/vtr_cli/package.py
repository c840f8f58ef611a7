"""``vtr package``: one package, with its evidence and its history."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.api import ApiClient
from vtr_client.console import output, print_json, style

Document = dict[str, Any]
LABEL_CELLS = 20


def package(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    package_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The package's id; by default all of the order."),
    ] = None,
    *,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """Show a package: why it counts or not, what to do, by what evidence, and what was said of it.

    With --json each package is a document on a line.
    """
    with connect(url, key) as api:
        found = list(_packages(api, f"/v1/orders/{quote(order, safe='')}", package_id))
    out = output()
    for document in found:
        if as_json:
            print_json(document, indent=None)
        else:
            print_package(out, document)


def _packages(api: ApiClient, order: str, package_id: str | None) -> Iterator[Document]:
    ids = [package_id] if package_id else [p["package_id"] for p in api.get(order)["packages"]]
    for each in ids:
        yield api.get(f"{order}/packages/{quote(each, safe='')}")


def print_package(out: Console, document: Document) -> None:
    """Print the verdict, then a line for each fact that is known, the history last."""
    name = f"{document['order_id']} / {document['package_id']}"
    verdict = Text(f"{document['state']} {document['reason']}", style=style(document["state"]))
    out.print(Text.assemble((name, "bold"), "  ", verdict), soft_wrap=True)
    for label, value in _facts(document):
        if value:
            out.print(f"  {label:<{LABEL_CELLS}}{value}", soft_wrap=True)
    for said in document["history"]:
        out.print(
            f"  {'Said ' + said['confirmed_at']:<26}{said['carrier']} {said['tracking_number']}, "
            f"shipped {said['ship_date']}",
            soft_wrap=True,
        )


def _facts(document: Document) -> Iterator[tuple[str, str | None]]:
    carrier, number, evidence = (
        document[name] for name in ("carrier", "tracking_number", "evidence")
    )
    yield "Why", document["explanation"]
    yield "What to do", document["what_to_do"]
    yield "Did you mean", " or ".join(each["name"] for each in carrier["suggestions"])
    yield "Carrier", _stated(carrier["stated"], carrier["name"])
    yield "Number", _stated(number["stated"], number["normalised"])
    yield "Number's form", number["check"]
    yield "Category", document["category"]
    yield "Shipped", document["ship_date"]
    yield "Promised for", document["promised_delivery_date"]
    yield "Cancelled", document["cancelled_at"]
    yield "Due", document["due_at"]
    yield "First scan", evidence["first_scan_at"]
    yield "First physical scan", _scan(evidence, "first_physical_scan")
    yield "Delivered", _scan(evidence, "delivered")
    by = evidence["scanned_by"]
    yield "Scanned by", by and by["name"]
    yield "Exempt by", document["rule"]


def _stated(stated: str, known: str | None) -> str:
    """Return what was stated, and what it is taken for where that reads otherwise."""
    return f"{stated} ({known})" if known and known != stated else stated or "(blank)"


def _scan(evidence: Document, name: str) -> str | None:
    """Return a scan's time, with its code and place where the carrier gave them."""
    if not evidence[f"{name}_at"]:
        return None
    mark = evidence[name] or {}
    return "  ".join(filter(None, (evidence[f"{name}_at"], mark.get("code"), mark.get("place"))))
