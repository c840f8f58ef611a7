"""What is sent arrives; a recount asked for again within its slot is one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contract.builders import BUCKET, DAY, NOW, delivery
from contract.worlds import SLOT, AwsWorld, World
from vtr.adapters.memory.queues import QueuedDelivery
from vtr.adapters.sqs import INLINE_BYTES
from vtr.domain.packages import BucketKey
from vtr.ports.queues import Recount

SLOT_BEGINS = datetime.fromtimestamp(
    NOW.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), NOW.tzinfo
)
LATE_IN_THE_SLOT = SLOT_BEGINS + SLOT - timedelta(microseconds=1)


def asked(world: World) -> list[tuple[BucketKey, bool]]:
    return sorted((recount.bucket, recount.reconcile) for recount in world.asked_recounts())


def test_every_recount_asked_for_arrives(world: World) -> None:
    buckets = [BucketKey("acme", DAY + timedelta(days=ahead), 1) for ahead in range(23)]
    world.ports.recounts.send(Recount(bucket) for bucket in buckets)
    assert asked(world) == [(bucket, False) for bucket in buckets]


def test_no_recount_asked_for_is_none(world: World) -> None:
    world.ports.recounts.send([])
    assert asked(world) == []


def test_a_bucket_is_recounted_once_a_slot(world: World) -> None:
    world.now = SLOT_BEGINS
    world.ports.recounts.send([Recount(BUCKET), Recount(BUCKET)])
    world.now = LATE_IN_THE_SLOT
    world.ports.recounts.send([Recount(BUCKET)])
    assert asked(world) == [(BUCKET, False)]


def test_a_bucket_is_recounted_again_in_the_next_slot(world: World) -> None:
    world.now = LATE_IN_THE_SLOT
    world.ports.recounts.send([Recount(BUCKET)])
    world.now = SLOT_BEGINS + SLOT
    world.ports.recounts.send([Recount(BUCKET)])
    assert asked(world) == [(BUCKET, False), (BUCKET, False)]


def test_two_buckets_or_accounts_or_kinds_are_each_recounted(world: World) -> None:
    recounts = [
        Recount(BUCKET),
        Recount(BUCKET, reconcile=True),
        Recount(BucketKey("acme", DAY, 1)),
        Recount(BucketKey("acme", DAY, 11)),
        Recount(BucketKey("other", DAY)),
    ]
    world.ports.recounts.send(recounts)
    assert asked(world) == sorted((recount.bucket, recount.reconcile) for recount in recounts)


def test_no_bucket_waits_for_another_or_for_a_reconcile_and_a_shard_is_reconciled_day_by_day(
    aws_world: AwsWorld,
) -> None:
    later = BucketKey("acme", DAY + timedelta(days=1))
    recounts = [
        Recount(BUCKET),
        Recount(later),
        Recount(BucketKey("acme", DAY, 1)),
        Recount(BUCKET, reconcile=True),
        Recount(later, reconcile=True),
        Recount(BucketKey("other", DAY)),
    ]
    aws_world.ports.recounts.send(recounts)
    taken = aws_world.aws.take("RecountsQueue")
    groups = sorted(message["Attributes"]["MessageGroupId"] for message in taken)
    assert groups == [
        "reconcile#acme#0",
        "reconcile#acme#0",
        "recount#acme#0#2026-10-21",
        "recount#acme#0#2026-10-22",
        "recount#acme#1#2026-10-21",
        "recount#other#0#2026-10-21",
    ]


def test_a_recount_says_by_when_all_that_it_is_for_was_done(world: World) -> None:
    for moment in (SLOT_BEGINS, LATE_IN_THE_SLOT):
        world.now = moment
        world.ports.recounts.send([Recount(BucketKey("acme", DAY, int(moment is SLOT_BEGINS)))])
    assert [recount.until for recount in world.asked_recounts()] == 2 * [SLOT_BEGINS + SLOT]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"type": "scan.recorded"}',
        bytes(range(256)),
        b"x" * INLINE_BYTES,
        b"\xff" * (INLINE_BYTES + 1),
        b"x" * 1_000_000,
    ],
    ids=["empty", "json", "every byte", "just inline", "just too large", "large"],
)
def test_a_delivery_arrives_byte_by_byte(world: World, body: bytes) -> None:
    world.ports.deliveries.send(delivery(body, "e3b0c442"))
    assert world.sent_deliveries() == [QueuedDelivery(delivery(body, "e3b0c442"))]


def test_each_delivery_arrives_though_it_says_the_same(world: World) -> None:
    for _ in range(2):
        world.ports.deliveries.send(delivery(b"{}", "e3b0c442"))
    assert len(world.sent_deliveries()) == 2


def test_each_part_of_a_delivery_arrives_once_however_many_there_are(world: World) -> None:
    sent = replace(delivery(b"{}", "e3b0c442"), account="acme")
    world.ports.deliveries.send(sent, archived=True, parts=23)
    arrived = sorted(world.sent_deliveries(), key=lambda one: one.part)
    assert arrived == [QueuedDelivery(sent, True, part, 23) for part in range(23)]  # noqa: FBT003


def test_only_a_body_too_large_for_a_message_is_kept_in_the_bucket(aws_world: AwsWorld) -> None:
    aws_world.ports.deliveries.send(delivery(b"small", "1"))
    assert aws_world.aws.object_keys() == []
    aws_world.ports.deliveries.send(delivery(b"x" * (INLINE_BYTES + 1), "2"))
    assert aws_world.aws.object_keys() == ["deliveries/2026-10-21/standard/2"]


def test_a_body_just_inline_fits_a_message(aws_world: AwsWorld) -> None:
    aws_world.ports.deliveries.send(delivery(b"\xff" * INLINE_BYTES, "e" * 64))
    (message,) = aws_world.aws.take("ScansQueue")
    assert len(message["Body"].encode()) <= 256 * 1024


def test_a_report_asked_for_arrives(world: World) -> None:
    world.ports.report_queue.send("acme", "5f0c")
    assert world.sent_reports() == [("acme", "5f0c")]
