"""``vtr rates``: the valid tracking rate, overall and by category."""

from typing import Annotated

import typer

from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.console import output, print_json
from vtr_client.rates import print_history, print_rates

LONGEST_HISTORY_DAYS = 90


def rates(
    *,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LONGEST_HISTORY_DAYS,
            help="Show the rate as it stood on each of so many days instead, today the last.",
        ),
    ] = None,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """Show the rate by category against the target, with a forecast.

    The rate is valid / (valid + unconfirmed). The forecast is the rate if nothing more is scanned.
    """
    with connect(url, key) as api:
        document = api.get("/v1/rates/history", {"days": days}) if days else api.get("/v1/rates")
    if as_json:
        print_json(document)
    elif days:
        print_history(output(), document)
    else:
        print_rates(output(), document)
