"""SQS worker: write the requested reports."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.reports import ReportStatus
from vtr.messages import ReportMessage, read_message
from vtr.observability import logger, metrics
from vtr.queue_worker import QueueWorker
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.write_report import fail_report, write_report

ATTEMPTS = 9
"""Attempts over a quarter of an hour; one more receive marks the report as failed, and the queue's
``maxReceiveCount`` allows for it."""

SPARE_MILLISECONDS = 60_000
"""Time that a run reserves to finish its last page and queue its successor."""

worker = QueueWorker(spare_seconds=0)  # a run ends in time by itself


def handle_record(record: SQSRecord, lambda_context: LambdaContext) -> None:
    message = read_message(record.body, ReportMessage)
    logger.append_keys(account=message.account, report=message.report_id)
    account = account_of(services(), message.account)
    if int(record.attributes.approximate_receive_count) > ATTEMPTS:
        fail_report(services(), account, message.report_id, now())
        metrics.add_metric(name="ReportFailed", unit=MetricUnit.Count, value=1)
        logger.error("gave up")
        return

    def out_of_time() -> bool:
        return lambda_context.get_remaining_time_in_millis() < SPARE_MILLISECONDS

    report = write_report(services(), account, message.report_id, now(), out_of_time)
    if report.status is ReportStatus.DONE:
        metrics.add_metric(name="ReportWritten", unit=MetricUnit.Count, value=1)
    logger.info("written", status=report.status, rows=report.rows)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(
        event=event, record_handler=handle_record, processor=worker, context=context
    )
