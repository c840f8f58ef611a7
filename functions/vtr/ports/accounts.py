"""What is kept of accounts: who may speak for them, how often, and what is waived."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from vtr.domain.accounts import Account, ApiKey, KeyChange
from vtr.domain.limits import Limits, Metered
from vtr.domain.policies import Waiver


class Accounts(Protocol):
    def get(self, account: str) -> Account | None: ...

    def add(self, account: Account) -> bool:
        """Add an account; False, and nothing changed, where it exists."""
        ...

    def set_limits(self, account: str, limits: Limits) -> None:
        """Give an account these limits. Raises ConflictError if it is written by another now."""
        ...

    def grow(self, account: str, shards: int) -> None:
        """Give an account so many shards, unless it has as many or is written by another now."""
        ...

    def all(self) -> Iterator[Account]: ...


class Keys(Protocol):
    def get(self, key_id: str) -> ApiKey | None: ...

    def save(self, key: ApiKey, change: KeyChange) -> None:
        """Write a key as it is from now on, and before that, for good, what was done to it."""
        ...

    def changes(self, account: str) -> Sequence[KeyChange]:
        """All that was ever done to an account's keys, oldest first."""
        ...

    def note_use(self, key_id: str, day: date) -> None:
        """Note that a key was used on a day; one that cannot be noted is left out."""
        ...

    def last_used(self, key_ids: Iterable[str]) -> Mapping[str, date]:
        """The last day that was noted of each key, for some 400 days."""
        ...


class Allowances(Protocol):
    def spend(self, account: Account, metered: Metered, count: int, now: datetime) -> bool:
        """Spend so much of what an account may ask for in this minute; False where it is gone.

        Environments share it out among themselves, so it holds but for their shares: see
        ``vtr.domain.limits``.
        """
        ...


class Waivers(Protocol):
    def of(self, policy_id: str) -> tuple[Waiver, ...]:
        """The waivers of a policy, by name; what was read a moment ago may be answered again."""
        ...

    def refresh(self) -> None:
        """Read from now on what holds now."""
        ...

    def add(self, policy_id: str, waiver: Waiver) -> None: ...
