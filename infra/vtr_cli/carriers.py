"""``vtr carriers``: the carriers that a submission may name."""

from typing import Annotated

import typer

from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.console import messages, output, print_json, table

COLUMNS = ("Code", "Name", "Country", "Supported", "Other names")
NAMES = 3


def carriers(
    query: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A part of any of its names; by default every one."),
    ] = None,
    *,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """List the carriers that a submission may name, and which of them the marketplace can verify.

    Case, blanks and punctuation make no difference. The best known of each market come first.
    """
    with connect(url, key) as api:
        document = api.get("/v1/carriers", {"q": query})
    if as_json:
        print_json(document)
        return
    found = document["carriers"]
    if not found:
        messages().print(f"No carrier goes by {query!r}. Try a shorter part of its name.")
        return
    out = output()
    rows = table(out, COLUMNS, whole=("Code",))
    for each in found:
        others = each["other_names"]
        rows.add_row(
            each["code"],
            each["name"],
            each["country"],
            "yes" if each["supported"] else "no",
            ", ".join(others[:NAMES]) + (", …" if len(others) > NAMES else ""),
        )
    out.print(rows)
