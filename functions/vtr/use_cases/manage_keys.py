"""Accounts and keys: open an account, make, replace and end its keys."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from vtr.domain.accounts import (
    Account,
    ApiKey,
    KeyChange,
    KeyEvent,
    Scope,
    hash_secret,
    require_account_id,
    token_of,
)
from vtr.domain.errors import KeyNotFoundError
from vtr.ports import Ports
from vtr.use_cases.authenticate import account_of


def open_account(ports: Ports, account: str, policy: str) -> Account:
    """Return the account, created if it is new. The policy of an existing one is not changed."""
    require_account_id(account)
    ports.accounts.add(Account(id=account, policy=policy, cursor_secret=secrets.token_bytes(32)))
    opened = ports.accounts.get(account, consistent=True)
    assert opened is not None  # noqa: S101 - it was added a line above
    return opened


def create_key(
    ports: Ports,
    account: Account,
    scopes: Collection[Scope],
    now: datetime,
    expires_at: datetime | None = None,
    *,
    by: str = "",
    note: str = "",
) -> str:
    """Create a key; return its token, which cannot be recovered: only its hash is kept."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(
        id=key_id,
        secret_hash=hash_secret(secret),
        account=account.id,
        scopes=frozenset(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    ports.keys.save(key, _change(key, KeyEvent.CREATED, now, by, note))
    return token_of(key_id, secret)


def rotate_key(
    ports: Ports, key_id: str, now: datetime, overlap: timedelta, *, by: str = ""
) -> str:
    """Create a key that replaces another, with the same account, scopes and lifetime.

    The old one stays live for the *overlap*, so that its holder can change over.
    """
    old = _key(ports, key_id)
    ending = old.giving_way(now, overlap)
    lasts = old.expires_at - old.created_at if old.expires_at else None
    account = account_of(ports, old.account)
    token = create_key(
        ports, account, old.scopes, now, now + lasts if lasts else None, by=by, note=f"for {key_id}"
    )
    until = f"until {ending.expires_at:%Y-%m-%dT%H:%M:%SZ}"
    ports.keys.save(ending, _change(old, KeyEvent.REPLACED, now, by, until))
    return token


def revoke_key(ports: Ports, key_id: str, now: datetime, *, by: str = "") -> ApiKey:
    """Revoke a key. Functions that have it cached accept it for up to half a minute more."""
    revoked = _key(ports, key_id).revoked(now)
    ports.keys.save(revoked, _change(revoked, KeyEvent.REVOKED, now, by))
    return revoked


def list_keys(ports: Ports, account: str) -> list[tuple[ApiKey, date | None]]:
    """Return every key that an account ever had, oldest first, with the last day of its use."""
    changes = ports.keys.changes(account)
    ids = [change.key_id for change in changes if change.event is KeyEvent.CREATED]
    used = ports.keys.last_used(ids)
    keys = (ports.keys.get(key_id) for key_id in ids)
    return [(key, used.get(key.id)) for key in keys if key is not None]


def _key(ports: Ports, key_id: str) -> ApiKey:
    key = ports.keys.get(key_id)
    if key is None:
        raise KeyNotFoundError(f"There is no key {key_id}. See vtr keys list.")
    return key


def _change(key: ApiKey, event: KeyEvent, now: datetime, by: str, note: str = "") -> KeyChange:
    return KeyChange(at=now, account=key.account, key_id=key.id, event=event, by=by, note=note)
