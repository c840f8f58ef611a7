"""`vtr keys`: API keys."""

from typing import Annotated

import typer

from vtr.domain.accounts import Scope
from vtr_cli.console import messages
from vtr_cli.target import PolicyOption, StackOption, known_policy, ports_of
from vtr_local.keys import POLICY, create_key

app = typer.Typer(no_args_is_help=True, help="Make API keys.")


@app.callback()
def keys() -> None:
    """Make API keys."""


@app.command()
def create(
    account: Annotated[str, typer.Argument(help="The account that the key speaks for.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="What the key may do; give it again for more. By default all but operate."
        ),
    ] = None,
    policy: PolicyOption = POLICY,
    stack: StackOption = None,
) -> None:
    """Make a key for ACCOUNT and print it. It cannot be shown again: only its hash is kept."""
    known_policy(policy)
    scopes = scope or [each for each in Scope if each is not Scope.OPERATE]
    with ports_of(stack) as ports:
        key = create_key(ports, account=account, policy=policy, scopes=scopes)
    typer.echo(key)
    messages().print(
        f"This key of {account} may {', '.join(scopes)}. Keep it: it is not shown again."
    )
