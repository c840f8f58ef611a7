"""``vtr rates``: the valid tracking rate, overall and by category."""

from vtr_cli.target import JsonOption, KeyOption, UrlOption, connect
from vtr_client.console import output, print_json
from vtr_client.rates import print_rates


def rates(
    *,
    as_json: JsonOption = False,
    url: UrlOption = None,
    key: KeyOption = None,
) -> None:
    """Show the rate by category against the target, with a forecast.

    The rate is valid / (valid + unconfirmed). The forecast is the rate if nothing more is scanned.
    """
    with connect(url, key) as api:
        document = api.get("/v1/rates")
    if as_json:
        print_json(document)
    else:
        print_rates(output(), document)
