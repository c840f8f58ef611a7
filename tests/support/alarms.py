"""The alarms of all templates, and how CloudWatch would judge them by given metrics."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from support.aws import PROJECT, STACK, main_template
from vtr_local.alarms import Datum
from vtr_local.template import Properties, load_template, resources

RUNBOOK = re.compile(r"Runbook (docs/runbooks/[\w-]+\.md)(?:#([\w-]+))?$")
QUOTA = 1_000
"""What ``SERVICE_QUOTA`` gives here: AWS's own number of functions at once."""


@dataclass(frozen=True, slots=True)
class Query:
    """One metric that an alarm reads; its dimensions have the names of the main template."""

    id: str
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str
    period: int

    def value(self, data: Iterable[Datum], start: float) -> float:
        """Return the statistic of the period that begins at *start*; NaN without data."""
        values = [
            value
            for datum in data
            if (datum.namespace, datum.name) == (self.namespace, self.name)
            and datum.dimensions == self.dimensions
            and start <= datum.time < start + self.period
            for value in datum.values
        ]
        if not values:
            return math.nan
        match self.statistic:
            case "Sum":
                return sum(values)
            case "Maximum":
                return max(values)
        assert self.statistic == "SampleCount"
        return len(values)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm, named as the documents do, with what its template was given."""

    name: str
    properties: Properties
    given: Mapping[str, Any]

    @property
    def runbook(self) -> tuple[str, str]:
        """The page and the heading's anchor that the description ends with."""
        found = RUNBOOK.search(" ".join(self.properties["AlarmDescription"].split()))
        assert found, f"{self.name} names no runbook"
        return found[1], found[2] or ""

    @property
    def queries(self) -> list[Query]:
        if "MetricName" in self.properties:
            own = self.properties
            return [self._query("found", own, own["Statistic"], own["Period"])]
        return [
            self._query(each["Id"], stat["Metric"], stat["Stat"], stat["Period"])
            for each in self.properties["Metrics"]
            if (stat := each.get("MetricStat"))
        ]

    @property
    def expression(self) -> str:
        asked = self.properties.get("Metrics", [])
        return next((each["Expression"] for each in asked if "Expression" in each), "found")

    def is_raised(self, data: Iterable[Datum], now: float) -> bool:
        """Whether enough of the last periods breach, a missing one as the alarm says."""
        found, period = list(data), self.queries[0].period
        periods: int = self.properties["EvaluationPeriods"]
        enough: int = self.properties.get("DatapointsToAlarm", periods)
        last = math.floor(now / period) * period
        return sum(self._breaches(found, last - period * back) for back in range(periods)) >= enough

    def _breaches(self, data: list[Datum], start: float) -> bool:
        values = {query.id: query.value(data, start) for query in self.queries}
        functions = {"SUM": _sum, "MAX": _max, "SERVICE_QUOTA": lambda _: QUOTA}
        found: float = eval(self.expression, functions, values)  # noqa: S307 - the template's own
        if math.isnan(found):
            return bool(self.properties["TreatMissingData"] == "breaching")
        threshold: float = self.properties["Threshold"]
        return {
            "GreaterThanThreshold": found > threshold,
            "GreaterThanOrEqualToThreshold": found >= threshold,
            "LessThanThreshold": found < threshold,
        }[self.properties["ComparisonOperator"]]

    def _query(self, query_id: str, metric: Properties, statistic: str, period: int) -> Query:
        named = {each["Name"]: self._resolved(each["Value"]) for each in metric["Dimensions"]}
        return Query(
            query_id, metric["Namespace"], str(metric["MetricName"]), named, statistic, period
        )

    def _resolved(self, value: Any) -> str:
        """Follow a nested template's parameter to the name of the resource in the main one."""
        match value:
            case {"Ref": str(name)} if name in self.given:
                value = self.given[name]
        match value:
            case {"Ref": "AWS::StackName"}:
                return STACK
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "QueueName"]}:
                return name
            case {"Fn::ImportValue": {"Fn::Sub": str(export)}}:
                return export.removeprefix("${DataStack}-")
        return str(value)


@cache
def alarms() -> dict[str, Alarm]:
    """Return every alarm of every template by its name without ``Alarm``."""
    return {alarm.name: alarm for alarm in _alarms()}


def _alarms() -> Iterator[Alarm]:
    main = main_template()
    for name, properties in resources(main, "AWS::CloudWatch::Alarm"):
        yield Alarm(name.removesuffix("Alarm"), properties, {})
    for _, nested in resources(main, "AWS::Serverless::Application"):
        template, given = load_template(PROJECT / nested["Location"]), nested.get("Parameters", {})
        prefix = "Amazon" if nested["Location"].endswith("amazon.yaml") else ""
        for name, properties in resources(template, "AWS::CloudWatch::Alarm"):
            yield Alarm(prefix + name.removesuffix("Alarm"), properties, given)


def _sum(values: list[float]) -> float:
    there = [value for value in values if not math.isnan(value)]
    return sum(there) if there else math.nan


def _max(values: list[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=math.nan)
