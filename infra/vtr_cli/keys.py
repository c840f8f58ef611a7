"""``vtr keys``: make, list, rotate and revoke API keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import ApiKey, Scope, key_id_of
from vtr.domain.errors import VtrError
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.manage_keys import list_keys, revoke_key, rotate_key
from vtr_cli.target import JsonOption, PolicyOption, StackOption, known_policy, operator, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError
from vtr_local.home import Home
from vtr_local.keys import POLICY, create_key
from vtr_local.record import StackRecord

app = typer.Typer(no_args_is_help=True, help="Make, list, replace and end API keys.")

AccountArgument = Annotated[str, typer.Argument(help="The account that the keys speak for.")]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="The key's id, or the key itself.", parser=key_id_of)
]


@app.command()
def create(
    account: Annotated[str, typer.Argument(help="The account that the key speaks for.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="What the key may do; give it again for more. By default all but operate."
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=36500, help="For how many days it works; by default without end."),
    ] = None,
    *,
    policy: PolicyOption = POLICY,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Make a key for ACCOUNT and print it; the first opens the account.

    It cannot be shown again: only its hash is kept.
    """
    known_policy(policy)
    scopes = scope or [each for each in Scope if each is not Scope.OPERATE]
    with _keys_of(stack) as ports:
        new = ports.accounts.get(account) is None
        key = create_key(
            ports, account=account, policy=policy, scopes=scopes, days=days, by=operator(stack)
        )
    if json:
        print_json(
            {"account": account, "new": new, "id": key_id_of(key), "key": key, "scopes": scopes}
        )
        return
    typer.echo(key)
    if new:
        messages().print(f"The account {account} is new: it was opened under {policy}.")
    messages().print(
        f"This key of {account} may {', '.join(scopes)}. Keep it: it is not shown again."
    )


@app.command("list")
def list_all(
    account: AccountArgument, *, json: JsonOption = False, stack: StackOption = None
) -> None:
    """List the keys of ACCOUNT, with the last day that each was used on (UTC)."""
    with _keys_of(stack) as ports:
        account_of(ports, account)
        found = [_document(*each) for each in list_keys(ports, account)]
    if json:
        print_json(found)
        return
    _print(found, ("id", "state", "scopes", "created_at", "expires_at", "last_used_on"))


@app.command()
def rotate(
    key: KeyArgument,
    overlap: Annotated[
        int, typer.Option(min=0, help="For how many hours the old key goes on working.")
    ] = 24,
    stack: StackOption = None,
) -> None:
    """Replace KEY and print the new key; the old one works until the overlap ends."""
    hours = timedelta(hours=overlap)
    with _keys_of(stack) as ports:
        token = rotate_key(ports, key, datetime.now(UTC), hours, by=operator(stack))
    if stack is None:
        _speak_with(token, key)
    typer.echo(token)
    hours_left = "1 hour" if overlap == 1 else f"{overlap} hours"
    messages().print(f"{key} works for {hours_left} more. Keep this one: it is not shown again.")


@app.command()
def revoke(key: KeyArgument, stack: StackOption = None) -> None:
    """Revoke KEY, within a minute everywhere."""
    with _keys_of(stack) as ports:
        revoked = revoke_key(ports, key, datetime.now(UTC), by=operator(stack))
    messages().print(f"{key} of {revoked.account} is revoked.")


@app.command()
def changes(
    account: AccountArgument, *, json: JsonOption = False, stack: StackOption = None
) -> None:
    """List every change to the keys of ACCOUNT, and who made it."""
    with _keys_of(stack) as ports:
        account_of(ports, account)
        found = [
            {"at": _moment(c.at), "key": c.key_id, "event": c.event, "note": c.note, "by": c.by}
            for c in ports.keys.changes(account)
        ]
    if json:
        print_json(found)
        return
    _print(found, ("at", "key", "event", "note", "by"))


@contextmanager
def _keys_of(stack: str | None) -> Iterator[AwsPorts]:
    with ports_of(stack) as ports:
        try:
            yield ports
        except VtrError as error:
            raise InputError(error.detail) from None


def _speak_with(token: str, old: str) -> None:
    """Use the new key for the local stack, if the old one was used for it."""
    home = Home.from_env()
    record = StackRecord.load(home)
    for account, known in record.keys.items() if record else ():
        if record and key_id_of(known) == old:
            record.with_key(account, token).save(home)


def _document(key: ApiKey, used: date | None) -> dict[str, Any]:
    now = datetime.now(UTC)
    ended = "revoked" if key.revoked_at else "expired"
    return {
        "id": key.id,
        "state": "live" if key.is_live(now) else ended,
        "scopes": sorted(key.scopes),
        "created_at": _moment(key.created_at),
        "expires_at": _moment(key.expires_at),
        "last_used_on": str(used) if used else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _print(found: list[dict[str, Any]], fields: tuple[str, ...]) -> None:
    out = output()
    rows = table(out, [field.replace("_", " ").capitalize() for field in fields])
    for each in found:
        cells = (each[field] for field in fields)
        rows.add_row(*(", ".join(c) if isinstance(c, list) else c or "-" for c in cells))
    out.print(rows)
