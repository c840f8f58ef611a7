"""What an account may still request in this minute: allotments, taken from a shared counter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import UpdateError

from vtr.adapters.dynamodb.conditional_writes import is_condition_failure
from vtr.adapters.dynamodb.table_keys import allowance_pk
from vtr.adapters.dynamodb.tables import TransientItem
from vtr.domain.accounts import Account
from vtr.domain.limits import MINUTE, Metered, allotment_of, minute_of

Take = Callable[[str, int, int], bool]
"""Take this many from the named counter if the limit, passed last, allows it."""

KEPT_MINUTES = 10


@dataclass
class _LocalAllotment:
    """This environment's local allotment for the current minute.

    ``refused`` is the least that the shared counter did not give: only less is asked for again.
    """

    left: int
    refused: int


class SharedAllowances:
    """Spend the local allotment; take further ones from the counter that all environments share."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._minute = 0
        self._allotments: dict[tuple[str, Metered], _LocalAllotment] = {}

    def spend(self, account: Account, metered: Metered, count: int, now: datetime) -> bool:
        limit = account.limits.of(metered)
        if self._minute != minute_of(now):
            self._minute, self._allotments = minute_of(now), {}
        allotment = self._allotments.setdefault(
            (account.id, metered), _LocalAllotment(allotment_of(limit), refused=limit + 1)
        )
        more = max(count - allotment.left, allotment_of(limit))
        if allotment.left < count and more < allotment.refused:
            if self._take(allowance_pk(account.id, metered, self._minute), more, limit):
                allotment.left += more
            else:
                allotment.refused = more
        if allotment.left < count:
            return False
        allotment.left -= count
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
