"""``vtr sources``: who may send scans, and the URL and secret of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any

import typer

from vtr.bootstrap import AwsPorts
from vtr.domain.errors import VtrError
from vtr.use_cases import manage_sources
from vtr.use_cases.manage_sources import SourceSetup
from vtr_cli.target import WITH_STACK, JsonOption, StackOption, api_url, local_stack, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError
from vtr_local.home import Home

app = typer.Typer(no_args_is_help=True, help="Set up who may send scans.")

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(manage_sources.SETUPS)}.")
]
AccountOption = Annotated[
    str, typer.Option(metavar="NAME", help="Bind it to an account; by default the marketplace's.")
]
KeyOption = Annotated[
    str,
    typer.Option(
        "--secret",
        metavar="TEXT",
        help="What the source gave to verify with; where it lets us choose, one is made.",
    ),
]


@app.command()
def add(
    source: SourceArgument,
    account: AccountOption = "",
    key: KeyOption = "",
    *,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Set up SOURCE, and print the URL and the secret to give it."""
    with _sources_of(stack) as ports:
        added = manage_sources.add_source(ports, source, account, key)
    if json:
        secret = added.keys[0] if added.keys and not key else None
        print_json({**_document(added), "url": f"{api_url(stack)}{added.path}", "secret": secret})
        return
    _print_setup(added, stack, given=key)


@app.command()
def rotate(
    source: SourceArgument,
    account: AccountOption = "",
    key: KeyOption = "",
    *,
    end: Annotated[
        bool, typer.Option("--end", help="End the rotation: only the newest secret stays live.")
    ] = False,
    stack: StackOption = None,
) -> None:
    """Make a new secret for SOURCE and print it; the previous one stays live until --end."""
    with _sources_of(stack) as ports:
        if end:
            manage_sources.end_rotation(ports, source, account)
            messages().print(
                f"Only the newest secret of {source} is live, in five minutes at most."
            )
            return
        rotated = manage_sources.rotate_source(ports, source, account, key)
    _print_setup(rotated, stack, given=key)
    if (source, account, stack) == ("standard", "", None):
        _sign_with(rotated.keys[0])
    messages().print("The previous one stays live until vtr sources rotate --end.")


@app.command("list")
def list_sources(*, json: JsonOption = False, stack: StackOption = None) -> None:
    """List the sources that are set up. No secret is shown."""
    with _sources_of(stack) as ports:
        found = list(manage_sources.list_sources(ports))
    if json:
        print_json([_document(setup) for setup in found])
        return
    out = output()
    rows = table(
        out, ("Source", "Bound to", "Keys", "URL secrets"), numbers=("Keys", "URL secrets")
    )
    for setup in found:
        live = str(len(setup.keys)), str(len(setup.url_secrets))
        rows.add_row(setup.source, setup.account or "the marketplace", *live)
    out.print(rows)


@app.command()
def remove(source: SourceArgument, account: AccountOption = "", stack: StackOption = None) -> None:
    """Stop accepting scans from SOURCE, within five minutes."""
    with _sources_of(stack) as ports:
        manage_sources.remove_source(ports, source, account)
    messages().print(f"{source} is removed; what it has sent stays.")


@contextmanager
def _sources_of(stack: str | None) -> Iterator[AwsPorts]:
    with ports_of(stack) as ports:
        try:
            yield ports
        except VtrError as error:
            raise InputError(error.detail) from None


def _print_setup(setup: SourceSetup, stack: str | None, *, given: str) -> None:
    out = output()
    out.print(f"URL     {api_url(stack)}{setup.path}", soft_wrap=True)
    if setup.keys and not given:
        out.print(f"Secret  {setup.keys[0]}", soft_wrap=True)
    messages().print("Give these to the source; docs/sources.md says where. Keep them to yourself.")


def _sign_with(secret: str) -> None:
    """Make ``vtr scan`` sign with the local stack's new secret."""
    replace(local_stack(WITH_STACK), webhook_secret=secret).save(Home.from_env())


def _document(setup: SourceSetup) -> dict[str, Any]:
    return {
        "source": setup.source,
        "account": setup.account or None,
        "keys": len(setup.keys),
        "url_secrets": len(setup.url_secrets),
    }
