"""``vtr hold``: keep an order beyond its end, for as long as an appeal is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import Account
from vtr.domain.errors import VtrError
from vtr.domain.holds import HoldChange
from vtr.use_cases.manage_holds import list_holds, place_hold, remove_hold
from vtr_cli.target import JsonOption, StackOption, operator, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Keep orders beyond their end, for an open appeal.")
DAY = ["%Y-%m-%d"]
FIELDS = ("order", "until", "reason", "at", "by")

AccountArgument = Annotated[str, typer.Argument(help="The account whose order it is.")]
OrderArgument = Annotated[str, typer.Argument(help="The order's id.")]
ReasonOption = Annotated[str, typer.Option(help="Why, for all to read.")]


@app.command()
def add(
    account: AccountArgument,
    order: OrderArgument,
    until: Annotated[
        datetime,
        typer.Option(formats=DAY, metavar="DATE", help="The day until which it is kept."),
    ],
    reason: ReasonOption = "",
    stack: StackOption = None,
) -> None:
    """Keep ORDER of ACCOUNT, its packages and their evidence until a day."""
    with _account_of(account, stack) as (ports, found):
        place_hold(
            ports,
            found,
            order,
            until.date(),
            datetime.now(UTC),
            by=operator(stack),
            reason=reason,
        )
    messages().print(f"{order} of {account} is kept until {until:%Y-%m-%d} at least.")


@app.command()
def remove(
    account: AccountArgument,
    order: OrderArgument,
    reason: ReasonOption = "",
    stack: StackOption = None,
) -> None:
    """Let ORDER of ACCOUNT end when it would have ended."""
    with _account_of(account, stack) as (ports, found):
        remove_hold(ports, found, order, datetime.now(UTC), by=operator(stack), reason=reason)
    messages().print(f"{order} of {account} is no longer held.")


@app.command("list")
def list_all(
    account: AccountArgument, *, json: JsonOption = False, stack: StackOption = None
) -> None:
    """List the orders of ACCOUNT that are held, the one that ends first before the others."""
    with ports_of(stack) as ports:
        found = [_document(change) for change in list_holds(ports, account)]
    if json:
        print_json(found)
        return
    _print(found, FIELDS)


@app.command()
def changes(
    account: AccountArgument, *, json: JsonOption = False, stack: StackOption = None
) -> None:
    """List all that was ever done to the holds of ACCOUNT, and by whom."""
    with ports_of(stack) as ports:
        found = [
            {**_document(change), "event": change.event} for change in ports.holds.changes(account)
        ]
    if json:
        print_json(found)
        return
    _print(found, ("at", "event", "order", "until", "reason", "by"))


@contextmanager
def _account_of(account: str, stack: str | None) -> Iterator[tuple[AwsPorts, Account]]:
    with ports_of(stack) as ports:
        found = ports.accounts.get(account)
        if found is None:
            raise InputError(f"There is no account {account}.")
        try:
            yield ports, found
        except VtrError as error:
            raise InputError(error.detail) from None


def _document(change: HoldChange) -> dict[str, Any]:
    return {
        "order": change.order_id,
        "until": str(change.until) if change.until else None,
        "reason": change.reason,
        "at": f"{change.at:%Y-%m-%dT%H:%M:%SZ}",
        "by": change.by,
    }


def _print(found: list[dict[str, Any]], fields: tuple[str, ...]) -> None:
    out = output()
    rows = table(out, [field.capitalize() for field in fields])
    for each in found:
        rows.add_row(*(each[field] or "-" for field in fields))
    out.print(rows)
