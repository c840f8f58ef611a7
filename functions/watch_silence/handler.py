"""Schedule, every half hour: list the parcels that should have moved and have not."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.observability import add_metric_by, logger, metrics
from vtr.use_cases.watch_silence import CarrierSilence, run_of, watch_silence

SPARE_MILLISECONDS = 120_000
"""Time to watch one more bucket, and to store what was found."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    # The schedule's own time, if the schedule called; by hand, the first run of a round.
    run = run_of(datetime.fromisoformat(event["time"])) if "time" in event else 0

    def out_of_time() -> bool:
        return context.get_remaining_time_in_millis() < SPARE_MILLISECONDS

    watch = watch_silence(services(), run, now(), out_of_time)
    if watch is None:
        return {}
    for silence in watch.carriers:
        _report(silence)
    silent = [silence.carrier for silence in watch.carriers if silence.is_silent]
    metrics.add_metric(name="CarrierFoundSilent", unit=MetricUnit.Count, value=len(silent))
    metrics.add_metric(name="BucketUnwatched", unit=MetricUnit.Count, value=watch.unwatched)
    logger.info("watched", run=run, silent_carriers=silent, unwatched=watch.unwatched)
    return {silence.carrier: len(silence.numbers) for silence in watch.carriers}


def _report(silence: CarrierSilence) -> None:
    expected, silent = sum(silence.expected.values()), len(silence.numbers)
    add_metric_by("ParcelExpected", expected, carrier=silence.carrier)
    add_metric_by("ParcelFoundSilent", silent, carrier=silence.carrier)
    logger.info("expected", carrier=silence.carrier, expected=expected, silent=silent)
