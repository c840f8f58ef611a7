"""SQS worker: read webhook bodies and record the scans in them."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.messages import DeliveryMessage, read_message
from vtr.observability import logger, metrics, tracer
from vtr.sources import source
from vtr.use_cases.record_scans import record_scans

processor = BatchProcessor(event_type=EventType.SQS)


def handle_record(record: SQSRecord) -> None:
    delivery = read_message(record.body, DeliveryMessage)
    decoded = source(delivery.source).decode(_body_of(delivery))
    repeated = int(record.attributes.approximate_receive_count) > 1
    record_scans(services(), decoded.scans, now(), repeated=repeated)
    metrics.add_metric(name="ScanRecorded", unit=MetricUnit.Count, value=len(decoded.scans))
    metrics.add_metric(name="EventSkipped", unit=MetricUnit.Count, value=len(decoded.skipped))
    logger.info(
        "recorded",
        source=delivery.source,
        delivery=delivery.delivery_id,
        scans=len(decoded.scans),
        skipped=list(decoded.skipped),
        unknown_codes=list(decoded.unknown_codes),
    )


def _body_of(delivery: DeliveryMessage) -> bytes:
    if delivery.object_key:
        return services().delivery_bodies.get(delivery.object_key)
    return delivery.body


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(
        event=event, record_handler=handle_record, processor=processor, context=context
    )
