"""The checks of ``vtr doctor`` on alarms, and on who hears them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from vtr_cli.deployed import Deployed
from vtr_cli.doctor_checks import Check, Finding, Status

PENDING = "PendingConfirmation"


def check_alarms(found: Deployed, _: datetime) -> Iterator[Finding]:
    """Yield each alarm that is raised, with the runbook that its description names."""
    ours = {name: path for path, name in found.of_kind("AWS::CloudWatch::Alarm").items()}
    raised = [alarm for alarm in _described(found, list(ours)) if alarm["StateValue"] == "ALARM"]
    for alarm in raised:
        name = ours[alarm["AlarmName"]].rpartition("/")[2]
        meaning, _, runbook = alarm.get("AlarmDescription", "").partition("Runbook ")
        to_do = runbook.strip() or "docs/operations.md, Alarms"
        yield Finding(f"alarm {name}", Status.FAIL, meaning.strip() or "is raised", to_do)
    if not raised:
        yield Finding("alarms", Status.OK, f"none of {len(ours)} is raised")


def check_subscribers(found: Deployed, _: datetime) -> Iterator[Finding]:
    """Check that somebody is subscribed to the topic that alarms go to, and has confirmed it."""
    names = list(found.of_kind("AWS::CloudWatch::Alarm").values())
    topics = {arn for alarm in _described(found, names) for arn in alarm["AlarmActions"]}
    subscribed = [each for topic in sorted(topics) for each in _subscriptions(found, topic)]
    confirmed = [each for each in subscribed if each != PENDING]
    waiting = len(subscribed) - len(confirmed)
    yield Finding(
        "alarms' readers",
        Status.OK if confirmed else Status.WARN,
        f"{len(confirmed)} subscribed to {len(topics)} topics, {waiting} to be confirmed",
        "" if confirmed else _how_to_be_heard(waiting),
    )


ALARM_CHECKS: dict[str, Check] = {
    "alarms": check_alarms,
    "alarms' readers": check_subscribers,
}


def _described(found: Deployed, names: list[str]) -> Iterator[dict[str, Any]]:
    if names:
        pages = found.client("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmNames=names[:100]):
            yield from page["MetricAlarms"]


def _subscriptions(found: Deployed, topic: str) -> Iterator[str]:
    pages = found.client("sns").get_paginator("list_subscriptions_by_topic")
    for page in pages.paginate(TopicArn=topic):
        yield from (each["SubscriptionArn"] for each in page["Subscriptions"])


def _how_to_be_heard(waiting: int) -> str:
    if waiting:
        return "follow the link in the e-mail that the topic has sent"
    return "deploy with AlarmEmail, or subscribe to the topic"
