"""Accept a webhook: authenticate it, and make it durable before responding."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.errors import UnauthenticWebhookError, VtrError
from vtr.use_cases.manage_sources import SETUPS, InUrl, SourceSetup, account_in_url, proof_in

if TYPE_CHECKING:
    # Only for type checks, and slow to import: the sender waits for this cold start.
    from vtr.ports import Ports

Verify = Callable[[Sequence[str]], None]


def accept_delivery(
    ports: "Ports",
    source: str,
    verify: Verify,
    body: bytes,
    now: datetime,
    *,
    url_secret: str = "",
    keys_url: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Keep a body if *verify*, given the source's live secrets, does not object.

    What is not authentic is never kept. Its scans are recorded later: the sender gets a response
    within milliseconds, and is not held back by what its body holds.

    *url_secret* is what the URL carried, *keys_url* where a source publishes its keys, and
    *headers*, by names in lower case, those of the request: what proves it is kept with the body.
    """
    require_authentic(ports, source, verify, url_secret=url_secret, keys_url=keys_url)
    delivery_id = hashlib.sha256(body).hexdigest()
    ports.deliveries.send(
        AcceptedDelivery(
            source=source,
            body=body,
            delivery_id=delivery_id,
            received_at=now,
            account=account_in_url(url_secret),
            proof=proof_in(source, headers or {}),
        )
    )


def require_authentic(
    ports: "Ports", source: str, verify: Verify, *, url_secret: str = "", keys_url: str = ""
) -> None:
    """Raise a ``VtrError`` if *verify*, given the source's live secrets, objects to a request.

    Before that, it is checked against freshly read secrets: its own may be newer than the cached
    ones.
    """
    account = account_in_url(url_secret)
    try:
        _prove(ports, source, account, verify, url_secret, keys_url)
    except VtrError:
        renewed = ports.source_secrets.refresh(source)
        renewed |= bool(keys_url) and ports.signing_keys.refresh(keys_url)
        if not renewed:
            raise
        _prove(ports, source, account, verify, url_secret, keys_url)


def _prove(
    ports: "Ports", source: str, account: str, verify: Verify, url_secret: str, keys_url: str
) -> None:
    live = SourceSetup(
        source=source, account=account, secrets=ports.source_secrets.of(source, account)
    )
    if live.url_secrets or keys_url:
        _require_url_secret(url_secret, live.url_secrets)
    if keys_url:
        verify([ports.signing_keys.of(keys_url)])
    elif live.keys and not _signs_less_than_all(source):
        # Knowing the URL must not suffice to sign: leave the URL's secrets out.
        verify(live.keys)
    else:
        verify(live.secrets)


def _signs_less_than_all(source: str) -> bool:
    return source in SETUPS and SETUPS[source].in_url is InUrl.ALWAYS


def _require_url_secret(given: str, expected: Sequence[str]) -> None:
    """Refuse a URL without one of the secrets; all are compared, so timing reveals nothing."""
    found = given.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(found, secret.encode()) for secret in expected]
    if not any(matches):
        raise UnauthenticWebhookError("the URL does not carry the source's secret")
