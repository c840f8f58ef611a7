"""Logs and metrics, set up once for every function.

Both carry the stack's name as ``service`` (``POWERTOOLS_SERVICE_NAME`` in the template): alarms and
dashboard read the metrics of their own stack, and of no other in the account.
"""

import json
import logging
import warnings
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "VTR"

SAID_ELSEWHERE = {
    *("function_name", "function_arn", "function_memory_size", "service"),  # by the log stream
    "cold_start",  # by the metric ColdStart
    "location",  # by the message, which stands once in the code
    "xray_trace_id",  # the trace has the request's id
}
"""Keys that Powertools adds to every line, at twice the bytes of what the line itself says."""


def _line(log: dict[str, Any]) -> str:
    said = {key: value for key, value in log.items() if key not in SAID_ELSEWHERE}
    return json.dumps(said, separators=(",", ":"), default=str)


logger = Logger(json_serializer=_line, serialize_stacktrace=False)
metrics = Metrics(namespace=NAMESPACE)

# The same logger as a standard library one, which batch processors require, so that the log shows
# why a record was sent to the DLQ.
batch_logger = logging.getLogger(logger.name)

# A run without anything to count is a good one, and needs no line that says so.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def add_metric_by(name: str, value: int, **dimension: str) -> None:
    """Add to a count that is kept by one more dimension; each call is a line of its own."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as own:
        for key, kind in {"service": metrics.provider.service, **dimension}.items():
            own.add_dimension(name=key, value=kind)
