"""``vtr limits``: an account's rate limits."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from vtr.domain.errors import VtrError
from vtr.domain.limits import MOST_CATEGORIES
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.meter_requests import set_limits
from vtr_cli.target import JsonOption, StackOption, ports_of
from vtr_client.console import counted, output, print_json
from vtr_client.errors import InputError

LARGEST_BATCH = 500


def limits(
    account: Annotated[str, typer.Argument(help="The account.")],
    requests: Annotated[
        int | None, typer.Option(min=1, help="Set the requests of any kind, a minute.")
    ] = None,
    lines: Annotated[
        int | None,
        typer.Option(min=LARGEST_BATCH, help="Set the lines of batches, a minute."),
    ] = None,
    reports: Annotated[
        int | None, typer.Option(min=1, help="Set the reports that are asked for, a minute.")
    ] = None,
    categories: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_CATEGORIES, help="Set the categories it may have at all."),
    ] = None,
    *,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Show what ACCOUNT may send in a minute, or set it. Functions follow within a minute."""
    with ports_of(stack) as ports:
        try:
            known = account_of(ports, account)
            held = known.limits
            given = {"requests": requests, "lines": lines, "reports": reports}
            given["categories"] = categories
            if changes := {name: limit for name, limit in given.items() if limit}:
                held = replace(held, **changes)
                set_limits(ports, account, held)
        except VtrError as error:
            raise InputError(error.detail) from None
    used = len(known.categories)
    if json:
        print_json({"account": account, **asdict(held), "categories_used": used})
        return
    output().print(
        f"{account} may send {counted(held.requests, 'request')} and {counted(held.lines, 'line')} "
        f"a minute, and ask for {counted(held.reports, 'report')}. It has {used} of "
        f"{counted(held.categories, 'category', 'categories')}."
    )
