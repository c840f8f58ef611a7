"""What workers do with a batch of messages: what failed comes again in seconds, not minutes.

By itself a failed message comes again when its queue's visibility timeout ends, and that must be
six times as long as its function may run. In a FIFO queue it holds up its whole group meanwhile.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from math import ceil
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from vtr.bootstrap import services
from vtr.domain.backoff import retry_seconds
from vtr.observability import batch_logger, logger, metrics


class PostponedError(Exception):
    """Nothing failed: the message is to be received again after the time that ``left`` says."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(f"postponed by {left}")
        self.seconds = ceil(left.total_seconds())


class QueueWorker(BatchProcessor):
    """Handle each message by itself, those that were received most often first.

    One that fails is logged, and hidden for a time that grows with each attempt. None is begun with
    less than *spare_seconds* left to run, or when there is no more room: those that are left are
    received again at once. The first is always begun, so every message has its turn.
    Messages of one FIFO group are not held back by one that failed: they may be done in any order.
    """

    def __init__(self, *, spare_seconds: int, has_room: Callable[[], bool] = lambda: True) -> None:
        # The response names every message that failed; an error of the function would add nothing.
        super().__init__(EventType.SQS, raise_on_entire_batch_failure=False, logger=batch_logger)
        self._spare_milliseconds = spare_seconds * 1000
        self._has_room = has_room
        self._hidden: dict[str, int] = {}
        self._begun = False

    def _prepare(self) -> None:
        super()._prepare()  # type: ignore[no-untyped-call]  # Powertools'
        self._hidden, self._begun = {}, False
        self.records = sorted(self.records, key=_receives, reverse=True)

    def _process_record(self, record: dict[str, Any]) -> Any:
        if self._begun and not self._may_begin():
            return self._left(SQSRecord(record), 0)
        self._begun = True
        return super()._process_record(record)

    def _may_begin(self) -> bool:
        left: int = self.lambda_context.get_remaining_time_in_millis()
        return left >= self._spare_milliseconds and self._has_room()

    def failure_handler(self, record: SQSRecord, exception: Any) -> Any:
        if isinstance(exception[1], PostponedError):
            return self._left(record, exception[1].seconds)
        metrics.add_metric(name="MessageFailed", unit=MetricUnit.Count, value=1)
        self._hidden[record.receipt_handle] = retry_seconds(_receives(record.raw_event))
        return super().failure_handler(record, exception)

    def _left(self, record: SQSRecord, seconds: int) -> Any:
        self._hidden[record.receipt_handle] = seconds
        self.fail_messages.append(record)
        return "fail", "left", record

    def _clean(self) -> None:
        super()._clean()  # type: ignore[no-untyped-call]  # Powertools'
        if self._hidden:
            _hide(self.records[0]["eventSourceARN"], self._hidden)


def come_again(records: Iterable[dict[str, Any]]) -> None:
    """Let a whole batch be received again soon, because something failed that all of it needs."""
    received = list(records)
    seconds = {each["receiptHandle"]: retry_seconds(_receives(each)) for each in received}
    _hide(received[0]["eventSourceARN"], seconds)


def _receives(record: dict[str, Any]) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


def _hide(queue_arn: str, seconds: dict[str, int]) -> None:
    if failed := services().received_messages.hide(queue_arn, seconds):
        logger.warning("come again only when the visibility timeout ends", messages=failed)
