"""Shards grow with the busiest day and never move a package; large buckets rest between counts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtr.domain.partitioning import (
    DELAY_SLOTS,
    MOST_SHARDS,
    ROWS_A_SHARD,
    cooldown_of,
    shard_of,
    shards_for,
)

SLOT = timedelta(seconds=20)


@pytest.mark.parametrize(
    ("days", "now", "shards"),
    [
        ([], 1, 1),
        ([ROWS_A_SHARD], 1, 1),
        ([ROWS_A_SHARD + 1], 1, 2),
        ([5, 1_000_000, 5], 1, 64),
        ([1_000_000], 8, 64),
        ([10], 16, 16),
        ([10**12], 1, MOST_SHARDS),
    ],
)
def test_an_account_has_shards_enough_for_its_busiest_day(
    days: list[int], now: int, shards: int
) -> None:
    assert shards_for(days, now) == shards


@given(st.lists(st.integers(0, 10**7)), st.sampled_from([1, 2, 8, 64]))
def test_shards_never_become_fewer(days: list[int], now: int) -> None:
    assert shards_for(days, now) >= now


def test_packages_spread_evenly_over_the_shards() -> None:
    found = [0] * 64
    for number in range(64_000):
        found[shard_of(f"114-{number:07}-8772232", "1", 64)] += 1
    assert min(found) > 800
    assert max(found) < 1200


@pytest.mark.parametrize(
    ("rows", "slots"), [(0, 0), (999, 0), (1000, 2), (1500, 3), (2000, 4), (20_000, 4)]
)
def test_a_bucket_rests_in_proportion_to_its_size_up_to_four_slots(rows: int, slots: int) -> None:
    assert cooldown_of(rows, SLOT) == slots * SLOT


def test_the_longest_rest_and_the_queues_delay_keep_to_two_minutes() -> None:
    """Both run at once; half a minute is left for the count itself, and for those before it."""
    longest = max(cooldown_of(10**9, SLOT), DELAY_SLOTS * SLOT)
    assert longest <= timedelta(minutes=1, seconds=30)
