"""``vtr scan``: report scans as a carrier would, signed per Standard Webhooks."""

from typing import Annotated

import typer
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from vtr_cli.lines import chunks, read_json_lines, read_text
from vtr_cli.target import UrlOption, local_stack
from vtr_client.api import ApiClient
from vtr_client.console import counted, messages
from vtr_client.errors import InputError
from vtr_client.progress import advancing
from vtr_client.scans import post_scans

CHUNK = 50


REQUIRED = ("carrier", "tracking_number", "occurred_at")


SecretOption = Annotated[
    str | None,
    typer.Option(
        "--secret",
        envvar="VTR_WEBHOOK_SECRET",
        metavar="whsec_…",
        help="What to sign with; by default the local stack's secret.",
        rich_help_panel="Which stack",
    ),
]


def scan(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON lines; - is standard input.")],
    url: UrlOption = None,
    secret: SecretOption = None,
) -> None:
    """Report the scans of FILE: one JSON object a line, signed and posted.

    A scan has carrier, tracking_number and occurred_at, and where known code, milestone, physical,
    place and unique_id. They count a moment after they were accepted.
    """
    lines = list(read_json_lines(file, read_text(file)))
    if not lines:
        raise InputError(f"{file} holds no scan.")
    for line in lines:
        if missing := [name for name in REQUIRED if not line.entry.get(name)]:
            raise InputError(f"{file}, line {line.number} lacks {missing[0]}. Nothing was sent.")
    if not (url and secret):
        record = local_stack("--url and --secret (VTR_API_URL and VTR_WEBHOOK_SECRET)")
        url, secret = url or record.api_url, secret or record.webhook_secret
    webhook = _signer(secret)
    with ApiClient(url) as api, advancing("Reporting", len(lines)) as advance:
        for chunk in chunks(lines, CHUNK):
            post_scans(api, webhook, [line.entry for line in chunk])
            advance(len(chunk))
    messages().print(f"{counted(len(lines), 'scan')} accepted.")


def _signer(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):
        raise InputError("The secret cannot be used. It is whsec_ and then base64.") from None
