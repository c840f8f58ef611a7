"""Copies of a stack's tables from their point-in-time recovery, and the way back from them.

DynamoDB restores into a new table, which has neither TTL, recovery, tags nor alarms. So the items
are copied back into the table that has them, and that the functions work on.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import sleep
from typing import Any

from vtr.domain.backoff import backoff
from vtr.domain.errors import ThrottledError
from vtr.domain.packages import BucketKey
from vtr_cli.deployed import Deployed
from vtr_client.errors import CommandError, InputError

ACCOUNTS, PACKAGES, TRANSIENT = "accounts", "packages", "transient"
SEGMENTS = 16
"""Parts of a table that are copied at the same time."""

BATCH = 100
"""Items that DynamoDB returns per call."""

NO_COPY = "There is no copy {copy} of {name}. vtr restore prepare names the copy that it makes."
ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 8, 0.05, 5.0
Item = dict[str, dict[str, Any]]


@dataclass
class Restored:
    """What was done with the items of a copy, and the buckets whose rows were written."""

    same: int = 0
    missing: int = 0
    changed: int = 0
    buckets: set[BucketKey] = field(default_factory=set)

    def __add__(self, other: "Restored") -> "Restored":
        return Restored(
            self.same + other.same,
            self.missing + other.missing,
            self.changed + other.changed,
            self.buckets | other.buckets,
        )


def tables(found: Deployed) -> dict[str, str]:
    """Return the tables that are worth a copy: their names on AWS by kind."""
    named = {
        path.rpartition("/")[2].removesuffix("Table").lower(): name
        for path, name in found.of_kind("AWS::DynamoDB::Table").items()
    }
    return {kind: name for kind, name in sorted(named.items()) if kind != TRANSIENT}


def latest_moment(found: Deployed) -> datetime:
    """Return the latest moment to which all tables can be restored, some five minutes ago."""
    moments: list[datetime] = []
    for name in tables(found).values():
        answer = found.client("dynamodb").describe_continuous_backups(TableName=name)
        recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        if "LatestRestorableDateTime" not in recovery:
            raise CommandError(
                f"The table {name} has no point-in-time recovery: its stack was deployed with "
                "Protect=false. Restore it from AWS Backup, if BackupDays was set."
            )
        moments.append(recovery["LatestRestorableDateTime"])
    return min(moments)


def make_copies(found: Deployed, copy: str, moment: datetime) -> None:
    """Ask DynamoDB for a copy of each table as it was at *moment*, to the second.

    What an earlier call has asked for already is left as it is.
    """
    dynamodb = found.client("dynamodb")
    for name in tables(found).values():
        with suppress(dynamodb.exceptions.TableAlreadyExistsException):
            dynamodb.restore_table_to_point_in_time(
                SourceTableName=name, TargetTableName=f"{name}-{copy}", RestoreDateTime=moment
            )


def states(found: Deployed, copy: str) -> dict[str, str]:
    """Return the status of each table's copy, by kind: ``CREATING`` until it is ``ACTIVE``."""
    dynamodb, listed = found.client("dynamodb"), {}
    for kind, name in tables(found).items():
        try:
            described = dynamodb.describe_table(TableName=f"{name}-{copy}")
        except dynamodb.exceptions.ResourceNotFoundException:
            raise InputError(NO_COPY.format(copy=copy, name=name)) from None
        listed[kind] = described["Table"]["TableStatus"]
    return listed


def drop_copies(found: Deployed, copy: str) -> None:
    """Delete what there is of a copy; raise an ``InputError`` if there is nothing of it."""
    dynamodb, gone = found.client("dynamodb"), 0
    for name in tables(found).values():
        with suppress(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.delete_table(TableName=f"{name}-{copy}")
            gone += 1
    if not gone:
        raise InputError(NO_COPY.format(copy=copy, name="any table"))


def bring_back(found: Deployed, kind: str, copy: str, *, overwrite: bool) -> Restored:
    """Write the items of a table's copy that the table lacks; with *overwrite*, all that differ.

    Items that the copy lacks came later, and stay.
    """
    table = _Table(found.client("dynamodb"), kind, tables(found)[kind], overwrite=overwrite)
    with ThreadPoolExecutor(SEGMENTS) as threads:
        parts = threads.map(lambda part: table.bring_back(copy, part), range(SEGMENTS))
        return sum(parts, Restored())


@dataclass(frozen=True)
class _Table:
    dynamodb: Any
    kind: str
    name: str
    overwrite: bool

    def bring_back(self, copy: str, segment: int) -> Restored:
        done = Restored()
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=f"{self.name}-{copy}", Segment=segment, TotalSegments=SEGMENTS
        )
        for page in pages:
            for start in range(0, len(page["Items"]), BATCH):
                self._compare(page["Items"][start : start + BATCH], done)
        return done

    def _compare(self, copied: list[Item], done: Restored) -> None:
        present = {_key_text(item): item for item in self._read([_key(item) for item in copied])}
        for item in copied:
            now = present.get(_key_text(item))
            if now == item:
                done.same += 1
            elif now is None:
                done.missing += self._write(
                    item, done, ConditionExpression="attribute_not_exists(pk)"
                )
            else:
                done.changed += self._write(item, done) if self.overwrite else 1

    def _write(self, item: Item, done: Restored, **condition: str) -> bool:
        try:
            self.dynamodb.put_item(TableName=self.name, Item=item, **condition)
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False  # somebody else has just written it, and later than the copy
        if self.kind == PACKAGES:
            account, day, shard = item["pk"]["S"].split("#")
            done.buckets.add(BucketKey(account, datetime.fromisoformat(day).date(), int(shard)))
        return True

    def _read(self, keys: list[Item]) -> Iterator[Item]:
        pauses = backoff(ATTEMPTS, first=FIRST_PAUSE_SECONDS, longest=LONGEST_PAUSE_SECONDS)
        while keys:
            asked = {self.name: {"Keys": keys, "ConsistentRead": True}}
            answer = self.dynamodb.batch_get_item(RequestItems=asked)
            yield from answer["Responses"][self.name]
            keys = answer["UnprocessedKeys"].get(self.name, {"Keys": []})["Keys"]
            if keys:  # DynamoDB asks for backoff after a partial response
                if (pause := next(pauses, None)) is None:
                    raise ThrottledError
                sleep(pause)


def _key(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk") if name in item}


def _key_text(item: Item) -> str:
    return "\n".join(value["S"] for value in _key(item).values())
