"""Schedule, every six hours: list the parcels that should have moved and have not."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.observability import add_metric_by, logger, metrics
from vtr.use_cases.watch_silence import CarrierSilence, watch_silence


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    found = watch_silence(services(), now())
    for silence in found:
        _report(silence)
    silent = [silence.carrier for silence in found if silence.is_silent]
    metrics.add_metric(name="CarrierFoundSilent", unit=MetricUnit.Count, value=len(silent))
    logger.info("watched", silent_carriers=silent)
    return {silence.carrier: len(silence.numbers) for silence in found}


def _report(silence: CarrierSilence) -> None:
    expected, silent = sum(silence.expected.values()), len(silence.numbers)
    add_metric_by("ParcelExpected", expected, carrier=silence.carrier)
    add_metric_by("ParcelFoundSilent", silent, carrier=silence.carrier)
    logger.info("expected", carrier=silence.carrier, expected=expected, silent=silent)
