"""The check of ``vtr doctor`` for bodies that wait in the quarantine."""

from collections.abc import Iterator
from datetime import datetime

from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Finding, Status


def check_quarantine(found: Deployed, _: datetime) -> Iterator[Finding]:
    since = sorted(body.since for body in found.ports.quarantine.bodies())
    yield Finding(
        "quarantine",
        Status.WARN if since else Status.OK,
        f"{len(since)} wait, the oldest since {since[0]:%Y-%m-%d %H:%M} UTC" if since else "empty",
        "vtr scans quarantine list, and docs/runbooks/silence.md" if since else "",
    )
