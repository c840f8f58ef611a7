"""``vtr up``, ``vtr down``, ``vtr status``: the local stack."""

from typing import Annotated, Any

import typer

from vtr_cli.target import JsonOption
from vtr_client.console import messages, output, print_json
from vtr_client.errors import CommandError
from vtr_client.progress import spinning
from vtr_local.emulator import DEFAULT_PORT
from vtr_local.home import Home
from vtr_local.keys import ACCOUNT, with_local_key
from vtr_local.record import StackRecord
from vtr_local.stack import StackStatus
from vtr_local.stack import down as take_down
from vtr_local.stack import status as look
from vtr_local.stack import up as bring_up

PortOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        help=f"The port to listen on; the first time {DEFAULT_PORT}, or the next free one.",
        show_default=False,
    ),
]


def up(
    *,
    port: PortOption = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Run the functions under AWS's own runtime client."),
    ] = False,
) -> None:
    """Bring the stack up on this machine, or redeploy it after a change.

    The template is deployed on an embedded emulator of AWS; neither an account nor a container is
    needed. It listens on 127.0.0.1 only.
    """
    record = ready_stack(port=port, strict=strict)
    print_stack(record)
    messages().print("Next: vtr demo, or vtr submit FILE and vtr rates.")


def ready_stack(*, port: int | None = None, strict: bool = False) -> StackRecord:
    """Bring the stack up, with an API key."""
    home = Home.from_env()
    with spinning("Bringing the stack up") as say:
        record = bring_up(home, port=port, strict=strict, say=say)
        return with_local_key(home, record, ACCOUNT)


def down(
    *,
    wipe: Annotated[
        bool, typer.Option("--wipe", help="Remove the data and all that was built, too.")
    ] = False,
) -> None:
    """Take the stack down; its data is kept for the next vtr up."""
    stopped = take_down(Home.from_env(), wipe=wipe)
    words = "The stack is down" if stopped else "The stack was not up"
    messages().print(f"{words}{', and its data is gone' if wipe else ''}.")


def status(*, json: JsonOption = False) -> None:
    """Show whether the stack is up, and where. The exit code is 1 when it is not."""
    found = look(Home.from_env())
    if json:
        print_json(_document(found))
        raise typer.Exit(0 if found.answering else 1)
    if not found.answering or not found.record:
        state = "does not answer" if found.pid else "is not up"
        raise CommandError(f"The local stack {state}. Bring it up with vtr up.")
    print_stack(found.record)
    output().print(f"Process   {found.pid}")


def _document(found: StackStatus) -> dict[str, Any]:
    document: dict[str, Any] = {"up": found.answering, "process": found.pid}
    if found.record and found.answering:
        document |= {
            "api_url": found.record.api_url,
            "keys": found.record.keys,
            "endpoint": found.record.endpoint,
            "functions": _functions(found.record),
        }
    return document | {"state": str(Home.from_env().root)}


def _functions(record: StackRecord) -> str:
    """Return what runs the functions."""
    return "AWS runtime client" if record.strict else "emulator"


def print_stack(record: StackRecord) -> None:
    out = output()
    out.print(f"API       {record.api_url}", soft_wrap=True)
    for account, key in record.keys.items():
        out.print(f"Key       {key}  ({account})", soft_wrap=True)
    out.print(f"AWS       {record.endpoint}  (emulated; key and secret: test)", soft_wrap=True)
    out.print(f"Functions {_functions(record)}")
    out.print(f"State     {Home.from_env().root}", soft_wrap=True)
