"""Backoff: how long to pause before a retry."""

from collections.abc import Iterator
from random import random


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
