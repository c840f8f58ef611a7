"""How an account's days are cut into buckets, and how often a large bucket is counted.

A DynamoDB partition allows 1,000 writes and 3,000 reads a second, and a count reads the whole
bucket. So busy accounts have several buckets a day, and large buckets a cooldown between counts.
"""

from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

ROWS_A_SHARD = 20_000
"""Counted in a second or two; an account with a busier day gets more shards."""

MOST_SHARDS = 512

ROWS_A_SLOT, MOST_SLOTS = 500, 4
"""The cooldown is one slot per this many rows, up to this many slots, so that a larger bucket costs
no more to count. It runs while the queue's delay does: a change is counted when both are over, at
most four slots (80 seconds) later."""

DELAY_SLOTS = 2
"""A recount is delivered this many slots after its request: its slot is then over. The one that
comes first counts the changes of the next slot, too, and the next one has nothing left to count."""


def shard_of(order_id: str, package_id: str, shards: int) -> int:
    """Return the shard of its day that a package goes to; it never moves to another."""
    return crc32(f"{order_id}#{package_id}".encode()) % shards


def shards_for(packages_by_day: Iterable[int], now: int) -> int:
    """Return how many shards an account with such days should have; never fewer than *now*.

    They double, so that they rarely change. Rows already written stay where they are; readers look
    in every shard.
    """
    shards, busiest = now, max(packages_by_day, default=0)
    while busiest > shards * ROWS_A_SHARD and shards < MOST_SHARDS:
        shards *= 2
    return shards


def cooldown_of(rows: int, slot: timedelta) -> timedelta:
    """Return the cooldown of a bucket of this many rows, between the starts of two counts.

    A small bucket has none: the queue takes only one recount per slot anyway.
    """
    slots = min(rows // ROWS_A_SLOT, MOST_SLOTS)
    return slot * slots if slots > 1 else timedelta(0)
