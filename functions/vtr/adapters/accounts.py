"""Accounts, keys and waivers, in the table ``accounts``.

All three are read at almost every call and change rarely, so what was read is kept for a while:
a new key or waiver works at once, and a changed one within ``FRESH_SECONDS``.
"""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Generic, TypeVar

from pynamodb.exceptions import PutError

from vtr.adapters.codec import dump, load
from vtr.adapters.keys import ACCOUNT_PARTS, account_pk, accounts_pk, api_key_pk, waivers_pk
from vtr.adapters.tables import AccountItem
from vtr.adapters.versions import is_condition_failure
from vtr.domain.accounts import Account, ApiKey
from vtr.domain.policies import Waiver

FRESH_SECONDS = 30.0

T = TypeVar("T")


class _Fresh(Generic[T]):
    """What was read a short while ago; what was not there is asked for again every time."""

    def __init__(self, read: Callable[[str], T]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, T]] = {}

    def __call__(self, name: str) -> T:
        known = self._known.get(name)
        if known is not None and monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        found = self._read(name)
        if found is not None:
            self._known[name] = monotonic(), found
        return found


class DynamoAccounts:
    def __init__(self) -> None:
        self._fresh = _Fresh(self._read)

    def get(self, account: str) -> Account | None:
        return self._fresh(account)

    def add(self, account: Account) -> bool:
        item = AccountItem(account_pk(account.id), account.id, content=dump(account))
        try:
            item.save(AccountItem.pk.does_not_exist())
        except PutError as error:
            if is_condition_failure(error):
                return False
            raise
        return True

    def all(self) -> Iterator[Account]:
        for part in range(ACCOUNT_PARTS):
            for item in AccountItem.query(accounts_pk(part)):
                yield load(item.content, Account)

    @staticmethod
    def _read(account: str) -> Account | None:
        item = _get(account_pk(account), account)
        return None if item is None else load(item.content, Account)


class DynamoKeys:
    def __init__(self) -> None:
        self._fresh = _Fresh(self._read)

    def get(self, key_id: str) -> ApiKey | None:
        return self._fresh(key_id)

    def add(self, key: ApiKey) -> None:
        AccountItem(api_key_pk(key.id), "KEY", content=dump(key)).save()

    @staticmethod
    def _read(key_id: str) -> ApiKey | None:
        item = _get(api_key_pk(key_id), "KEY")
        return None if item is None else load(item.content, ApiKey)


class DynamoWaivers:
    def __init__(self) -> None:
        self._fresh = _Fresh(self._read)

    def of(self, policy_id: str) -> tuple[Waiver, ...]:
        return self._fresh(policy_id)

    def refresh(self) -> None:
        self._fresh = _Fresh(self._read)

    def add(self, policy_id: str, waiver: Waiver) -> None:
        AccountItem(waivers_pk(policy_id), waiver.name, content=dump(waiver)).save()

    @staticmethod
    def _read(policy_id: str) -> tuple[Waiver, ...]:
        found = AccountItem.query(waivers_pk(policy_id), consistent_read=True)
        return tuple(load(item.content, Waiver) for item in found)


def _get(pk: str, sk: str) -> AccountItem | None:
    try:
        return AccountItem.get(pk, sk)
    except AccountItem.DoesNotExist:
        return None
