"""Backoff: how long to pause before a retry, in place or by way of a queue."""

from collections.abc import Iterator
from random import random

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 10, 120
"""A queue's message that failed comes again after these; a short failure delays nothing for long,
and what waits for the end of a long one is done within two minutes of it."""


def backoff(attempts: int, *, first: float, longest: float) -> Iterator[float]:
    """Yield the pause in seconds before each further attempt: one fewer than *attempts*.

    Pauses double from *first* to *longest*, and each is drawn at random below that ("full
    jitter"), so that many clients do not retry at once.
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    pause = first
    for _ in range(attempts - 1):
        yield pause * random()  # noqa: S311 - not for secrets
        pause = min(2 * pause, longest)


def retry_seconds(receives: int) -> int:
    """Return when a message that failed comes again: the seconds double with each time received."""
    return min(FIRST_RETRY_SECONDS << (receives - 1), LONGEST_RETRY_SECONDS)
