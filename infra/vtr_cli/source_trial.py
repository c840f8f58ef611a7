"""``vtr sources test``: what would become of a request, without sending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from vtr.domain.errors import VtrError
from vtr.ports import Ports
from vtr.sources import source
from vtr.sources.shared.base import Decoded, UndecodableError, WebhookRequest
from vtr.use_cases.accept_delivery import require_authentic
from vtr.use_cases.manage_sources import SETUPS
from vtr.use_cases.replay import Turned, preview_scans
from vtr_cli.scans import (
    change_document,
    print_changes,
    print_reasons,
    read_body,
    scan_document,
)
from vtr_cli.target import JsonOption, StackOption, ports_of
from vtr_client.console import counted, messages, print_json
from vtr_client.errors import InputError

MOMENTS = ["%Y-%m-%dT%H:%M:%SZ"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a request.

    ``refusal``: why it would be answered 401; None if it would not, or if it was not ``proven``:
    tried with what proves it. ``unreadable``: why its body would be quarantined.
    """

    proven: bool
    refusal: str | None
    unreadable: str | None
    decoded: Decoded
    changes: Sequence[Turned]

    @property
    def is_well(self) -> bool:
        return self.refusal is None and self.unreadable is None

    @property
    def document(self) -> dict[str, Any]:
        return {
            "authentic": self.refusal is None if self.proven else None,
            "refusal": self.refusal,
            "unreadable": self.unreadable,
            "scans": [scan_document(scan) for scan in self.decoded.scans],
            "skipped": list(self.decoded.skipped),
            "doubts": list(self.decoded.doubts),
            "changes": [change_document(turned) for turned in self.changes],
        }


def try_request(
    name: Annotated[str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(SETUPS)}.")],
    file: Annotated[
        str, typer.Argument(metavar="[BODY]", help="A body as it was sent; - is standard input.")
    ] = "-",
    *,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME: VALUE'", help="A header of the request; again for more."),
    ] = None,
    url_secret: Annotated[
        str, typer.Option(metavar="url_…", help="What the called URL ends with, if it carries it.")
    ] = "",
    at: Annotated[
        datetime | None,
        typer.Option(formats=MOMENTS, metavar="TIME", help="When it came, in UTC; by default now."),
    ] = None,
    json: JsonOption = False,
    stack: StackOption = None,
) -> None:
    """Say what would become of a request from SOURCE. Nothing is sent, kept or changed.

    Its signature is checked with the stack's secrets of the source, if headers or the URL's secret
    are given; its body is decoded, and the packages are listed that would be judged otherwise. The
    exit code is 1 if it would be refused, or its body quarantined.
    """
    if name not in SETUPS:
        raise InputError(f"There is no source {name} that calls us. They are {', '.join(SETUPS)}.")
    request = WebhookRequest(
        body=read_body(file), headers=dict(map(_header, header or ())), path_secret=url_secret
    )
    received = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
    with ports_of(stack) as ports:
        trial = trial_of(ports, name, request, received)
    if json:
        print_json(trial.document)
    else:
        _print(trial)
    raise typer.Exit(0 if trial.is_well else 1)


def trial_of(ports: Ports, name: str, request: WebhookRequest, at: datetime) -> Trial:
    """Try a request that came *at* a moment: its proof, if it has one, and its body."""
    proven = bool(request.headers or request.path_secret)
    refusal = _refusal(ports, name, request, at) if proven else None
    try:
        decoded = source(name).decode(request.body)
    except UndecodableError as error:
        return Trial(proven, refusal, error.detail, Decoded(), ())
    changes = () if refusal else tuple(preview_scans(ports, decoded.scans, at))
    return Trial(proven, refusal, None, decoded, changes)


def _refusal(ports: Ports, name: str, request: WebhookRequest, at: datetime) -> str | None:
    sender = source(name)
    try:
        require_authentic(
            ports,
            name,
            lambda secrets: sender.verify(request, secrets, at),
            url_secret=request.path_secret,
            keys_url=sender.keys_url,
        )
    except VtrError as error:
        return error.detail
    return None


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise InputError(f"{text!r} is no header. Write it as 'Name: value'.")
    return name.strip(), value.strip()


def _print(trial: Trial) -> None:
    out = messages()
    if not trial.proven:
        out.print("Not checked: the signature. Give the request's headers with --header.")
    elif trial.refusal is None:
        out.print("Authentic: it would be answered 200.")
    else:
        out.print(f"Refused: it would be answered 401. {trial.refusal}")
    if trial.unreadable is not None:
        out.print(f"Unreadable: it would be quarantined: {trial.unreadable}.")
        return
    out.print(f"Read: {counted(len(trial.decoded.scans), 'scan')}.")
    print_reasons(trial.decoded)
    if trial.changes:
        print_changes(trial.changes)
    if trial.refusal is None:
        out.print(f"{counted(len(trial.changes), 'package')} would be judged otherwise.")
