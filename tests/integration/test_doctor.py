"""What `vtr doctor` checks; the whole of it runs on a stack in `tests/e2e/test_operations.py`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest

from integration.deployment import SECRET, Deployment
from support.aws import BUCKET, PROJECT, STACK, data_template, main_template
from vtr.domain.accounts import Account
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.packages import BucketKey
from vtr.domain.verdict import Reason
from vtr.observability import NAMESPACE
from vtr_cli.deployed import QUEUES, Deployed
from vtr_cli.doctor import examine
from vtr_cli.doctor_alarms import check_alarms, check_subscribers
from vtr_cli.doctor_archive import check_archive
from vtr_cli.doctor_checks import (
    Finding,
    Status,
    check_bucket,
    check_dead_letters,
    check_policies,
    check_schedules,
    check_secrets,
    check_tables,
)
from vtr_cli.doctor_quarantine import check_quarantine
from vtr_cli.doctor_quotas import check_concurrency
from vtr_local.template import load_template, resources

NOW = datetime.now(UTC)
RULE = "ScheduleRecomputeFunctionTurn"


class Described(Deployed):
    """A stack of which CloudFormation need not be asked."""

    def __init__(self, vtr: Deployment, given: dict[str, dict[str, str]], **clients: Any) -> None:
        super().__init__(STACK, vtr.aws.ports(), clients)
        self._given = given

    def of_kind(self, kind: str) -> dict[str, str]:
        return self._given.get(kind, {})


class Schedules:
    """EventBridge, CloudWatch and CloudFormation, as far as schedules are looked at."""

    def __init__(self, *, enabled: bool, ran: list[datetime], made: datetime) -> None:
        self._enabled, self._ran, self._made = enabled, ran, made

    def describe_rule(self, **_: Any) -> dict[str, str]:
        return {"State": "ENABLED" if self._enabled else "DISABLED"}

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        return {"Stacks": [{"CreationTime": self._made}]}

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        metric = (asked["Namespace"], asked["MetricName"], asked["Dimensions"])
        assert metric == (NAMESPACE, "RecountAsked", [{"Name": "service", "Value": STACK}])
        assert (asked["EndTime"] - asked["StartTime"]) / timedelta(seconds=asked["Period"]) <= 1440
        return {"Datapoints": [{"Timestamp": at} for at in self._ran if at >= asked["StartTime"]]}


class Alarms:
    """CloudWatch and SNS: one alarm in a state, and who is subscribed to its topic."""

    def __init__(
        self, *, state: str = "OK", topics: Sequence[str] = (), subscribed: Sequence[str] = ()
    ) -> None:
        self._alarm = {
            "AlarmName": "a",
            "StateValue": state,
            "AlarmActions": list(topics),
            "AlarmDescription": "Requests fail. Runbook docs/runbooks/api.md#all-of-it",
        }
        self._subscribed = [{"SubscriptionArn": arn} for arn in subscribed]

    def get_paginator(self, _: str) -> "Alarms":
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield {"MetricAlarms": [self._alarm], "Subscriptions": self._subscribed}


def only(findings: Iterator[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_dead_letters_fail_until_they_are_gone(vtr: Deployment) -> None:
    paths = dict(vtr.aws.queues)
    found = Described(vtr, {"AWS::SQS::Queue": paths}, sqs=vtr.aws.sqs)
    assert {each.status for each in check_dead_letters(found, NOW)} == {Status.OK}
    vtr.aws.sqs.send_message(QueueUrl=vtr.aws.queues["ReportsDeadLetters"], MessageBody="{}")
    told = {each.check: each for each in check_dead_letters(found, NOW)}
    assert told["dead letters reports"].status is Status.FAIL
    assert "vtr redrive reports" in told["dead letters reports"].to_do
    assert told["dead letters scans"].status is Status.OK


def test_bodies_in_the_quarantine_are_a_warning_until_they_are_gone(vtr: Deployment) -> None:
    found = Described(vtr, {})
    (empty,) = check_quarantine(found, NOW)
    assert (empty.status, empty.found) == (Status.OK, "empty")
    for delivery_id in "ab":
        found.ports.archive.quarantine(
            AcceptedDelivery(source="ups", body=b"", delivery_id=delivery_id, received_at=NOW)
        )
    (waiting,) = check_quarantine(found, NOW)
    assert waiting.status is Status.WARN
    assert waiting.found.startswith(f"2 wait, the oldest since {NOW:%Y-%m-%d}")
    assert "vtr scans quarantine list" in waiting.to_do
    for body in list(found.ports.quarantine.bodies()):
        found.ports.quarantine.remove(body)
    assert list(check_quarantine(found, NOW)) == [empty]


def test_a_secret_is_to_be_rotated_after_a_year(vtr: Deployment) -> None:
    vtr.aws.set_secrets("ups", [SECRET])
    found = Described(vtr, {}, secretsmanager=vtr.aws.secrets)
    young = list(check_secrets(found, NOW + timedelta(days=364)))
    old = list(check_secrets(found, NOW + timedelta(days=367)))
    assert {each.status for each in young} == {Status.OK}
    assert {each.to_do for each in old} == {"vtr sources rotate standard", "vtr sources rotate ups"}
    assert {each.status for each in old} == {Status.WARN}


def test_an_account_under_a_policy_that_is_not_shipped_fails(vtr: Deployment) -> None:
    found = Described(vtr, {})
    vtr.key()
    assert [each.status for each in check_policies(found, NOW)] == [Status.OK, Status.OK]
    found.ports.accounts.add(Account(id="lost", policy="gone", cursor_secret=b"s"))
    _, accounts = check_policies(found, NOW)
    assert accounts.status is Status.FAIL
    assert "lost" in accounts.found


def test_what_would_be_kept_for_ever_is_a_warning(vtr: Deployment) -> None:
    found = Described(vtr, {"AWS::S3::Bucket": {"Data/Bucket": BUCKET}}, s3=vtr.aws.s3)
    assert only(check_bucket(found, NOW)).status is Status.WARN
    ((_, bucket),) = resources(data_template(), "AWS::S3::Bucket")
    rules: Any = [_as_s3_has_it(rule) for rule in bucket["LifecycleConfiguration"]["Rules"]]
    vtr.aws.s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": rules}
    )
    assert only(check_bucket(found, NOW)).status is Status.OK


def _as_s3_has_it(rule: dict[str, Any]) -> dict[str, Any]:
    told = {"ID": rule["Id"], "Status": rule["Status"]}
    told |= {"Filter": {"Prefix": rule.get("Prefix", "")}}
    if "ExpirationInDays" in rule:
        days = rule["ExpirationInDays"]
        if isinstance(days, dict):
            days = data_template()["Parameters"][days["Ref"]]["Default"]
        return told | {"Expiration": {"Days": days}}
    if "ExpiredObjectDeleteMarker" in rule:
        told["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    names = ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")
    return told | {name: rule[name] for name in names if name in rule}


class Settings:
    """Lambda, as far as an account's quota is looked at."""

    def __init__(self, functions: int) -> None:
        self._functions = functions

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": self._functions}}


@pytest.mark.parametrize(
    ("functions", "status"), [(10, Status.WARN), (999, Status.WARN), (1_000, Status.OK)]
)
def test_an_account_with_fewer_functions_at_once_than_most_is_a_warning(
    vtr: Deployment, functions: int, status: Status
) -> None:
    found = Described(vtr, {}, **{"lambda": Settings(functions)})
    finding = only(check_concurrency(found, NOW))
    assert finding.status is status
    assert str(functions) in finding.found
    assert bool(finding.to_do) == (status is Status.WARN)


def test_a_table_that_is_gone_is_a_finding_and_ends_no_other_check(vtr: Deployment) -> None:
    given = {
        "AWS::DynamoDB::Table": {"Data/OrdersTable": f"{STACK}-OrdersTable"},
        "AWS::S3::Bucket": {"Data/Bucket": BUCKET},
    }
    found = Described(vtr, given, dynamodb=boto3.client("dynamodb"))
    assert only(check_tables(found, NOW)).status is Status.OK
    vtr.aws.drop_tables()
    told = {each.check: each for each in examine(found, None, NOW)}
    assert told["tables"].status is Status.FAIL
    assert told["drift"].status is Status.FAIL
    assert told["bucket"].status is Status.WARN
    assert told["alarms"].status is Status.OK


@pytest.mark.parametrize(
    ("enabled", "minutes_ago", "days_old", "status"),
    [
        (True, [3, 8], 9, Status.OK),
        (True, [20], 9, Status.FAIL),
        (True, [], 9, Status.FAIL),
        (True, [], 0, Status.OK),
        (False, [3], 9, Status.FAIL),
    ],
)
def test_a_schedule_is_well_when_it_is_on_and_has_run(
    vtr: Deployment, *, enabled: bool, minutes_ago: list[int], days_old: int, status: Status
) -> None:
    ran = [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]
    aws = Schedules(enabled=enabled, ran=ran, made=NOW - timedelta(days=days_old))
    given = {"AWS::Events::Rule": {RULE: "rule"}}
    found = Described(vtr, given, events=aws, cloudwatch=aws, cloudformation=aws)
    assert only(check_schedules(found, NOW)).status is status


ALARM = {"AWS::CloudWatch::Alarm": {"Observability/RequestsFailedAlarm": "a"}}


def test_an_alarm_that_is_raised_fails_with_its_runbook(vtr: Deployment) -> None:
    finding = only(check_alarms(Described(vtr, ALARM, cloudwatch=Alarms(state="ALARM")), NOW))
    assert finding.status is Status.FAIL
    assert (finding.check, finding.found) == ("alarm RequestsFailedAlarm", "Requests fail.")
    assert finding.to_do == "docs/runbooks/api.md#all-of-it"
    assert only(check_alarms(Described(vtr, ALARM, cloudwatch=Alarms()), NOW)).status is Status.OK


@pytest.mark.parametrize(
    ("topics", "subscribed", "status", "to_do"),
    [
        (["t"], ["arn:aws:sns:subscription"], Status.OK, ""),
        (["t"], ["PendingConfirmation"], Status.WARN, "follow the link"),
        (["t"], [], Status.WARN, "AlarmEmail"),
        ([], ["arn:aws:sns:subscription"], Status.WARN, "AlarmEmail"),
    ],
)
def test_alarms_that_nobody_hears_are_a_warning(
    vtr: Deployment, topics: list[str], subscribed: list[str], status: Status, to_do: str
) -> None:
    aws = Alarms(topics=topics, subscribed=subscribed)
    finding = only(check_subscribers(Described(vtr, ALARM, cloudwatch=aws, sns=aws), NOW))
    assert finding.status is status
    assert to_do in finding.to_do


def test_every_queue_of_the_templates_can_be_sent_back_to() -> None:
    amazon = load_template(PROJECT / "infra" / "amazon.yaml")
    queues = dict(resources(main_template(), "AWS::SQS::Queue"))
    queues |= {f"AmazonNotifications/{n}": q for n, q in resources(amazon, "AWS::SQS::Queue")}
    pairs = {
        (name, queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0])
        for name, queue in queues.items()
        if "RedrivePolicy" in queue
    }
    assert {(queue, dead.rpartition("/")[2]) for queue, dead in QUEUES.values()} == pairs


MORNING = datetime(2027, 4, 4, 12, tzinfo=UTC)
"""Of the day after that on which the third of March of the year before ended."""


@pytest.mark.parametrize(("morning", "status"), [(0, Status.FAIL), (-1, Status.OK)])
def test_a_day_that_ended_is_to_be_in_a_file_on_the_second_morning(
    vtr: Deployment, morning: int, status: Status
) -> None:
    ports = vtr.aws.ports()
    ports.accounts.add(Account(id="acme", policy="amazon-us", cursor_secret=b"s"))
    bucket, now = BucketKey("acme", date(2026, 3, 3)), MORNING + timedelta(days=morning)
    ports.rates.put_bucket(bucket, {"Toys": {Reason.VALID: 2}}, now, now.date())
    ports.rates.put_bucket(bucket._replace(shard=1), {}, now, now.date())
    (found,) = check_archive(Described(vtr, {}), "acme", now)
    assert (found.status, "acme 2026-03-03" in found.found) == (status, status is Status.FAIL)
    ports.ended_days.put(bucket, [])
    (found,) = check_archive(Described(vtr, {}), None, now)
    assert found.status is Status.OK
