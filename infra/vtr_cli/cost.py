"""``vtr cost``: what a month costs, by service, and what simpler designs would cost."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console

from vtr_cli.target import JsonOption
from vtr_client.console import output, print_json, table
from vtr_client.errors import InputError
from vtr_cost.model import MONTH, CostLine, by_service, designs, month
from vtr_cost.prices import Price, Units, regions
from vtr_cost.traffic import Traffic

MILLION, CENTS_BELOW = 1e6, 10
DEAREST = 8
Prices = Mapping[str, Price]


def cost(
    *,
    packages: Annotated[
        float, typer.Option("--packages-per-day", min=1, max=1e12, help="As 1e6 or 1000000.")
    ] = 1e6,
    scans: Annotated[float, typer.Option("--scans-per-package", min=0, max=1e6)] = 8,
    accounts: Annotated[
        int, typer.Option(min=0, help="The sellers; by default one for 1,000 packages a day.")
    ] = 0,
    region: Annotated[str, typer.Option(help="The AWS region of the prices.")] = "us-east-1",
    as_json: JsonOption = False,
) -> None:
    """Estimate what a month on AWS costs, from public list prices and measured units.

    What is not measured is assumed: docs/cost.md lists it.
    """
    prices = regions().get(region)
    if prices is None:
        raise InputError(f"There are prices for {', '.join(regions())} alone, not for {region}.")
    traffic = Traffic(packages=packages, accounts=accounts, scans_a_package=scans)
    if as_json:
        print_json(document(traffic, region, prices))
    else:
        _print(output(), traffic, region, prices)


def document(traffic: Traffic, region: str, prices: Prices) -> dict[str, Any]:
    """Return the whole estimate, in unrounded dollars a month."""
    lines = month(traffic, prices)
    total = sum(line.usd for line in lines)
    return {
        "region": region,
        "prices_seen": {"from": _seen(prices)[0], "to": _seen(prices)[1]},
        "packages_per_day": traffic.packages,
        "accounts": traffic.sellers,
        "scans_per_package": traffic.scans_a_package,
        "usd_per_month": total,
        "usd_per_million_packages": _per_million(total, traffic),
        "services": by_service(lines),
        "lines": [_line(line) for line in lines],
        "designs": [
            {"design": each.name, "usd_per_month": total + _more(each.units, traffic, prices)}
            for each in designs(traffic)
        ],
    }


def _print(out: Console, traffic: Traffic, region: str, prices: Prices) -> None:
    lines = month(traffic, prices)
    total = sum(line.usd for line in lines)
    first, last = _seen(prices)
    out.print(
        f"{traffic.packages:,.0f} packages a day of {traffic.sellers:,} accounts, "
        f"{traffic.scans_a_package:g} scans each, in {region}; "
        f"list prices as seen between {first} and {last}, in dollars"
    )
    columns = ("Service", "A month", "A million packages", "Share")
    rows = table(out, columns, numbers=columns[1:])
    for service, usd in by_service(lines).items():
        per_million = dollars(_per_million(usd, traffic))
        rows.add_row(service, dollars(usd), per_million, f"{usd / total:.0%}")
    rows.add_section()
    rows.add_row("all", dollars(total), dollars(_per_million(total, traffic)), "", style="bold")
    out.print(rows)
    out.print()
    rows = table(out, ("The dearest lines", "A month", ""), numbers=("A month",))
    for line in sorted(lines, key=lambda line: -line.usd)[:DEAREST]:
        rows.add_row(f"{line.price.service}: {line.what}", dollars(line.usd), _quantity(line))
    out.print(rows)
    out.print()
    columns = ("Built so", "A month", "A million packages", "Against ours")
    rows = table(out, columns, numbers=columns[1:])
    for design in designs(traffic):
        usd = total + _more(design.units, traffic, prices)
        per_million = dollars(_per_million(usd, traffic))
        rows.add_row(design.name, dollars(usd), per_million, f"{usd / total - 1:+.0%}")
    out.print(rows)


def dollars(usd: float) -> str:
    """Format dollars to two significant digits, but never finer than a cent."""
    if usd < CENTS_BELOW:
        return f"{usd:,.2f}"
    return f"{round(usd, 2 - len(str(int(usd)))):,.0f}"


def _more(units: Units, traffic: Traffic, prices: Prices) -> float:
    """Return what a design costs above ours."""
    ours = designs(traffic)[0].units
    writes = prices["dynamodb_write"].of(units.writes - ours.writes)
    reads = prices["dynamodb_read"].of(units.reads - ours.reads)
    return writes + reads


def _per_million(usd: float, traffic: Traffic) -> float:
    return usd / (traffic.packages * MONTH / MILLION)


def _seen(prices: Prices) -> tuple[str, str]:
    seen = sorted(price.seen for price in prices.values())
    return f"{seen[0]}", f"{seen[-1]}"


def _quantity(line: CostLine) -> str:
    number = f"{line.quantity / MILLION:,.1f} million" if line.quantity >= MILLION else None
    return f"{number or format(line.quantity, ',.0f')} {line.price.unit}"


def _line(line: CostLine) -> dict[str, Any]:
    return {
        "service": line.price.service,
        "what": line.what,
        "quantity": line.quantity,
        "unit": line.price.unit,
        "usd": line.usd,
        "price": {"usd": line.price.usd, "per": line.price.per, "page": line.price.page},
    }
