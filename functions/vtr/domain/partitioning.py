"""How an account's days are cut into buckets, and how often a large bucket is counted.

A partition of DynamoDB takes 1,000 writes and gives 3,000 reads a second, and a count reads the
whole bucket. So busy accounts have several buckets a day, and large ones rest between two counts.
"""

from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

ROWS_A_SHARD = 20_000
"""Counted in a second or two; an account with a busier day is given more shards."""

MOST_SHARDS = 512

ROWS_A_SLOT, MOST_SLOTS = 500, 4
"""A bucket rests a slot for so many rows, so that counting costs no more the larger it is; but
never more slots than this. The queue delays by two: what comes too early is put off by as much,
so a change is counted six slots later at the latest, which are two minutes."""


def shard_of(order_id: str, package_id: str, shards: int) -> int:
    """The part of its day that a package goes to; where it once went it stays."""
    return crc32(f"{order_id}#{package_id}".encode()) % shards


def shards_for(packages_by_day: Iterable[int], now: int) -> int:
    """How many shards an account with such days should have; never fewer than *now*.

    They double, so that they change seldom: what was written before stays where it is, and rows
    are looked for in every shard up to the last.
    """
    shards, busiest = now, max(packages_by_day, default=0)
    while busiest > shards * ROWS_A_SHARD and shards < MOST_SHARDS:
        shards *= 2
    return shards


def cooldown_of(rows: int, slot: timedelta) -> timedelta:
    """How long a bucket of so many rows rests between the beginnings of two counts.

    A small one does not: the queue takes one recount a slot in any case.
    """
    slots = min(rows // ROWS_A_SLOT, MOST_SLOTS)
    return slot * slots if slots > 1 else timedelta(0)
