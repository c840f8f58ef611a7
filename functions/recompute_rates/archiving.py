"""Archive a bucket whose day has ended, and report it."""

from aws_lambda_powertools.metrics import MetricUnit

from vtr.bootstrap import services
from vtr.clock import now
from vtr.messages import RecountMessage
from vtr.observability import logger, metrics
from vtr.use_cases.archive_day import archive_day


def archive(message: RecountMessage) -> None:
    """Archive a bucket; one that was archived before, or has no package, is no news."""
    archived = archive_day(services(), message.recount.bucket, now())
    if archived.packages:
        late = int(archived.days_late > 0)
        metrics.add_metric(name="DayArchived", unit=MetricUnit.Count, value=1)
        metrics.add_metric(name="DayArchivedLate", unit=MetricUnit.Count, value=late)
    logger.info(
        "archived", account=message.account, day=str(message.day), packages=archived.packages
    )
