"""``vtr waivers``: incidents for which the marketplace takes packages out of the rate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from vtr.domain.carriers import resolve
from vtr.domain.errors import VtrError
from vtr.domain.policies import Waiver
from vtr.ports import Ports
from vtr.use_cases.manage_waivers import add_waiver, buckets_in, remove_waiver, waivers_named
from vtr_cli.target import JsonOption, PolicyOption, StackOption, known_policy, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError

app = typer.Typer(no_args_is_help=True, help="Waive packages for an incident, such as an outage.")
DAY = ["%Y-%m-%d"]

DAYS_WITHOUT_CONSENT = 31
"""Days, of the new waiver and the one that it replaces, that are recounted without a question."""

YesOption = Annotated[
    bool, typer.Option("--yes", help="Do not ask before more than 31 days are recounted.")
]


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
    *,
    policy: PolicyOption = "amazon-us",
    yes: YesOption = False,
    stack: StackOption = None,
) -> None:
    """Exclude the packages of an incident from the rate, and request the recounts.

    A waiver of the same name is replaced; the days that it covered are recounted too.
    """
    if last < first:
        raise InputError(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}.")
    carriers = frozenset(_carrier(each) for each in carrier or ())
    waiver = Waiver(name=name, first_day=first.date(), last_day=last.date(), carriers=carriers)
    with ports_of(stack) as ports:
        replaced = waivers_named(ports, known_policy(policy), name)
        _require_consent(ports, policy, [*replaced, waiver], yes=yes)
        asked = add_waiver(ports, policy, waiver)
    messages().print(f"{name} is waived; {asked} buckets are recounted.")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="What the incident is called.")],
    *,
    policy: PolicyOption = "amazon-us",
    yes: YesOption = False,
    stack: StackOption = None,
) -> None:
    """Take the packages of an incident back into the rate, and request the recounts."""
    with ports_of(stack) as ports:
        removed = waivers_named(ports, known_policy(policy), name)
        _require_consent(ports, policy, removed, yes=yes)
        try:
            asked = remove_waiver(ports, policy, name)
        except VtrError as error:
            raise InputError(error.detail) from None
    messages().print(f"{name} is no longer waived; {asked} buckets are recounted.")


@app.command("list")
def list_waivers(
    policy: PolicyOption = "amazon-us", *, json: JsonOption = False, stack: StackOption = None
) -> None:
    """List the waivers of a policy."""
    with ports_of(stack) as ports:
        found = [_document(waiver) for waiver in ports.waivers.of(known_policy(policy))]
    if json:
        print_json(found)
        return
    out = output()
    rows = table(out, ("Name", "From", "To", "Carriers"))
    for each in found:
        carriers = ", ".join(each["carriers"]) or "every one"
        rows.add_row(each["name"], each["from"], each["to"], carriers)
    out.print(rows)


def _document(waiver: Waiver) -> dict[str, Any]:
    return {
        "name": waiver.name,
        "from": str(waiver.first_day),
        "to": str(waiver.last_day),
        "carriers": sorted(waiver.carriers),
    }


def _require_consent(ports: Ports, policy: str, waivers: Sequence[Waiver], *, yes: bool) -> None:
    """Ask before a long time is recounted: a slip of the year queues tens of thousands."""
    days = sum((waiver.last_day - waiver.first_day).days + 1 for waiver in waivers)
    if days <= DAYS_WITHOUT_CONSENT or yes:
        return
    recounts = sum(1 for _ in buckets_in(ports, policy, waivers))
    question = f"That covers {days} days and requests {recounts:,} recounts. Go on?"
    if not typer.confirm(question, err=True):
        raise InputError("Nothing was changed. Check --from and --to, or add --yes.")


def _carrier(name: str) -> str:
    code = resolve(name)
    if code is None:
        raise InputError(f"No carrier goes by the name {name!r}.")
    return code
