"""``vtr restore``: bring tables and objects back as they were; docs/runbooks/restore.md."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from vtr.ports.queues import Recount
from vtr.use_cases.roll_over_days import roll_over_days
from vtr_cli.deployed import Deployed, deployed
from vtr_cli.table_copies import (
    ACCOUNTS,
    Restored,
    bring_back,
    drop_copies,
    latest_moment,
    make_copies,
    states,
)
from vtr_cli.target import StackOption
from vtr_client.console import messages, output, table
from vtr_client.errors import CommandError, InputError

app = typer.Typer(no_args_is_help=True, help="Bring data back as it was.")
MOMENT = ["%Y-%m-%dT%H:%M:%SZ"]

CopyArgument = Annotated[
    str, typer.Argument(metavar="COPY", help="What vtr restore prepare named.")
]


@app.command()
def prepare(
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=MOMENT, metavar="TIME", help="In UTC; by default the latest."),
    ] = None,
    stack: StackOption = None,
) -> None:
    """Make a copy of every table as it was at TIME, and print its name.

    It takes DynamoDB minutes to hours, and changes nothing that is at work. It may be repeated.
    """
    with deployed(stack) as found:
        moment = at.replace(tzinfo=UTC) if at else latest_moment(found)
        copy = f"at-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        make_copies(found, copy, moment)
    output().print(copy)
    messages().print(f"When it is ready: vtr restore tables {copy}")


@app.command()
def tables(
    copy: CopyArgument,
    *,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Also put back what is there and differs from the copy."),
    ] = False,
    chosen: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="TABLE", help="Only this one, such as orders; or several."),
    ] = None,
    stack: StackOption = None,
) -> None:
    """Put back what the tables lack and the copy has, and reconcile every account.

    What came after the copy stays. It may be repeated. --overwrite leaves accounts out unless
    --table names them: a key that was revoked since would be live again.
    """
    with deployed(stack) as found:
        ready = states(found, copy)
        if waiting := [kind for kind, state in ready.items() if state != "ACTIVE"]:
            raise CommandError(
                f"The copy {copy} is not ready: {', '.join(waiting)} not yet. Try again later."
            )
        kinds = _kinds(chosen, list(ready), overwrite=overwrite)
        done = {kind: bring_back(found, kind, copy, overwrite=overwrite) for kind in kinds}
        asked = reconcile(found, done)
    _print(done, overwrite=overwrite)
    messages().print(
        f"{asked} buckets are reconciled. Next: vtr scans replay, then vtr restore finish {copy}."
    )


def _kinds(chosen: list[str] | None, known: list[str], *, overwrite: bool) -> list[str]:
    if unknown := set(chosen or ()) - set(known):
        raise InputError(f"There is no table {unknown.pop()}. The tables are {', '.join(known)}.")
    return chosen or [kind for kind in known if not (overwrite and kind == ACCOUNTS)]


def reconcile(found: Deployed, done: dict[str, Restored]) -> int:
    """Ask for the reconcile of every account's window, and of every bucket that got rows back."""
    buckets = set().union(*(each.buckets for each in done.values()))
    found.ports.recounts.send(
        Recount(bucket, reconcile=True) for bucket in sorted(buckets, key=str)
    )
    return len(buckets) + roll_over_days(found.ports, datetime.now(UTC), every_account=True)


@app.command()
def objects(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="Such as raw/.")],
    since: Annotated[
        datetime,
        typer.Option("--since", formats=MOMENT, metavar="TIME", help="In UTC."),
    ],
    stack: StackOption = None,
) -> None:
    """Bring back the objects under PREFIX that were deleted since TIME."""
    with deployed(stack) as found:
        (bucket,) = found.of_kind("AWS::S3::Bucket").values()
        markers = list(delete_markers(found, bucket, prefix, since.replace(tzinfo=UTC)))
        for key, version in markers:
            found.client("s3").delete_object(Bucket=bucket, Key=key, VersionId=version)
    messages().print(f"{len(markers)} objects are back.")


def delete_markers(
    found: Deployed, bucket: str, prefix: str, since: datetime
) -> Iterator[tuple[str, str]]:
    """Yield the key and version of each marker that hides an object since then."""
    pages = found.client("s3").get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=bucket, Prefix=prefix):
        for marker in page.get("DeleteMarkers", []):
            if marker["IsLatest"] and marker["LastModified"] >= since:
                yield marker["Key"], marker["VersionId"]


@app.command()
def finish(copy: CopyArgument, stack: StackOption = None) -> None:
    """Delete the copy; it costs as long as it is there."""
    with deployed(stack) as found:
        drop_copies(found, copy)
    messages().print(f"The copy {copy} is gone.")


def _print(done: dict[str, Restored], *, overwrite: bool) -> None:
    out = output()
    columns = ("Table", "The same", "Put back", "Overwritten" if overwrite else "Left as it is")
    rows = table(out, columns, numbers=columns[1:])
    for kind, each in done.items():
        rows.add_row(kind, *map(str, (each.same, each.missing, each.changed)))
    out.print(rows)
