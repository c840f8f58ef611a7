"""SQS worker (FIFO): count buckets again and sum their account's rate."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from recompute_rates.archiving import archive
from recompute_rates.drift import report_drift
from vtr.bootstrap import services
from vtr.clock import now
from vtr.messages import RecountMessage, read_message
from vtr.observability import logger, metrics
from vtr.queue_worker import PostponedError, QueueWorker
from vtr.use_cases.recount import recount

# The rest is enough to reconcile the largest bucket: some 50,000 rows.
worker = QueueWorker(spare_seconds=60)


def handle_record(record: SQSRecord) -> None:
    message = read_message(record.body, RecountMessage)
    if message.archive:
        archive(message)
        return
    counted = recount(services(), message.recount, now())
    if counted.postponed:
        metrics.add_metric(name="RecountPostponed", unit=MetricUnit.Count, value=1)
        raise PostponedError(counted.postponed)
    metrics.add_metric(name="BucketRecounted", unit=MetricUnit.Count, value=1)
    if message.reconcile:
        report_drift(counted)
    logger.info(
        "recounted",
        account=message.account,
        day=str(message.day),
        rows=counted.rows,
        drift=counted.drift,
    )


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(
        event=event, record_handler=handle_record, processor=worker, context=context
    )
