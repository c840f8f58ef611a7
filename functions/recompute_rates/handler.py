"""SQS worker (FIFO): count buckets again and sum their account's rate."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.messages import RecountMessage, read_message
from vtr.observability import logger, metrics, tracer
from vtr.use_cases.recount import recount

# Another account's recounts must not wait for one that fails.
processor = SqsFifoPartialProcessor(skip_group_on_error=True)


def handle_record(record: SQSRecord) -> None:
    message = read_message(record.body, RecountMessage)
    rows = recount(services(), message.recount, now())
    metrics.add_metric(name="BucketRecounted", unit=MetricUnit.Count, value=1)
    logger.info("recounted", account=message.account, day=str(message.day), rows=rows)


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(
        event=event, record_handler=handle_record, processor=processor, context=context
    )
