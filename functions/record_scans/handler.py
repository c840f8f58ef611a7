"""SQS worker: decode webhook bodies, record their scans, and archive what was processed."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from record_scans.decoding import decoded_or_quarantined
from record_scans.deliveries import delivery_of, is_repeated, message_of, slice_of
from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.deliveries import AcceptedDelivery
from vtr.observability import batch_logger, logger, metrics
from vtr.use_cases.record_delivery import record_delivery


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
        processor=BatchProcessor(event_type=EventType.SQS, logger=batch_logger),
        context=context,
    )
    services().archive.write(done)
    return answer
