"""Print rates as a table."""

from typing import Any

from rich.console import Console
from rich.text import Text

from vtr_client.console import WIDE, style, table

BAR_CELLS, SHORT_BAR_CELLS = 20, 8
COUNTS = ("valid", "unconfirmed", "pending", "exempt", "packages")
STATUS_WORDS = {"too_few": "too few", "no_data": "no data"}
Document = dict[str, Any]


def print_rates(out: Console, document: Document) -> None:
    """Print the response of ``GET /v1/rates`` as a table."""
    target, window = document["target"], document["window"]
    out.print(
        f"{document['account']} under {document['policy']}: {window['from']} to {window['to']} "
        f"({window['days']} days), target {target['comparator']} {percent(target['rate'])}"
    )
    if out.width < WIDE:
        for entry in (*document["categories"], document["overall"]):
            _print_record(out, entry.get("category", "overall"), entry, target["rate"])
        return
    counts = [name.title() for name in COUNTS]
    columns = ("Category", "", "Rate", "Status", "Forecast", *counts)
    rows = table(out, columns, numbers=("Rate", "Forecast", *counts))
    for entry in document["categories"]:
        rows.add_row(*_cells(out, entry["category"], entry, target["rate"]))
    rows.add_section()
    rows.add_row(*_cells(out, "overall", document["overall"], target["rate"]), style="bold")
    out.print(rows)


def print_history(out: Console, document: Document) -> None:
    """Print the response of ``GET /v1/rates/history``: a line for each day."""
    for entry in document["days"]:
        out.print(
            Text.assemble(
                f"{entry['date']}  {percent(entry['rate']):>8}  ",
                (f"{_words(entry['status']):<8}", style(entry["status"])),
                f"  {_counted(entry)}",
            ),
            soft_wrap=True,
        )


def _print_record(out: Console, name: str, entry: Document, target: float) -> None:
    """Print two lines for a row that is wider than the screen."""
    status, forecast = entry["status"], entry["forecast"]
    drawn = bar(entry["rate"], target, SHORT_BAR_CELLS, ascii_only=_ascii_only(out))
    out.print(
        Text.assemble(
            (name, "bold"),
            "  ",
            (drawn, style(status)),
            f" {percent(entry['rate'])} ",
            (_words(status), style(status)),
            ", forecast ",
            (percent(forecast["rate"]), style(forecast["status"])),
        )
    )
    out.print(f"  {_counted(entry)}")


def _counted(entry: Document) -> str:
    *states, packages = COUNTS
    return f"{', '.join(f'{entry[s]} {s}' for s in states)} of {entry[packages]}"


def percent(rate: float | None) -> str:
    """Format a rate as the API truncated it, to four places; a dash if nothing is due."""
    return "-" if rate is None else f"{rate * 100:.2f} %"


def bar(
    rate: float | None, target: float, cells: int = BAR_CELLS, *, ascii_only: bool = False
) -> str:
    """Draw a rate from 0 to 1, with a mark at the target.

    A cell is filled only if the whole of it is reached, so that a rate below the target never
    covers the mark.
    """
    full, empty, mark = ("#", ".", "|") if ascii_only else ("█", "░", "┃")
    reached = int((rate or 0.0) * cells)
    drawn = [full if cell < reached else empty for cell in range(cells)]
    if rate is None or rate < target:
        drawn[min(int(target * cells), cells - 1)] = mark
    return "".join(drawn)


def _cells(out: Console, name: str, entry: Document, target: float) -> list[str | Text]:
    status, forecast = entry["status"], entry["forecast"]
    drawn = bar(entry["rate"], target, ascii_only=_ascii_only(out))
    return [
        name,
        Text(drawn, style=style(status)),
        percent(entry["rate"]),
        Text(_words(status), style=style(status)),
        Text(percent(forecast["rate"]), style=style(forecast["status"])),
        *(str(entry[count]) for count in COUNTS),
    ]


def _ascii_only(out: Console) -> bool:
    return not out.encoding.lower().startswith("utf")


def _words(status: str) -> str:
    return STATUS_WORDS.get(status, status)
