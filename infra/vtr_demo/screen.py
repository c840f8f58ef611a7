"""What the demo shows: short lines, plain words, colour on a terminal."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from vtr_client.console import style, table
from vtr_demo.check import Row

Document = dict[str, Any]
REPORT_COLUMNS = ("Order ID", "Tracking ID", "Ship date", "No Valid Tracking", "Reason")


def heading(out: Console, words: str) -> None:
    out.print()
    out.print(Text(words, style="bold"))


@contextmanager
def step(out: Console, words: str) -> Iterator[None]:
    """Print what was done, and how long it took."""
    began = time.monotonic()
    yield
    out.print(Text.assemble(f"  {words:<74}", (f"{time.monotonic() - began:5.1f} s", "dim")))


def print_reasons(out: Console, overall: Document, remedies: dict[str, str]) -> None:
    """Print every reason with its number of packages, and what to do about the newest of them."""
    rows = table(out, ("Reason", "Packages", "What to do"), numbers=("Packages",))
    for reason, number in sorted(overall["reasons"].items(), key=lambda each: -each[1]):
        rows.add_row(reason, str(number), remedies.get(reason, ""))
    out.print(rows)


def print_package(out: Console, number: int, package: Document) -> None:
    """Print two lines: which package, and what to do about it."""
    carrier, tracking = package["carrier"]["stated"], package["tracking_number"]["stated"]
    which = (
        f"{number:>3}. {package['order_id']}  {package['category']:<11}  "
        f"shipped {package['ship_date']}  {carrier} {tracking or '(no number)'}"
    )
    out.print(Text(which), no_wrap=True, overflow="ellipsis")
    reason = Text(f"     {package['reason']:<17}", style=style(package["state"]))
    out.print(reason, package["what_to_do"])


def print_report_lines(out: Console, rows: Sequence[Row]) -> None:
    head = table(out, REPORT_COLUMNS)
    for row in rows:
        head.add_row(*(row[column] for column in REPORT_COLUMNS))
    out.print(head)
