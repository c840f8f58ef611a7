"""``vtr erase``: erase an order, an account, or the bodies about a tracking number."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import require_account_id
from vtr.domain.erasures import WRITERS_END, Days, Erasure, Subject
from vtr.domain.errors import VtrError
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.erase import Command
from vtr.use_cases.erase_account import erase_account
from vtr.use_cases.erase_number import count_bodies, erase_number
from vtr.use_cases.erase_order import erase_order
from vtr.use_cases.preview_erasure import preview_account, preview_order
from vtr_cli.scans import scans_in
from vtr_cli.target import JsonOption, StackOption, operator, ports_of
from vtr_client.console import messages, output, print_json, table
from vtr_client.errors import InputError
from vtr_client.progress import spinning

app = typer.Typer(
    no_args_is_help=True, help="Erase an order, an account, or what carriers sent about a number."
)
DAY = ["%Y-%m-%d"]

ARCHIVE_DAYS = 435
"""How long the bucket holds bodies, hidden ones included: see ``infra/data.yaml``."""

AccountArgument = Annotated[str, typer.Argument(help="The account.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before it is erased.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Count what would be erased, and stop there.")
]
SharedOption = Annotated[
    bool,
    typer.Option("--shared", help="Also bodies about numbers that another account claims, too."),
]


@app.command()
def order(
    account: AccountArgument,
    order_id: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")],
    *,
    shared: SharedOption = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Erase ORDER: what was said of it, its part in rates and reports, and bodies about it.

    It takes a good quarter of an hour: until then, a function that was at work could bring
    something back. Run it again if it was cut off.
    """
    with _erasing(stack) as ports:
        owner = account_of(ports, account)
        found = preview_order(ports, owner, order_id, _command(stack, shared=shared))
        if _is_agreed(f"order {order_id} of {account}", found, dry_run=dry_run, yes=yes, json=json):
            erasure = erase_order(ports, owner, order_id, _command(stack, shared=shared))
            _print_receipt(erasure, json=json)


@app.command()
def account(
    account: AccountArgument,
    *,
    shared: SharedOption = False,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Erase ACCOUNT: its keys, orders, rates, reports, secrets and its own sources' bodies.

    Its keys end at once. It takes a good half hour, and reads every order of every account, because
    no index leads to those of one. Run it again if it was cut off.
    """
    with _erasing(stack) as ports:
        require_account_id(account)
        found = preview_account(ports, account)
        if _is_agreed(f"account {account}", found, dry_run=dry_run, yes=yes, json=json):
            erasure = erase_account(ports, account, _command(stack, shared=shared))
            _print_receipt(erasure, json=json)


@app.command()
def number(
    number: Annotated[str, typer.Argument(help="A tracking number, in any spelling.")],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, metavar="DATE", help="The first day, in UTC."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, metavar="DATE", help="The last day, in UTC."),
    ] = None,
    *,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Erase the bodies that mention NUMBER or another number of its parcel.

    Without --from and --to all that is kept is looked through. Verdicts stay: what was scanned is
    the carrier's word on a number.
    """
    days = _days(first, last)
    with _erasing(stack) as ports:
        command = _command(stack)
        with spinning(f"Looking through {days.first} to {days.last}"):
            found = count_bodies(ports, number, days, command)._asdict()
        if _is_agreed(f"bodies about {number}", found, dry_run=dry_run, yes=yes, json=json):
            _print_receipt(erase_number(ports, number, days, command), json=json)


@app.command()
def receipts(*, json: JsonOption = False, stack: StackOption = None) -> None:
    """List what was erased, when and by whom; an erasure that was cut off shows as unfinished."""
    with ports_of(stack) as ports:
        found = [each for subject in Subject for each in ports.erasures.of(subject)]
    found.sort(key=lambda each: each.began_at)
    if json:
        print_json([_document(each) for each in found])
        return
    out = output()
    rows = table(out, ("Began", "Ended", "Subject", "Account", "Digest", "Erased", "By"))
    for each in found:
        ended = _moment(each.ended_at) if each.ended_at else "unfinished"
        erased = _told(each.erased)
        cells = (_moment(each.began_at), ended, each.subject, each.account or "-")
        rows.add_row(*cells, each.digest[:12], erased, each.by)
    out.print(rows)


@contextmanager
def _erasing(stack: str | None) -> Iterator[AwsPorts]:
    with ports_of(stack) as ports:
        try:
            yield ports
        except VtrError as error:
            raise InputError(error.detail) from None


def _command(stack: str | None, *, shared: bool = False) -> Command:
    return Command(
        by=operator(stack), clock=_now, wait=wait_for_writers, decode=scans_in, shared=shared
    )


def wait_for_writers() -> None:
    """Wait until no function is left that was at work when this began."""
    with spinning("Waiting for functions that were at work") as say:
        end = _now() + WRITERS_END
        while (left := end - _now()) > timedelta(0):
            minutes = -(-int(left.total_seconds()) // 60)
            say(f"Waiting for functions that were at work: {minutes} minutes more")
            time.sleep(min(60.0, left.total_seconds()))


def _now() -> datetime:
    return datetime.now(UTC)


def _days(first: datetime | None, last: datetime | None) -> Days:
    to = last.date() if last else _now().date()
    since = first.date() if first else to - timedelta(days=ARCHIVE_DAYS)
    if to < since:
        raise InputError(f"--to {to} is before --from {since}.")
    return Days(since, to)


def _is_agreed(what: str, found: dict[str, int], *, dry_run: bool, yes: bool, json: bool) -> bool:
    """Say what would go; return whether the operator agrees that it goes."""
    if dry_run and json:
        print_json(found)
        return False
    messages().print(f"The {what}: {_told(found)}.")
    if dry_run:
        messages().print("Nothing was erased.")
        return False
    if yes or typer.confirm("Erase it? It cannot be brought back.", err=True):
        return True
    raise InputError("Nothing was erased. Add --yes to erase without a question.")


def _print_receipt(erasure: Erasure, *, json: bool) -> None:
    if json:
        print_json(_document(erasure))
        return
    out = output()
    out.print(f"Erased: {_told(erasure.erased)}.", soft_wrap=True)
    rows = table(out, ("What stays", "Until"))
    for what, until in erasure.stays:
        rows.add_row(what, f"{until:%Y-%m-%d}" if until else "without end")
    out.print(rows)
    out.print(f"Receipt {erasure.digest}", soft_wrap=True)


def _told(counts: Any) -> str:
    told = [f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items() if count]
    return ", ".join(told) or "nothing"


def _document(erasure: Erasure) -> dict[str, Any]:
    return {
        "subject": erasure.subject,
        "account": erasure.account or None,
        "digest": erasure.digest,
        "by": erasure.by,
        "began_at": _moment(erasure.began_at),
        "ended_at": _moment(erasure.ended_at) if erasure.ended_at else None,
        "erased": dict(erasure.erased),
        "stays": [
            {"what": what, "until": _moment(until) if until else None}
            for what, until in erasure.stays
        ],
    }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
