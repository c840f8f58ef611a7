"""Report the drift that a reconcile repaired."""

from aws_lambda_powertools.metrics import MetricUnit

from vtr.observability import add_metric_by, metrics
from vtr.use_cases.reconcile import DriftKind
from vtr.use_cases.recount import Recounted


def report_drift(counted: Recounted) -> None:
    """Report each kind; the sum for the alarm omits counts that may only be awaiting a recount."""
    for kind, repaired in counted.drift.items():
        add_metric_by("DriftRepaired", repaired, kind=kind)
    drifted = counted.drift.total() - counted.drift[DriftKind.COUNT_WRONG]
    metrics.add_metric(name="DriftRepaired", unit=MetricUnit.Count, value=drifted)
