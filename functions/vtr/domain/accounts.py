"""Accounts and their API keys."""

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from vtr.domain.errors import (
    FieldProblem,
    InvalidRequestError,
    KeyEndedError,
    ScopeMissingError,
    TooManyCategoriesError,
    UnauthenticatedError,
)
from vtr.domain.limits import DEFAULT_LIMITS, Limits

ACCOUNT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""An account's name is part of table keys, where a ``#`` would reach into another account's."""


def require_account_id(account: str) -> None:
    if not ACCOUNT_ID.fullmatch(account):
        rule = "must be 1 to 64 letters, digits and . _ -"
        raise InvalidRequestError(FieldProblem("account", rule, "Name one of these alone."))


class Scope(StrEnum):
    SUBMIT = "submit"
    READ = "read"
    REPORT = "report"
    OPERATE = "operate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One seller on one marketplace, and so under one policy.

    ``shards`` is how many buckets a day's packages are spread over; ``cursor_secret`` signs the
    account's cursors; ``limits`` are its limits. ``categories`` are those of all its orders.
    ``closed_at`` is when its erasure began: from then on nothing is accepted from it and nothing
    counted for it.
    """

    id: str
    policy: str
    cursor_secret: bytes
    shards: int = 1
    limits: Limits = DEFAULT_LIMITS
    categories: frozenset[str] = frozenset()
    closed_at: datetime | None = None

    def with_category(self, category: str) -> "Account":
        if category in self.categories:
            return self
        if len(self.categories) >= self.limits.categories:
            raise TooManyCategoriesError(
                f"The account has orders of {self.limits.categories} categories, the most it may "
                f"have, and {category!r} is none of them. Send the marketplace's product category, "
                "not a title or a SKU, or ask the marketplace for more categories."
            )
        return replace(self, categories=self.categories | {category})

    def rollover_slice(self, slices: int) -> int:
        """Return which of this many slices of an hour is this account's, the same one every day."""
        return crc32(self.id.encode()) % slices


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is stored: only the hash of its secret. It is valid for ``account`` alone."""

    id: str
    secret_hash: str
    account: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        expired = self.expires_at is not None and self.expires_at <= now
        return not expired and self.revoked_at is None

    def giving_way(self, now: datetime, overlap: timedelta) -> "ApiKey":
        """Return the rotated key: it ends after the *overlap*, if not before."""
        self._require_live(now)
        end = now + overlap
        return replace(self, expires_at=min(self.expires_at or end, end))

    def revoked(self, now: datetime) -> "ApiKey":
        self._require_live(now)
        return replace(self, revoked_at=now)

    def _require_live(self, now: datetime) -> None:
        if not self.is_live(now):
            raise KeyEndedError(f"The key {self.id} is revoked or has expired. Create a new one.")


class KeyEvent(StrEnum):
    CREATED = "created"
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """What was done to a key, when, and by whom. ``note`` adds details, for people to read."""

    at: datetime
    account: str
    key_id: str
    event: KeyEvent
    by: str
    note: str = ""


PREFIX = "vtr"
REMEDY = "Send the header Authorization: Bearer vtr_…, with a key that is live."


def hash_secret(secret: str) -> str:
    """Hash a secret. It has 256 random bits, so a plain hash resists search and needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(key_id: str, secret: str) -> str:
    return f"{PREFIX}_{key_id}_{secret}"


def key_id_of(text: str) -> str:
    """Return the id in a full key, in a key without its secret, or in an id itself."""
    return text.removeprefix(f"{PREFIX}_").partition("_")[0]


def split_token(authorization: str | None) -> tuple[str, str]:
    """Return the key id and the secret in an ``Authorization`` header."""
    scheme, _, token = (authorization or "").partition(" ")
    prefix, _, rest = token.strip().partition("_")
    key_id, _, secret = rest.partition("_")
    if scheme.lower() != "bearer" or prefix != PREFIX or not (key_id and secret):
        raise UnauthenticatedError(f"The key is missing or is not one of ours. {REMEDY}")
    return key_id, secret


def authenticate(key: ApiKey | None, secret: str, now: datetime) -> ApiKey:
    """Return the key if the secret matches and it is live. Unknown and wrong keys look the same."""
    known_hash = key.secret_hash if key is not None else ""
    if not hmac.compare_digest(hash_secret(secret), known_hash) or key is None:
        raise UnauthenticatedError(f"The key is not valid. {REMEDY}")
    if key.revoked_at is not None:
        raise UnauthenticatedError(f"The key was revoked. {REMEDY}")
    if key.expires_at is not None and key.expires_at <= now:
        raise UnauthenticatedError(f"The key expired at {key.expires_at:%Y-%m-%dT%H:%MZ}. {REMEDY}")
    return key


def require_scope(key: ApiKey, scope: Scope) -> None:
    if scope not in key.scopes:
        raise ScopeMissingError(
            f"This needs a key with the scope {scope.value!r}; this key has "
            f"{', '.join(sorted(key.scopes)) or 'none'}. Ask for one with the scope."
        )
