"""What an account may still ask for in this minute: shares of it, taken from a common counter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import UpdateError

from vtr.adapters.dynamodb.conditional_writes import is_condition_failure
from vtr.adapters.dynamodb.table_keys import allowance_pk
from vtr.adapters.dynamodb.tables import TransientItem
from vtr.domain.accounts import Account
from vtr.domain.limits import MINUTE, Metered, minute_of, share_of

Take = Callable[[str, int, int], bool]
"""Take so many from the counter of this name if the limit, given last, has them left."""

KEPT_MINUTES = 10


@dataclass
class _Purse:
    """What this environment holds of a minute; ``dry`` once the counter has no more to give."""

    left: int
    dry: bool = False


class SharedAllowances:
    """Spends from its own purse, and takes shares from the counter that all environments have."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._minute = 0
        self._purses: dict[tuple[str, Metered], _Purse] = {}

    def spend(self, account: Account, metered: Metered, count: int, now: datetime) -> bool:
        limit = account.limits.of(metered)
        if self._minute != minute_of(now):
            self._minute, self._purses = minute_of(now), {}
        purse = self._purses.setdefault((account.id, metered), _Purse(share_of(limit)))
        if purse.left < count and not purse.dry:
            more = max(count - purse.left, share_of(limit))
            name = allowance_pk(account.id, metered, self._minute)
            purse.dry = more > limit or not self._take(name, more, limit)
            purse.left += 0 if purse.dry else more
        if purse.left < count:
            return False
        purse.left -= count
        return True


def take_in_dynamo(name: str, count: int, limit: int) -> bool:
    minute = int(name.rpartition("#")[2])
    room = TransientItem.taken.does_not_exist() | (TransientItem.taken <= limit - count)
    try:
        TransientItem(name).update(
            actions=[
                TransientItem.taken.add(count),
                TransientItem.expiration.set((minute + KEPT_MINUTES) * MINUTE),
            ],
            condition=room,
        )
    except UpdateError as error:
        if is_condition_failure(error):
            return False
        raise
    return True
