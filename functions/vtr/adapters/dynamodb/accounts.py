"""Accounts, keys and waivers, in the table ``accounts``.

All three are read on almost every call and change rarely, so reads are cached: a new key or waiver
works at once, a changed one within ``FRESH_SECONDS``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pynamodb.exceptions import PynamoDBException

from vtr.adapters.dynamodb.codec import dump, load
from vtr.adapters.dynamodb.conditional_writes import save_if
from vtr.adapters.dynamodb.table_keys import (
    ACCOUNT_PARTS,
    account_pk,
    accounts_pk,
    api_key_pk,
    key_change_sk,
    key_changes_pk,
    key_use_pk,
    waivers_pk,
)
from vtr.adapters.dynamodb.tables import AccountItem, TransientItem
from vtr.adapters.ttl_cache import Fresh
from vtr.domain.accounts import Account, ApiKey, KeyChange
from vtr.domain.errors import ConflictError, ThrottledError
from vtr.domain.limits import Limits
from vtr.domain.policies import Waiver

FRESH_SECONDS = 30.0
USE_IS_KEPT = timedelta(days=400)


class DynamoAccounts:
    def __init__(self) -> None:
        self._fresh = Fresh(self._read, FRESH_SECONDS)

    def get(self, account: str, *, consistent: bool = False) -> Account | None:
        if not consistent:
            return self._fresh(account)
        return self._fresh.put(account, self._read(account, consistent=True))

    def add(self, account: Account) -> bool:
        return save_if(_item(account), AccountItem.pk.does_not_exist())

    def set_limits(self, account: str, limits: Limits) -> None:
        self._change(account, lambda known: replace(known, limits=limits))

    def grow(self, account: str, shards: int) -> None:
        with suppress(ConflictError):
            self._change(account, lambda known: replace(known, shards=max(known.shards, shards)))

    def add_category(self, account: str, category: str) -> None:
        self._change(account, lambda known: known.with_category(category))

    def close(self, account: str, at: datetime) -> None:
        self._change(account, lambda known: replace(known, closed_at=known.closed_at or at))

    def delete(self, account: str) -> None:
        AccountItem(account_pk(account), account).delete()
        self._fresh.forget(account)

    def _change(self, account: str, change: Callable[[Account], Account]) -> None:
        item = AccountItem.get(account_pk(account), account, consistent_read=True)
        known = load(item.content, Account)
        if (changed := change(known)) == known:
            self._fresh.forget(account)
            return
        if not save_if(_item(changed), AccountItem.content == item.content):
            raise ConflictError(f"{account} was written in between. Try again.")
        self._fresh.forget(account)

    def all(self) -> Iterator[Account]:
        for part in range(ACCOUNT_PARTS):
            for item in AccountItem.query(accounts_pk(part)):
                yield load(item.content, Account)

    @staticmethod
    def _read(account: str, *, consistent: bool = False) -> Account | None:
        item = _get(account_pk(account), account, consistent=consistent)
        return None if item is None else load(item.content, Account)


class DynamoKeys:
    def __init__(self) -> None:
        self._fresh = Fresh(self._read, FRESH_SECONDS)
        self._noted: dict[str, date] = {}

    def get(self, key_id: str) -> ApiKey | None:
        return self._fresh(key_id)

    def save(self, key: ApiKey, change: KeyChange) -> None:
        # The change first: a key must not work, or stop working, without a record of who did it.
        sk = key_change_sk(change.at, change.key_id)
        AccountItem(key_changes_pk(change.account), sk, content=dump(change)).save()
        AccountItem(api_key_pk(key.id), "KEY", content=dump(key)).save()
        self._fresh.forget(key.id)

    def delete(self, key_id: str) -> None:
        AccountItem(api_key_pk(key_id), "KEY").delete()
        TransientItem(key_use_pk(key_id)).delete()
        self._fresh.forget(key_id)

    def changes(self, account: str) -> Sequence[KeyChange]:
        found = AccountItem.query(key_changes_pk(account), consistent_read=True)
        return [load(item.content, KeyChange) for item in found]

    def note_use(self, key_id: str, day: date) -> None:
        if self._noted.get(key_id) == day:
            return
        self._noted[key_id] = day
        # Failing to note the day is no reason to refuse the request.
        with suppress(PynamoDBException, ThrottledError):
            if not self._is_noted(key_id, day):
                end = datetime.combine(day, time(), UTC) + USE_IS_KEPT
                item = TransientItem(key_use_pk(key_id), day=day.isoformat())
                item.expiration = int(end.timestamp())
                item.save()

    def last_used(self, key_ids: Iterable[str]) -> Mapping[str, date]:
        ids = {key_use_pk(key_id): key_id for key_id in key_ids}
        return {
            ids[item.pk]: date.fromisoformat(str(item.day))
            for item in TransientItem.batch_get(list(ids))
        }

    @staticmethod
    def _is_noted(key_id: str, day: date) -> bool:
        try:
            return bool(TransientItem.get(key_use_pk(key_id)).day == day.isoformat())
        except TransientItem.DoesNotExist:
            return False

    @staticmethod
    def _read(key_id: str) -> ApiKey | None:
        item = _get(api_key_pk(key_id), "KEY")
        return None if item is None else load(item.content, ApiKey)


class DynamoWaivers:
    def __init__(self) -> None:
        self._fresh = Fresh(self._read, FRESH_SECONDS)

    def of(self, policy_id: str) -> tuple[Waiver, ...]:
        return self._fresh(policy_id)

    def refresh(self) -> None:
        self._fresh = Fresh(self._read, FRESH_SECONDS)

    def add(self, policy_id: str, waiver: Waiver) -> None:
        AccountItem(waivers_pk(policy_id), waiver.name, content=dump(waiver)).save()
        self._fresh.forget(policy_id)

    def remove(self, policy_id: str, name: str) -> None:
        AccountItem(waivers_pk(policy_id), name).delete()
        self._fresh.forget(policy_id)

    @staticmethod
    def _read(policy_id: str) -> tuple[Waiver, ...]:
        found = AccountItem.query(waivers_pk(policy_id), consistent_read=True)
        return tuple(load(item.content, Waiver) for item in found)


def _item(account: Account) -> AccountItem:
    return AccountItem(account_pk(account.id), account.id, content=dump(account))


def _get(pk: str, sk: str, *, consistent: bool = False) -> AccountItem | None:
    try:
        return AccountItem.get(pk, sk, consistent_read=consistent)
    except AccountItem.DoesNotExist:
        return None
