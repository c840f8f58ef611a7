"""Set sources up: the secrets that each is known by, and the path that it is to call.

Only the marketplace does this. A source may be bound to an account; it then has secrets and a URL
of its own, and can be taken away without touching anybody else's.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vtr.domain.accounts import require_account_id
from vtr.domain.errors import FieldProblem, InvalidRequestError

if TYPE_CHECKING:
    # Accepting a delivery needs this module and no domain: its cold start is an answer.
    from vtr.ports import Ports

LIVE = 2
"""Secrets of one kind that are live at once: the new one, and the one before it."""

URL_MARK = "url_"


class Proof(StrEnum):
    """Whose word the key is that requests are signed with, or that they show."""

    OURS = "ours"
    THEIRS = "theirs"
    NONE = "none"


class InUrl(StrEnum):
    """When the URL carries a secret: it is the only proof, or a part of every proof."""

    NEVER = "never"
    UNSIGNED = "unsigned"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a source's requests are proven by."""

    key: Proof
    in_url: InUrl = InUrl.NEVER


SETUPS = {
    "standard": Setup(Proof.OURS),
    "ups": Setup(Proof.OURS),
    "fedex": Setup(Proof.OURS),
    "usps": Setup(Proof.OURS),
    "dhl": Setup(Proof.NONE, InUrl.UNSIGNED),
    "easypost": Setup(Proof.OURS),
    "shippo": Setup(Proof.NONE, InUrl.UNSIGNED),
    "aftership": Setup(Proof.THEIRS),
    # Signed with one key for all its customers: without the URL's secret any of them could send.
    "shipengine": Setup(Proof.NONE, InUrl.ALWAYS),
    "17track": Setup(Proof.THEIRS),
    # Only the timestamp is signed.
    "trackingmore": Setup(Proof.THEIRS, InUrl.ALWAYS),
    "ship24": Setup(Proof.THEIRS),
}
"""The sources that call us. Whatever is bound to an account has a secret in its URL besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSetup:
    """A source as it is set up, for the marketplace or for one account; secrets newest first."""

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
        """The path to call, with the newest secret where it carries one."""
        return "/".join(["/v1/webhooks", self.source, *self.url_secrets[:1]])


def account_in_url(secret: str) -> str:
    """The account that a URL's secret names: ``url_acme.9fX…``; none in the marketplace's."""
    return secret.removeprefix(URL_MARK).rpartition(".")[0]


def add_source(ports: "Ports", source: str, account: str = "", key: str = "") -> SourceSetup:
    """Set a source up; *key* is the one that the source gave, or that was chosen for it."""
    _check(source, account, key)
    if ports.source_secrets.by_account(source).get(account):
        raise _refusal("source", "is set up already", "Rotate its secrets, or remove it first.")
    return _save(ports, source, account, _new_secrets(source, account, key))


def rotate_source(ports: "Ports", source: str, account: str = "", key: str = "") -> SourceSetup:
    """Add a new secret of each kind; the one before stays live until the rotation is ended."""
    _check(source, account, key)
    known = _known(ports, source, account)
    fresh = SourceSetup(source=source, account=account, secrets=_new_secrets(source, account, key))
    keys, in_url = (*fresh.keys, *known.keys), (*fresh.url_secrets, *known.url_secrets)
    live = [*keys[:LIVE], *in_url[:LIVE]]
    return _save(ports, source, account, live)


def end_rotation(ports: "Ports", source: str, account: str = "") -> SourceSetup:
    """Leave only the newest secret of each kind live."""
    known = _known(ports, source, account)
    return _save(ports, source, account, [*known.keys[:1], *known.url_secrets[:1]])


def remove_source(ports: "Ports", source: str, account: str = "") -> None:
    """Let nothing that the source sends be authentic any more, in five minutes at the latest."""
    _known(ports, source, account)
    ports.source_secrets.save(source, account, ())


def list_sources(ports: "Ports", sources: Iterable[str] = SETUPS) -> Iterator[SourceSetup]:
    for source in sources:
        for account, live in ports.source_secrets.by_account(source).items():
            yield SourceSetup(source=source, account=account, secrets=live)


def _known(ports: "Ports", source: str, account: str) -> SourceSetup:
    live = ports.source_secrets.by_account(source).get(account)
    if not live:
        raise _refusal("source", "is not set up", "Add it first.")
    return SourceSetup(source=source, account=account, secrets=live)


def _save(ports: "Ports", source: str, account: str, live: Sequence[str]) -> SourceSetup:
    ports.source_secrets.save(source, account, live)
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
        raise _refusal("source", "is none that calls us", f"Name one of {', '.join(SETUPS)}.")
    if account:
        require_account_id(account)
    if key.startswith(URL_MARK):
        raise _refusal("secret", f"must not begin with {URL_MARK}", "Have another one made.")
    if SETUPS[source].key is Proof.THEIRS and not key:
        raise _refusal("secret", "is the source's to give", "Copy it from there and name it.")


def _refusal(field: str, rule: str, remedy: str) -> InvalidRequestError:
    return InvalidRequestError(FieldProblem(field, rule, remedy))
