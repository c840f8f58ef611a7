"""SQS worker: decode webhook bodies, record their scans, and archive what was processed."""

from contextlib import ExitStack
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from record_scans.decoding import decoded_or_quarantined
from record_scans.deliveries import delivery_of, is_repeated, message_of, slice_of
from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.deliveries import AcceptedDelivery
from vtr.observability import logger, metrics
from vtr.queue_worker import QueueWorker, come_again
from vtr.use_cases.record_delivery import record_delivery

SPARE_SECONDS = 30
"""Time to record the largest part of a delivery, and to archive the batch."""

HELD_BYTES = 64 * 1024 * 1024
"""Bodies that a run holds until it archives them: an eighth of its memory, before another large
one is added and all are compressed."""


def record_one(record: SQSRecord, done: list[AcceptedDelivery]) -> None:
    message = message_of(record)
    delivery, slice_ = delivery_of(message), slice_of(message)
    scans = decoded_or_quarantined(delivery, slice_)
    recorded = record_delivery(
        services(), delivery, scans, slice_, now(), repeated=is_repeated(record)
    )
    metrics.add_metric(name="ScanRecorded", unit=MetricUnit.Count, value=len(recorded))
    logger.info("recorded", source=delivery.source, delivery=delivery.delivery_id)
    if not message.archived:
        done.append(delivery)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Archive after recording: what is not archived is not done, and is redelivered."""
    done: list[AcceptedDelivery] = []
    answer = process_partial_response(
        event=event,
        record_handler=lambda record: record_one(record, done),
        processor=QueueWorker(
            spare_seconds=SPARE_SECONDS,
            has_room=lambda: sum(len(delivery.body) for delivery in done) < HELD_BYTES,
        ),
        context=context,
    )
    with ExitStack() as unless_archived:
        unless_archived.callback(come_again, event["Records"])
        services().archive.write(done)
        unless_archived.pop_all()
    return answer
