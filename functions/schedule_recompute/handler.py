"""Schedule, every five minutes: request the recounts that a day rollover brings.

By hand, ``every_account`` rolls all over at once, and ``nights`` archives days that ended before.
"""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.bootstrap import services
from vtr.clock import now
from vtr.observability import logger, metrics
from vtr.use_cases.roll_over_days import ARCHIVE_NIGHTS, roll_over_days


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], _: LambdaContext) -> dict[str, int]:
    # The schedule's own time, if the schedule called: ticks then meet without gap or overlap, and
    # a late or retried run takes the accounts of its own tick.
    tick = datetime.fromisoformat(event["time"]) if "time" in event else now()
    asked = roll_over_days(
        services(),
        tick,
        every_account=bool(event.get("every_account")),
        nights=int(event.get("nights", ARCHIVE_NIGHTS)),
    )
    metrics.add_metric(name="RecountAsked", unit=MetricUnit.Count, value=asked)
    logger.info("turned", recounts=asked)
    return {"recounts": asked}
