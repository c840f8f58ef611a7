"""Accounts and keys: open an account, make a key for it, find out who speaks."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vtr.domain.accounts import (
    Account,
    ApiKey,
    Scope,
    authenticate,
    hash_secret,
    require_scope,
    split_token,
    token_of,
)
from vtr.domain.errors import AccountUnknownError, UnauthenticatedError
from vtr.use_cases.ports import Ports


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks: the account that a key stands for, and what the key may do."""

    account: Account
    key: ApiKey


def open_account(ports: Ports, account: str, policy: str) -> Account:
    """The account, made if it is new. What it has been under stays: the policy is not changed."""
    ports.accounts.add(Account(id=account, policy=policy, cursor_secret=secrets.token_bytes(32)))
    opened = ports.accounts.get(account)
    assert opened is not None  # noqa: S101 - it was added a line above
    return opened


def create_key(
    ports: Ports,
    account: Account,
    scopes: Collection[Scope],
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """Make a key; answers the token, which cannot be had again: only its hash is kept."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    ports.keys.add(
        ApiKey(
            id=key_id,
            secret_hash=hash_secret(secret),
            account=account.id,
            scopes=frozenset(scopes),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token_of(key_id, secret)


def caller_of(ports: Ports, authorization: str | None, scope: Scope, now: datetime) -> Caller:
    """Who speaks, by the Authorization header; the account follows from the key alone."""
    key_id, secret = split_token(authorization)
    key = authenticate(ports.keys.get(key_id), secret, now)
    require_scope(key, scope)
    account = ports.accounts.get(key.account)
    if account is None:
        raise UnauthenticatedError("The key's account is closed. Ask the marketplace to open it.")
    return Caller(account, key)


def account_of(ports: Ports, account: str) -> Account:
    """The account that a message names."""
    found = ports.accounts.get(account)
    if found is None:
        raise AccountUnknownError(f"There is no account {account}.")
    return found
