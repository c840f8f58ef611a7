"""Progress on a terminal; silence in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from vtr_client.console import messages


@contextmanager
def advancing(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar; the yielded function advances it."""
    console = messages()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


@contextmanager
def spinning(what: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner; the yielded function changes its text. In a pipe each change is a line."""
    console = messages()
    if not console.is_terminal:
        console.print(what)
        yield console.print
        return
    with console.status(what) as spinner:
        yield spinner.update
