"""HTTP: scans that carriers and aggregators push. Verified, kept, answered; read later."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest_scans.requests import answer_of, refusal_of, request_of, source_name
from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.errors import VtrError
from vtr.observability import logger, metrics, tracer
from vtr.sources import source
from vtr.use_cases.accept_delivery import accept_delivery


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    request = request_of(event)
    try:
        sender = source(source_name(event))
        accept_delivery(
            services(),
            sender.name,
            lambda secrets: sender.verify(request, secrets, now()),
            request.body,
            now(),
        )
    except VtrError as error:
        logger.warning("refused", code=error.code, detail=error.detail)
        metrics.add_metric(name="DeliveryRefused", unit=MetricUnit.Count, value=1)
        return refusal_of(error, event)
    logger.info("accepted", source=sender.name, bytes=len(request.body))
    metrics.add_metric(name="DeliveryAccepted", unit=MetricUnit.Count, value=1)
    return answer_of(sender.respond(request))
