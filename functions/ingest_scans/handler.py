"""HTTP: scans that carriers and aggregators push: verified, stored, acknowledged; decoded later."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest_scans.requests import answer_of, refusal_of, request_of, source_name
from ingest_scans.tokens import TOKEN_PATH, token_response
from vtr.bootstrap import prepare, services
from vtr.clock import now
from vtr.domain.errors import VtrError
from vtr.observability import logger, metrics
from vtr.sources import source
from vtr.sources.shared.base import Response
from vtr.use_cases.accept_delivery import accept_delivery

prepare("deliveries")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    logger.append_keys(request_id=event["requestContext"]["requestId"])
    try:
        return answer_of(_respond(event), event)
    except VtrError as error:
        # Not the detail: it repeats what the sender wrote, up to a secret in a mistyped path.
        logger.warning("refused", code=error.code)
        metrics.add_metric(name="DeliveryRefused", unit=MetricUnit.Count, value=1)
        return refusal_of(error, event)
    except Exception:  # noqa: BLE001 - the edge: the sender retries, and sees no details
        logger.exception("failed")
        metrics.add_metric(name="RequestFailed", unit=MetricUnit.Count, value=1)
        return refusal_of(VtrError("The request failed on our side. Send it again."), event)


def _respond(event: dict[str, Any]) -> Response:
    name, request = source_name(event), request_of(event)
    if (name, request.path_secret) == TOKEN_PATH:
        return token_response(request, now())
    sender = source(name)
    logger.append_keys(source=sender.name)
    accept_delivery(
        services(),
        sender.name,
        lambda secrets: sender.verify(request, secrets, now()),
        request.body,
        now(),
        url_secret=request.path_secret,
        keys_url=sender.keys_url,
        headers=request.headers,
    )
    return sender.respond(request)
