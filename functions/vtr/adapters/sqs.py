"""The queues: recounts (FIFO), webhook deliveries, reports; and messages that were received."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from vtr.domain.partitioning import cooldown_of
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, write_message

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

    from vtr.domain.deliveries import AcceptedDelivery
    from vtr.ports.queues import Recount

BATCH = 10
INLINE_BYTES = 150_000
"""A larger body goes to S3 and the message points at it: a message holds 256 KB, base64 and all."""


class QueueError(Exception):
    """SQS did not accept every message; those that it accepted may safely be sent again."""


class SqsRecounts:
    """Request recounts, each at most once per time slot.

    The queue's delay is longer than the slot, so a recount runs when every change of its slot is
    in. The slot is taken when sending, which comes after the change: taken any earlier, a message
    might be deduplicated against one that has run already.
    """

    def __init__(
        self, sqs: "SQSClient", queue_url: str, slot_seconds: int, clock: Callable[[], datetime]
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._slot_seconds = slot_seconds
        self._clock = clock

    def send(self, recounts: Iterable["Recount"]) -> None:
        slot = int(self._clock().timestamp()) // self._slot_seconds
        until = datetime.fromtimestamp((slot + 1) * self._slot_seconds, UTC)
        waiting = iter(recounts)
        while batch := list(islice(waiting, BATCH)):
            entries: Any = [_recount_entry(n, recount, until) for n, recount in enumerate(batch)]
            _send_batch(self._sqs, self._queue_url, entries)

    def cooldown(self, rows: int) -> timedelta:
        return cooldown_of(rows, timedelta(seconds=self._slot_seconds))


class SqsDeliveries:
    """``s3`` creates its client for the first large body: most functions never see one."""

    def __init__(
        self, sqs: "SQSClient", queue_url: str, s3: Callable[[], "S3Client"], bucket: str
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._s3 = s3
        self._bucket = bucket

    def send(self, delivery: "AcceptedDelivery", *, archived: bool = False, parts: int = 1) -> None:
        message = DeliveryMessage(delivery.source, delivery.delivery_id, delivery.received_at)
        message.account, message.archived, message.parts = delivery.account, archived, parts
        message.proof = delivery.proof
        if parts == 1 and len(delivery.body) <= INLINE_BYTES:
            message.body = delivery.body
        else:
            day = f"{delivery.received_at:%Y-%m-%d}"
            message.object_key = f"deliveries/{day}/{delivery.source}/{delivery.delivery_id}"
            self._s3().put_object(Bucket=self._bucket, Key=message.object_key, Body=delivery.body)
        self._send_parts(message)

    def _send_parts(self, message: DeliveryMessage) -> None:
        if message.parts == 1:
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=write_message(message))
            return
        left = iter(range(message.parts))
        while batch := list(islice(left, BATCH)):
            entries = []
            for message.part in batch:
                entries.append({"Id": str(message.part), "MessageBody": write_message(message)})
            _send_batch(self._sqs, self._queue_url, entries)


class SqsReportQueue:
    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, account: str, report_id: str) -> None:
        body = write_message(ReportMessage(account, report_id))
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body)


class SqsReceivedMessages:
    """Messages that a worker has received and has not done."""

    def __init__(self, sqs: "SQSClient") -> None:
        self._sqs = sqs

    def hide(self, queue_arn: str, seconds: Mapping[str, int]) -> int:
        """Let messages be received again after so many seconds, by receipt handle.

        Return for how many that failed. They come again later, when the queue's own visibility
        timeout ends.
        """
        *_, account, name = queue_arn.split(":")
        url = f"{self._sqs.meta.endpoint_url}/{account}/{name}"
        failed = 0
        waiting = iter(seconds.items())
        while batch := list(islice(waiting, BATCH)):
            entries: Any = [
                {"Id": str(n), "ReceiptHandle": handle, "VisibilityTimeout": after}
                for n, (handle, after) in enumerate(batch)
            ]
            try:
                answer = self._sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
            except (BotoCoreError, ClientError):
                failed += len(batch)
            else:
                failed += len(answer.get("Failed", ()))
        return failed


def _send_batch(sqs: "SQSClient", queue_url: str, entries: Any) -> None:
    if failed := sqs.send_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed"):
        raise QueueError(f"{len(failed)} messages were not queued: {failed[0]}")


def _recount_entry(number: int, recount: "Recount", until: datetime) -> dict[str, str]:
    bucket = recount.bucket
    message = RecountMessage(bucket.account, bucket.day, bucket.shard, recount.reconcile, until)
    message.archive = recount.archive
    return {
        "Id": str(number),
        "MessageBody": write_message(message),
        "MessageGroupId": recount.group,
        "MessageDeduplicationId": f"{recount.group}#{bucket.day}#{int(until.timestamp())}",
    }
