"""Set sources up: the secrets that authenticate each, and the path that it calls.

Only the marketplace does this. A source may be bound to an account; it then has its own secrets and
URL, and can be removed without affecting others.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vtr.domain.accounts import require_account_id
from vtr.domain.errors import FieldProblem, InvalidRequestError

if TYPE_CHECKING:
    # Accepting a delivery needs this module, not the ports: the sender waits for this cold start.
    from vtr.ports import Ports

LIVE = 2
"""Secrets of one kind that are live at once: the new one, and the one before it."""

URL_MARK = "url_"

LONGEST_PROOF = 1024
"""Characters of one header: an RSA signature of 4,096 bits in base64 takes 684."""


class Proof(StrEnum):
    """Who chooses the key that requests are signed with, or carry."""

    OURS = "ours"
    THEIRS = "theirs"
    NONE = "none"


class InUrl(StrEnum):
    """When the URL carries a secret: if it is the only proof, or as part of every proof."""

    NEVER = "never"
    UNSIGNED = "unsigned"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Setup:
    """How a source's requests are authenticated.

    ``headers`` are those that the check reads and that hold no secret: a signature, its time, the
    id of its key. They are archived with the body, so that it can still be proven later.
    """

    key: Proof
    in_url: InUrl = InUrl.NEVER
    headers: tuple[str, ...] = ()


SETUPS = {
    "standard": Setup(Proof.OURS, headers=("webhook-id", "webhook-timestamp", "webhook-signature")),
    "ups": Setup(Proof.OURS),
    "fedex": Setup(Proof.OURS, headers=("fdx-signature",)),
    "usps": Setup(Proof.OURS, headers=("x-hmac",)),
    "dhl": Setup(Proof.NONE, InUrl.UNSIGNED),
    "easypost": Setup(Proof.OURS, headers=("x-hmac-signature",)),
    "shippo": Setup(Proof.NONE, InUrl.UNSIGNED, ("shippo-auth-signature",)),
    "aftership": Setup(Proof.THEIRS, headers=("aftership-hmac-sha256",)),
    # Signs with one key for all its customers: without a URL secret any of them could send.
    "shipengine": Setup(
        Proof.NONE,
        InUrl.ALWAYS,
        (
            "x-shipengine-rsa-sha256-key-id",
            "x-shipengine-rsa-sha256-signature",
            "x-shipengine-timestamp",
        ),
    ),
    "17track": Setup(Proof.THEIRS, headers=("sign",)),
    # Only the timestamp is signed.
    "trackingmore": Setup(Proof.THEIRS, InUrl.ALWAYS, ("signature", "timestamp")),
    "ship24": Setup(Proof.THEIRS),
}
"""The sources that call us. A source bound to an account also has a secret in its URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSetup:
    """A source's setup, for the marketplace or for one account; secrets newest first."""

    source: str
    account: str
    secrets: Sequence[str]

    @property
    def keys(self) -> Sequence[str]:
        return tuple(secret for secret in self.secrets if not secret.startswith(URL_MARK))

    @property
    def url_secrets(self) -> Sequence[str]:
        return tuple(secret for secret in self.secrets if secret.startswith(URL_MARK))

    @property
    def path(self) -> str:
        """The path to call, with the newest URL secret, if any."""
        return "/".join(["/v1/webhooks", self.source, *self.url_secrets[:1]])


def proof_in(source: str, headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a request to keep as its proof, each cut to ``LONGEST_PROOF``."""
    kept = SETUPS[source].headers if source in SETUPS else ()
    return tuple((name, headers[name][:LONGEST_PROOF]) for name in kept if name in headers)


def account_in_url(secret: str) -> str:
    """Return the account in a URL's secret (``url_acme.9fX…``); empty in the marketplace's."""
    return secret.removeprefix(URL_MARK).rpartition(".")[0]


def add_source(ports: "Ports", source: str, account: str = "", key: str = "") -> SourceSetup:
    """Set a source up; *key* is the one that the source issued, or one chosen for it."""
    _check(source, account, key)
    if ports.source_secrets.by_account(source).get(account):
        raise _refusal("source", "is set up already", "Rotate its secrets, or remove it first.")
    return _save(ports, source, account, _new_secrets(source, account, key), was=())


def rotate_source(ports: "Ports", source: str, account: str = "", key: str = "") -> SourceSetup:
    """Add a new secret of each kind; the previous one stays live until the rotation is ended."""
    _check(source, account, key)
    known = _known(ports, source, account)
    fresh = SourceSetup(source=source, account=account, secrets=_new_secrets(source, account, key))
    keys, in_url = (*fresh.keys, *known.keys), (*fresh.url_secrets, *known.url_secrets)
    live = [*keys[:LIVE], *in_url[:LIVE]]
    return _save(ports, source, account, live, was=known.secrets)


def end_rotation(ports: "Ports", source: str, account: str = "") -> SourceSetup:
    """Leave only the newest secret of each kind live."""
    known = _known(ports, source, account)
    newest = [*known.keys[:1], *known.url_secrets[:1]]
    return _save(ports, source, account, newest, was=known.secrets)


def remove_source(ports: "Ports", source: str, account: str = "") -> None:
    """Remove a source: within five minutes, nothing that it sends is accepted."""
    known = _known(ports, source, account)
    ports.source_secrets.save(source, account, (), was=known.secrets)


def list_sources(ports: "Ports", sources: Iterable[str] = SETUPS) -> Iterator[SourceSetup]:
    for source in sources:
        for account, live in ports.source_secrets.by_account(source).items():
            yield SourceSetup(source=source, account=account, secrets=live)


def _known(ports: "Ports", source: str, account: str) -> SourceSetup:
    live = ports.source_secrets.by_account(source).get(account)
    if not live:
        raise _refusal("source", "is not set up", "Add it first.")
    return SourceSetup(source=source, account=account, secrets=live)


def _save(
    ports: "Ports", source: str, account: str, live: Sequence[str], *, was: Sequence[str]
) -> SourceSetup:
    ports.source_secrets.save(source, account, live, was=was)
    return SourceSetup(source=source, account=account, secrets=live)


def _new_secrets(source: str, account: str, key: str) -> list[str]:
    setup = SETUPS[source]
    keys = [key or _new_key(source)] if key or setup.key is Proof.OURS else []
    carried = setup.in_url is InUrl.ALWAYS or (setup.in_url is InUrl.UNSIGNED and not keys)
    return [*keys, *([_new_url_secret(account)] if carried or account else [])]


def _new_key(source: str) -> str:
    if source == "standard":
        return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"
    return secrets.token_urlsafe(32)


def _new_url_secret(account: str) -> str:
    owner = f"{account}." if account else ""
    return f"{URL_MARK}{owner}{secrets.token_urlsafe(24)}"


def _check(source: str, account: str, key: str) -> None:
    if source not in SETUPS:
        raise _refusal("source", "is not a known source", f"Name one of {', '.join(SETUPS)}.")
    if account:
        require_account_id(account)
    if key.startswith(URL_MARK):
        raise _refusal("secret", f"must not begin with {URL_MARK}", "Choose another one.")
    if SETUPS[source].key is Proof.THEIRS and not key:
        raise _refusal("secret", "is the source's to give", "Copy it from there and name it.")


def _refusal(field: str, rule: str, remedy: str) -> InvalidRequestError:
    return InvalidRequestError(FieldProblem(field, rule, remedy))
