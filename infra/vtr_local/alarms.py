"""Alarms and metrics as far as the emulator knows them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vtr_local.template import Template, resources


def without_metric_math(template: Template) -> None:
    """Make every alarm on an expression one on the first of its metrics alone.

    ministack refuses a template with an expression in an alarm.
    """
    for _, alarm in resources(template, "AWS::CloudWatch::Alarm"):
        if queries := alarm.pop("Metrics", None):
            first = next(query["MetricStat"] for query in queries if "MetricStat" in query)
            alarm.update(first["Metric"], Statistic=first["Stat"], Period=first["Period"])


@dataclass(frozen=True, slots=True)
class Datum:
    """The values of a metric that one line of a log carries, with their time in seconds."""

    namespace: str
    name: str
    dimensions: dict[str, str]
    time: float
    unit: str
    values: list[float]


def embedded_metrics(text: str) -> Iterator[Datum]:
    """Yield the metrics that lines of a log carry in CloudWatch's embedded metric format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    for line in text.splitlines():
        if '"CloudWatchMetrics"' in line:
            yield from _metrics_of(json.loads(line))


def _metrics_of(line: dict[str, Any]) -> Iterator[Datum]:
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            for metric in directive["Metrics"]:
                values = line[metric["Name"]]
                yield Datum(
                    namespace=directive["Namespace"],
                    name=metric["Name"],
                    dimensions={name: line[name] for name in names},
                    time=line["_aws"]["Timestamp"] / 1000,
                    unit=metric.get("Unit", "None"),
                    values=values if isinstance(values, list) else [values],
                )
