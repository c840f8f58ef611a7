"""Authenticate callers: find a key's account, and what the key may do."""

from dataclasses import dataclass
from datetime import datetime

from vtr.domain.accounts import (
    Account,
    ApiKey,
    authenticate,
    split_token,
)
from vtr.domain.errors import AccountNotFoundError, UnauthenticatedError
from vtr.ports import Ports


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller: the account of a key, and what the key may do."""

    account: Account
    key: ApiKey


def caller_of(ports: Ports, authorization: str | None, now: datetime) -> Caller:
    """Return the caller by the ``Authorization`` header; the key alone determines the account."""
    key_id, secret = split_token(authorization)
    key = authenticate(ports.keys.get(key_id), secret, now)
    account = ports.accounts.get(key.account)
    if account is None or account.closed_at is not None:
        raise UnauthenticatedError("The key's account is closed. Ask the marketplace to open it.")
    ports.keys.note_use(key.id, now.date())
    return Caller(account, key)


def account_of(ports: Ports, account: str) -> Account:
    """Return the account that a message names."""
    found = ports.accounts.get(account)
    if found is None:
        raise AccountNotFoundError(f"There is no account {account}.")
    return found
