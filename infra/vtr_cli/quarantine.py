"""``vtr scans quarantine``: the authentic bodies that could not be read."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from vtr.ports import Ports
from vtr.ports.deliveries import QuarantinedBody
from vtr.sources import source
from vtr.sources.shared.base import UndecodableError
from vtr.use_cases.send_back_quarantined import send_back_quarantined
from vtr_cli.target import JsonOption, StackOption, ports_of
from vtr_client.console import counted, messages, output, print_json, table
from vtr_client.errors import InputError

app = typer.Typer(
    no_args_is_help=True, help="Look at the bodies that could not be read, and send them again."
)


@app.command("list")
def list_bodies(*, json: JsonOption = False, stack: StackOption = None) -> None:
    """List the bodies in the quarantine."""
    with ports_of(stack) as ports:
        found = list(ports.quarantine.bodies())
    if json:
        print_json([_document(body) for body in found])
        return
    out = output()
    rows = table(out, ("Id", "Source", "Received on", "Quarantined at"), whole=("Id",))
    for body in found:
        rows.add_row(*map(str, _document(body).values()))
    out.print(rows)


@app.command()
def show(
    body_id: Annotated[
        str, typer.Argument(metavar="ID", help="A body's id, or what it alone begins with.")
    ],
    stack: StackOption = None,
) -> None:
    """Print a body as it was sent; on standard error, why it cannot be read."""
    with ports_of(stack) as ports:
        (body, *_) = _named(ports, [body_id])
        content = ports.quarantine.content(body)
    print_body(content)
    reason = unreadable(body.source, content)
    messages().print(f"From {body.source}: {reason or 'it can be read now'}.")


@app.command("send-back")
def send_back(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]…", help="Bodies' ids, or what each begins with; or all."),
    ] = None,
    stack: StackOption = None,
) -> None:
    """Send the bodies through the queue again, and take them out of the quarantine.

    Those that cannot be read by this version of the project either stay. Deploy it first.
    """
    with ports_of(stack) as ports:
        bodies = _named(ports, ids) if ids else list(ports.quarantine.bodies())
        readable = [body for body in bodies if _is_readable(ports, body)]
        send_back_quarantined(ports, readable)
    messages().print(
        f"{counted(len(readable), 'body', 'bodies')} sent back. {len(bodies) - len(readable)} left."
    )


def print_body(content: bytes) -> None:
    """Print a body byte for byte; on a terminal, which it must not steer, as text."""
    if sys.stdout.isatty():
        output().print(content.decode("utf-8", "replace"), soft_wrap=True)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def unreadable(name: str, content: bytes) -> str:
    """Return why the decoder of a source cannot read a body; nothing if it can."""
    try:
        source(name).decode(content)
    except UndecodableError as error:
        return error.detail
    return ""


def _is_readable(ports: Ports, body: QuarantinedBody) -> bool:
    reason = unreadable(body.source, ports.quarantine.content(body))
    if reason:
        messages().print(f"{body.delivery_id} stays: {reason}.")
    return not reason


def _named(ports: Ports, ids: Sequence[str]) -> list[QuarantinedBody]:
    """Return the bodies that are named; the same body may have come on several days."""
    found = list(ports.quarantine.bodies())
    named: dict[tuple[str, ...], QuarantinedBody] = {}
    for begins in ids:
        meant = [body for body in found if begins and body.delivery_id.startswith(begins)]
        if (number := len({body.delivery_id for body in meant})) != 1:
            raise InputError(
                f"{counted(number, 'body', 'bodies')} in the quarantine have an id that begins "
                f"with {begins!r}; name one. vtr scans quarantine list shows the ids."
            )
        named |= {(str(body.day), body.source, body.delivery_id): body for body in meant}
    return list(named.values())


def _document(body: QuarantinedBody) -> dict[str, Any]:
    return {
        "id": body.delivery_id,
        "source": body.source,
        "received_on": str(body.day),
        "quarantined_at": f"{body.since:%Y-%m-%dT%H:%M:%SZ}",
    }
