"""``vtr redrive``: send dead letters back to the queue that they came from."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from vtr_cli.dead_letters import Message, count_waiting, describe, release, send_back, take
from vtr_cli.deployed import QUEUES, Deployed, WorkQueue, deployed
from vtr_cli.target import JsonOption, StackOption
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError

Document = dict[str, str]
Show = Callable[[Iterable[Document]], None]
"""What is done with letters before they are moved: they are printed, or kept for ``--json``."""


def redrive(
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help=f"One of {', '.join(QUEUES)}.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what waits, and leave it where it is.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="At most this many; by default all.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Send back also what is seen to fail again.")
    ] = False,
    delete: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Delete the letter whose id begins so, and send none."),
    ] = None,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Send the dead letters of QUEUE back to it, once the cause is fixed.

    Each is shown first. What is seen to fail again, such as work for an account that does not
    exist, stays. All work is idempotent, so this may be interrupted and repeated.
    """
    if delete is not None and (dry_run or everything or limit):
        raise InputError("--delete goes with none of --dry-run, --all and --limit: it takes one.")
    shown: list[Document] = []
    show = shown.extend if json else _print
    moved = kept = 0
    with deployed(stack) as found:
        where = found.queue(queue)
        if delete is not None:
            letter = delete_letter(found, where, delete, show)
            done = f"{letter['MessageId']} is deleted; {{left}} left."
        elif dry_run:
            count = _show_all(found, where, limit, show)
            done = f"{count} shown of {{left}}; nothing was moved."
        else:
            moved, kept = move(found, where, limit, show, everything=everything)
            done = f"{moved} moved back to {queue}; {{left}} left behind."
        left = count_waiting(found.client("sqs"), where)
    if json:
        print_json({"letters": shown, "moved": moved, "kept": kept, "left": left})
        return
    messages().print(done.format(left=left))
    if kept:
        messages().print(f"{kept} would fail again: --delete ID deletes one, --all sends them too.")


def move(
    found: Deployed, where: WorkQueue, limit: int | None, show: Show, *, everything: bool
) -> tuple[int, int]:
    """Show letters and send them back; return how many, and how many stay since they would fail."""
    sqs = found.client("sqs")
    moved = 0
    kept: list[Message] = []
    for letters in take(sqs, where.dead_letters, limit):
        show([_document(found, where, each) for each in letters])
        stay = [] if everything else [each for each in letters if _fails_again(found, where, each)]
        kept += stay
        if sent := [each for each in letters if each not in stay]:
            moved += send_back(sqs, where, sent)
    release(sqs, where, kept)
    return moved, len(kept)


def delete_letter(found: Deployed, where: WorkQueue, begins: str, show: Show) -> Message:
    """Show the one letter whose id begins with *begins*, and delete it."""
    sqs = found.client("sqs")
    seen = [letter for letters in take(sqs, where.dead_letters) for letter in letters]
    meant = [letter for letter in seen if begins and letter["MessageId"].startswith(begins)]
    if len(meant) != 1:
        release(sqs, where, seen)
        raise InputError(
            f"{len(meant)} letters have an id that begins with {begins!r}. --dry-run shows the ids."
        )
    show([_document(found, where, meant[0])])
    sqs.delete_message(QueueUrl=where.dead_letters, ReceiptHandle=meant[0]["ReceiptHandle"])
    release(sqs, where, [letter for letter in seen if letter is not meant[0]])
    return meant[0]


def _fails_again(found: Deployed, where: WorkQueue, letter: Message) -> bool:
    return bool(describe(found, where.name, letter).obstacle)


def _show_all(found: Deployed, where: WorkQueue, limit: int | None, show: Show) -> int:
    """Show letters and put them back; of each group of a FIFO queue the first ten."""
    sqs = found.client("sqs")
    seen = [letter for letters in take(sqs, where.dead_letters, limit) for letter in letters]
    show([_document(found, where, each) for each in seen])
    release(sqs, where, seen)
    return len(seen)


def _document(found: Deployed, where: WorkQueue, letter: Message) -> Document:
    told = describe(found, where.name, letter)
    since = f"{told.since:%Y-%m-%dT%H:%M:%SZ}"
    return {"id": letter["MessageId"], "since": since, "what": told.what, "why": told.why}


def _print(letters: Iterable[Document]) -> None:
    out = output()
    rows = table(out, ("Id", "Waits since", "What", "Why"), whole=("Id",))
    for letter in letters:
        rows.add_row(*letter.values())
    if rows.row_count:
        out.print(rows)
