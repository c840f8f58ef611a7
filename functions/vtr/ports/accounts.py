"""What the use cases need of accounts: their keys, limits, waivers, and receipts of erasures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from vtr.domain.accounts import Account, ApiKey, KeyChange
from vtr.domain.erasures import Erasure, Subject
from vtr.domain.limits import Limits, Metered
from vtr.domain.policies import Waiver


class Accounts(Protocol):
    def get(self, account: str, *, consistent: bool = False) -> Account | None:
        """Return an account; unless *consistent*, it may be cached for a moment."""
        ...

    def add(self, account: Account) -> bool:
        """Add an account; return False, and change nothing, if it exists."""
        ...

    def set_limits(self, account: str, limits: Limits) -> None:
        """Set an account's limits; raise ``ConflictError`` if another writer changes it."""
        ...

    def grow(self, account: str, shards: int) -> None:
        """Give an account this many shards, unless it has as many or another writer changes it."""
        ...

    def add_category(self, account: str, category: str) -> None:
        """Add a category to an account's; raise ``ConflictError`` if another writer changes it.

        Raise ``TooManyCategoriesError`` if the account has as many as it may have.
        """
        ...

    def close(self, account: str, at: datetime) -> None:
        """Close an account, unless it is closed; other environments notice within a minute.

        Raise ``ConflictError`` if another writer changes it.
        """
        ...

    def delete(self, account: str) -> None: ...

    def all(self) -> Iterator[Account]: ...


class Keys(Protocol):
    def get(self, key_id: str) -> ApiKey | None: ...

    def save(self, key: ApiKey, change: KeyChange) -> None:
        """Save a key; before that, record permanently what was done to it."""
        ...

    def delete(self, key_id: str) -> None:
        """Delete a key and the day of its last use; what was done to it stays recorded."""
        ...

    def changes(self, account: str) -> Sequence[KeyChange]:
        """Return all that was ever done to an account's keys, oldest first."""
        ...

    def note_use(self, key_id: str, day: date) -> None:
        """Note that a key was used on a day; do nothing if that cannot be noted."""
        ...

    def last_used(self, key_ids: Iterable[str]) -> Mapping[str, date]:
        """Return the last day noted for each key; days are kept for some 400 days."""
        ...


class Allowances(Protocol):
    def spend(self, account: Account, metered: Metered, count: int, now: datetime) -> bool:
        """Spend *count* of an account's limit for this minute; return False if it is exhausted.

        Environments take allotments of the limit, so it may be exceeded by these: see
        ``vtr.domain.limits``.
        """
        ...


class Waivers(Protocol):
    def of(self, policy_id: str) -> tuple[Waiver, ...]:
        """Return the waivers of a policy, by name; they may be cached for a moment."""
        ...

    def refresh(self) -> None:
        """Forget the cached waivers."""
        ...

    def add(self, policy_id: str, waiver: Waiver) -> None:
        """Store a waiver, in place of one of the same name."""
        ...

    def remove(self, policy_id: str, name: str) -> None:
        """Remove the waiver of this name, if there is one."""
        ...


class Erasures(Protocol):
    """The receipts of what was erased; they stay."""

    def save(self, erasure: Erasure) -> None:
        """Save a receipt, in place of the one of the same erasure."""
        ...

    def of(self, subject: Subject) -> Sequence[Erasure]:
        """Return all receipts for subjects of a kind, oldest first; strongly consistent."""
        ...
