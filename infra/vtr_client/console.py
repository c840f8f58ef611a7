"""What the commands print: tables and colours on a terminal, plain lines in a pipe or a file."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

# A pipe has no width of its own, and a wrapped table is hard to cut into columns.
PIPE_WIDTH = 240

# The width of a table with every column; a narrower screen shows fewer.
WIDE = 116

STATE_STYLES = {
    "valid": "green",
    "pending": "yellow",
    "unconfirmed": "red",
    "exempt": "dim",
    "rejected": "bold red",
    "met": "green",
    "missed": "red",
}


# Control characters and bidirectional overrides: not to be printed from other people's texts.
_STEERING = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), 0x2028, 0x2029)
_SHOWN = dict.fromkeys((*_STEERING, *range(0x2066, 0x206A)), "\N{REPLACEMENT CHARACTER}")


class PlainConsole(Console):
    """A console that prints control characters as replacement characters, whatever holds them."""

    def render_str(self, text: str, **more: Any) -> Text:
        """Replace them before the width is measured."""
        return super().render_str(text.translate(_SHOWN), **more)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Replace them in what came as ``Text``; leave the console's own control segments."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(text.translate(_SHOWN), style)


def output() -> Console:
    """Open the console for results: standard output."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return PlainConsole(width=width, highlight=False, markup=False)


def messages() -> Console:
    """Open the console for everything besides results: progress, summaries, errors."""
    width = None if sys.stderr.isatty() else PIPE_WIDTH
    return PlainConsole(stderr=True, width=width, highlight=False, markup=False, soft_wrap=True)


def print_json(document: Any, *, indent: int | None = 2) -> None:
    """Print a document as JSON; on one line if *indent* is None."""
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    typer.echo(text.translate({code: f"\\u{code:04x}" for code in _SHOWN}))


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return *number* with its *noun*, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def table(
    console: Console,
    columns: Sequence[str],
    *,
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Table:
    """Create a table; columns in *numbers* are right-aligned, those in *whole* never broken."""
    made = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
    )
    for name in columns:
        made.add_column(
            name,
            justify="right" if name in numbers else "left",
            overflow="fold",
            no_wrap=name in whole,
        )
    return made


def style(state: str) -> str:
    return STATE_STYLES.get(state, "")
