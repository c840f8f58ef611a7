"""Retry a conditional write that lost to another writer."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from vtr.domain.backoff import backoff
from vtr.domain.errors import ConflictError

T = TypeVar("T")

ATTEMPTS = 6
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.01, 0.2


def retry_on_conflict(
    attempt: Callable[[bool], T],
    *,
    attempts: int = ATTEMPTS,
    first_pause: float = FIRST_PAUSE_SECONDS,
    longest_pause: float = LONGEST_PAUSE_SECONDS,
) -> T:
    """Call *attempt* until it raises no ``ConflictError``; that of the last attempt is raised.

    *attempt* reads, decides, and writes if the version is unchanged. Its argument says whether to
    read strongly consistently: at first not, for half the price; after a conflict, always.
    """
    consistent = False
    for pause in backoff(attempts, first=first_pause, longest=longest_pause):
        try:
            return attempt(consistent)
        except ConflictError:
            sleep(pause)
            consistent = True
    return attempt(consistent)
