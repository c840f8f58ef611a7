"""``vtr waivers``: incidents for which the marketplace takes packages out of the rate."""

from datetime import datetime
from typing import Annotated

import typer

from vtr.domain.carriers import resolve
from vtr.domain.policies import Waiver
from vtr.use_cases.manage_waivers import add_waiver
from vtr_cli.target import PolicyOption, StackOption, known_policy, ports_of
from vtr_client.console import messages, output, table
from vtr_client.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Waive packages for an incident, such as an outage.")
DAY = ["%Y-%m-%d"]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the incident is called, for all to read.")],
    first: Annotated[
        datetime,
        typer.Option("--from", formats=DAY, metavar="DATE", help="The first anchor day it covers."),
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=DAY, metavar="DATE", help="The last anchor day it covers."),
    ],
    carrier: Annotated[
        list[str] | None,
        typer.Option(help="A carrier that it covers; again for more. By default every one."),
    ] = None,
    policy: PolicyOption = "amazon-us",
    stack: StackOption = None,
) -> None:
    """Exclude the packages of an incident from the rate, and request the recounts."""
    if last < first:
        raise InputError(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}.")
    carriers = frozenset(_carrier(each) for each in carrier or ())
    waiver = Waiver(name=name, first_day=first.date(), last_day=last.date(), carriers=carriers)
    with ports_of(stack) as ports:
        asked = add_waiver(ports, known_policy(policy), waiver)
    messages().print(f"{name} is waived; {asked} buckets are recounted.")


@app.command("list")
def list_waivers(policy: PolicyOption = "amazon-us", stack: StackOption = None) -> None:
    """List the waivers of a policy."""
    out = output()
    rows = table(out, ("Name", "From", "To", "Carriers"))
    with ports_of(stack) as ports:
        for waiver in ports.waivers.of(known_policy(policy)):
            carriers = ", ".join(sorted(waiver.carriers)) or "every one"
            rows.add_row(waiver.name, str(waiver.first_day), str(waiver.last_day), carriers)
    out.print(rows)


def _carrier(name: str) -> str:
    code = resolve(name)
    if code is None:
        raise InputError(f"No carrier goes by the name {name!r}.")
    return code
