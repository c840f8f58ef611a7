"""Accounts, keys, counters and receipts in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from vtr.domain.accounts import Account, ApiKey, KeyChange
from vtr.domain.erasures import Erasure, Subject
from vtr.domain.holds import HoldChange
from vtr.domain.limits import Limits
from vtr.domain.policies import Waiver


class MemoryAccounts:
    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def get(self, account: str, *, consistent: bool = False) -> Account | None:  # noqa: ARG002 - memory is always consistent
        return self._accounts.get(account)

    def add(self, account: Account) -> bool:
        if account.id in self._accounts:
            return False
        self._accounts[account.id] = account
        return True

    def set_limits(self, account: str, limits: Limits) -> None:
        self._accounts[account] = replace(self._accounts[account], limits=limits)

    def grow(self, account: str, shards: int) -> None:
        known = self._accounts[account]
        self._accounts[account] = replace(known, shards=max(known.shards, shards))

    def add_category(self, account: str, category: str) -> None:
        self._accounts[account] = self._accounts[account].with_category(category)

    def close(self, account: str, at: datetime) -> None:
        known = self._accounts[account]
        self._accounts[account] = replace(known, closed_at=known.closed_at or at)

    def delete(self, account: str) -> None:
        self._accounts.pop(account, None)

    def all(self) -> Iterator[Account]:
        yield from self._accounts.values()


class MemoryKeys:
    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}
        self._changes: dict[str, list[KeyChange]] = {}
        self._used: dict[str, date] = {}

    def get(self, key_id: str) -> ApiKey | None:
        return self._keys.get(key_id)

    def save(self, key: ApiKey, change: KeyChange) -> None:
        self._changes.setdefault(change.account, []).append(change)
        self._keys[key.id] = key

    def delete(self, key_id: str) -> None:
        self._keys.pop(key_id, None)
        self._used.pop(key_id, None)

    def changes(self, account: str) -> Sequence[KeyChange]:
        return sorted(self._changes.get(account, ()), key=lambda change: (change.at, change.key_id))

    def note_use(self, key_id: str, day: date) -> None:
        self._used[key_id] = day

    def last_used(self, key_ids: Iterable[str]) -> Mapping[str, date]:
        return {key_id: self._used[key_id] for key_id in key_ids if key_id in self._used}


class MemoryHolds:
    def __init__(self) -> None:
        self._changes: dict[str, list[HoldChange]] = {}

    def record(self, change: HoldChange) -> None:
        self._changes.setdefault(change.account, []).append(change)

    def changes(self, account: str) -> Sequence[HoldChange]:
        found = self._changes.get(account, ())
        return sorted(found, key=lambda change: (change.at, change.order_id))


class MemoryCounters:
    """The shared counter of ``SharedAllowances``; ``takings`` counts the calls to it."""

    def __init__(self) -> None:
        self.takings = 0
        self._taken: dict[str, int] = {}

    def __call__(self, name: str, count: int, limit: int) -> bool:
        self.takings += 1
        taken = self._taken.get(name, 0) + count
        if taken > limit:
            return False
        self._taken[name] = taken
        return True


class MemoryWaivers:
    def __init__(self) -> None:
        self._waivers: dict[str, tuple[Waiver, ...]] = {}

    def of(self, policy_id: str) -> tuple[Waiver, ...]:
        return self._waivers.get(policy_id, ())

    def refresh(self) -> None:
        """Do nothing: memory is always fresh."""

    def add(self, policy_id: str, waiver: Waiver) -> None:
        others = (each for each in self.of(policy_id) if each.name != waiver.name)
        self._waivers[policy_id] = tuple(sorted((*others, waiver), key=lambda each: each.name))

    def remove(self, policy_id: str, name: str) -> None:
        kept = (each for each in self.of(policy_id) if each.name != name)
        self._waivers[policy_id] = tuple(kept)


class MemoryErasures:
    def __init__(self) -> None:
        self._erasures: dict[tuple[Subject, datetime, str], Erasure] = {}

    def save(self, erasure: Erasure) -> None:
        self._erasures[erasure.subject, erasure.began_at, erasure.digest] = erasure

    def of(self, subject: Subject) -> Sequence[Erasure]:
        return [self._erasures[key] for key in sorted(self._erasures) if key[0] is subject]
