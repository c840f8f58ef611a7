"""Backoff: pauses that grow to a bound."""

from vtr.domain.backoff import backoff, retry_seconds


def test_a_message_that_failed_comes_again_after_ten_seconds_and_within_two_minutes() -> None:
    received = (1, 2, 3, 4, 5, 1000)
    assert [retry_seconds(times) for times in received] == [10, 20, 40, 80, 120, 120]


def test_there_is_a_pause_less_than_attempts_and_none_is_longer_than_the_longest() -> None:
    pauses = list(backoff(8, first=1, longest=10))
    assert len(pauses) == 7
    bounds = (1, 2, 4, 8, 10, 10, 10)
    assert all(0 <= pause <= most for pause, most in zip(pauses, bounds, strict=True))
