"""The queues: recounts (FIFO), webhook deliveries, reports."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, write_message
from vtr.use_cases.ports import Recount

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

BATCH = 10
INLINE_BYTES = 150_000
"""A larger body goes to S3 and the message points at it: a message holds 256 KB, base64 and all."""


class QueueError(Exception):
    """SQS did not take every message; those that it took may be sent again without harm."""


class SqsRecounts:
    """Asks for recounts, each at most once a time slot.

    The queue's delay is longer than the slot, so a recount runs when every change of its slot is
    in. The group is the account: no account is recounted twice at once.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, slot_seconds: int) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._slot_seconds = slot_seconds

    def send(self, recounts: Iterable[Recount], now: datetime) -> None:
        slot = int(now.timestamp()) // self._slot_seconds
        waiting = iter(recounts)
        while batch := list(islice(waiting, BATCH)):
            entries: Any = [_recount_entry(n, recount, slot) for n, recount in enumerate(batch)]
            answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            if failed := answer.get("Failed"):
                raise QueueError(f"{len(failed)} recounts were not queued: {failed[0]}")


class SqsDeliveries:
    """``s3`` makes its client when the first large body comes: most functions never see one."""

    def __init__(
        self, sqs: "SQSClient", queue_url: str, s3: Callable[[], "S3Client"], bucket: str
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._s3 = s3
        self._bucket = bucket

    def send(self, source: str, body: bytes, delivery_id: str, received_at: datetime) -> None:
        message = DeliveryMessage(source, delivery_id, received_at)
        if len(body) <= INLINE_BYTES:
            message.body = body
        else:
            message.object_key = f"deliveries/{received_at:%Y-%m-%d}/{source}/{delivery_id}"
            self._s3().put_object(Bucket=self._bucket, Key=message.object_key, Body=body)
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=write_message(message))


class SqsReportQueue:
    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, account: str, report_id: str) -> None:
        body = write_message(ReportMessage(account, report_id))
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body)


def _recount_entry(number: int, recount: Recount, slot: int) -> dict[str, str]:
    bucket = recount.bucket
    message = RecountMessage(bucket.account, bucket.day, bucket.shard, recount.reconcile)
    what = "reconcile" if recount.reconcile else "recount"
    return {
        "Id": str(number),
        "MessageBody": write_message(message),
        "MessageGroupId": bucket.account,
        "MessageDeduplicationId": f"{what}#{bucket.account}#{bucket.day}#{bucket.shard}#{slot}",
    }
