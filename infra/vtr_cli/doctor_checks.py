"""The checks of ``vtr doctor``: each yields what it found and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from vtr.domain.policies import all_versions, policy_ids
from vtr_cli.deployed import Deployed

SECRET_AGE = timedelta(days=365)
"""A source's secret older than this should be rotated."""

OLDEST_SECONDS = {"scans": 60, "recounts": 120, "reports": 1800, "amazon": 60}
"""How long a message may wait; for scans and recounts, the thresholds of their alarms."""

SCHEDULES = {
    "ScheduleRecomputeFunction": ("RecountAsked", timedelta(minutes=15)),
    "WatchSilenceFunction": ("CarrierFoundSilent", timedelta(hours=12)),
}
"""What a scheduled function counts at the end of every run, and how long ago the last may be."""

KEPT_FOR_A_WHILE = {
    *("reports/", "deliveries/", "raw/", "quarantine/", "silent/", "unknown-carriers/"),
    "ended/",
}
"""Prefixes in the bucket whose objects must expire."""


UNKNOWN_NAMES_DAYS = 7
"""Days over which names of carriers that no table knows are listed."""

LISTED_NAMES = 10


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    status: Status
    found: str
    to_do: str = ""

    @property
    def document(self) -> dict[str, Any]:
        return asdict(self) | {"status": self.status.lower()}


def check_queues(found: Deployed, now: datetime) -> Iterator[Finding]:
    for name, queue in found.queues.items():
        waiting, oldest = _waiting(found, queue.url), _oldest(found, queue.url, now)
        state = f"{waiting} wait" + (f", the oldest {oldest:.0f} s" if oldest is not None else "")
        late = oldest is not None and oldest > OLDEST_SECONDS[name]
        yield Finding(
            f"queue {name}",
            Status.FAIL if late else Status.OK,
            state,
            "look at the function's throttles and errors" if late else "",
        )


def check_dead_letters(found: Deployed, _: datetime) -> Iterator[Finding]:
    for name, queue in found.queues.items():
        waiting = _waiting(found, queue.dead_letters)
        yield Finding(
            f"dead letters {name}",
            Status.FAIL if waiting else Status.OK,
            f"{waiting} wait",
            f"vtr redrive {name} --dry-run, and docs/runbooks/dead-letters.md" if waiting else "",
        )


def check_schedules(found: Deployed, now: datetime) -> Iterator[Finding]:
    """Check that each schedule is on, and by its metric when its function last succeeded."""
    events = found.client("events")
    for path, rule in found.of_kind("AWS::Events::Rule").items():
        function = next(name for name in SCHEDULES if path.startswith(name))
        check = f"schedule {function.removesuffix('Function')}"
        if events.describe_rule(Name=rule)["State"] != "ENABLED":
            yield Finding(check, Status.FAIL, "is switched off", f"enable the rule {rule}")
            continue
        metric, within = SCHEDULES[function]
        last = _last_counted(found, metric, now - within, now)
        if last is not None:
            yield Finding(check, Status.OK, f"last ran at {last:%Y-%m-%d %H:%M} UTC")
        elif now - _created_at(found) < within:
            yield Finding(check, Status.OK, "has not been due since the stack was made")
        else:
            hours = within / timedelta(hours=1)
            to_do = f"read the log of {function}"
            yield Finding(check, Status.FAIL, f"has not run for {hours:g} h", to_do)


def check_policies(found: Deployed, _: datetime) -> Iterator[Finding]:
    shipped = f"{len(policy_ids())} with {len(all_versions())} versions can be read"
    yield Finding("policies", Status.OK, shipped)
    accounts = list(found.ports.accounts.all())
    lost = [account.id for account in accounts if account.policy not in policy_ids()]
    yield Finding(
        "accounts",
        Status.FAIL if lost else Status.OK,
        f"{len(accounts)}; under a policy that is not shipped: {', '.join(lost) or 'none'}",
        "ship the policy that they are under" if lost else "",
    )


def check_unknown_carriers(found: Deployed, now: datetime) -> Iterator[Finding]:
    """Names of carriers that sources sent in the last days and that no table knows."""
    days = (now.date() - timedelta(days=back) for back in range(UNKNOWN_NAMES_DAYS))
    names = sorted(
        {":".join(pair) for day in days for pair in found.ports.unknown_carriers.noted(day)}
    )
    listed = ", ".join(names[:LISTED_NAMES]) + (", …" if len(names) > LISTED_NAMES else "")
    yield Finding(
        "carriers' names",
        Status.WARN if names else Status.OK,
        f"{len(names)} unknown in {UNKNOWN_NAMES_DAYS} days: {listed or 'none'}",
        "add them to the tables of names, then vtr scans replay" if names else "",
    )


def check_secrets(found: Deployed, now: datetime) -> Iterator[Finding]:
    prefix = found.ports.settings.source_secret_prefix
    pages = found.client("secretsmanager").get_paginator("list_secrets")
    for page in pages.paginate(Filters=[{"Key": "name", "Values": [prefix]}]):
        for secret in page["SecretList"]:
            source = secret["Name"].removeprefix(prefix)
            age = now - secret.get("LastChangedDate", secret["CreatedDate"])
            old = age > SECRET_AGE
            yield Finding(
                f"secret {source}",
                Status.WARN if old else Status.OK,
                f"is {age.days} days old",
                f"vtr sources rotate {source}" if old else "",
            )


def check_tables(found: Deployed, _: datetime) -> Iterator[Finding]:
    for path, name in sorted(found.of_kind("AWS::DynamoDB::Table").items()):
        status = found.client("dynamodb").describe_table(TableName=name)["Table"]["TableStatus"]
        well = status in {"ACTIVE", "UPDATING"}
        yield Finding(
            f"table {path.rpartition('/')[2].removesuffix('Table').lower()}",
            Status.OK if well else Status.FAIL,
            status.lower(),
            "" if well else f"look at the table {name}",
        )


def check_bucket(found: Deployed, _: datetime) -> Iterator[Finding]:
    live = [rule for rule in _lifecycle(found) if rule["Status"] == "Enabled"]
    ending = {_prefix(rule) for rule in live if "Expiration" in rule}
    missing = sorted(KEPT_FOR_A_WHILE - ending)
    if not any("AbortIncompleteMultipartUpload" in rule for rule in live):
        missing.append("unfinished uploads")
    if not any("NoncurrentVersionExpiration" in rule for rule in live):
        missing.append("former versions")
    yield Finding(
        "bucket",
        Status.WARN if missing else Status.OK,
        f"kept for ever: {', '.join(missing)}" if missing else "nothing is kept for ever",
        "deploy infra/data.yaml again" if missing else "",
    )


Check = Callable[[Deployed, datetime], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "queues": check_queues,
    "dead letters": check_dead_letters,
    "schedules": check_schedules,
    "policies": check_policies,
    "secrets": check_secrets,
    "tables": check_tables,
    "bucket": check_bucket,
    "carriers' names": check_unknown_carriers,
}


def _waiting(found: Deployed, url: str) -> int:
    """Return SQS's approximate number of messages, including hidden and delayed ones."""
    states = ("", "NotVisible", "Delayed")
    names = [f"ApproximateNumberOfMessages{state}" for state in states]
    answer = found.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


def _oldest(found: Deployed, url: str, now: datetime) -> float | None:
    """Return the age of the oldest message in seconds; None if CloudWatch has no data."""
    answer = found.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return points[-1]["Maximum"] if points else None


def _last_counted(
    found: Deployed, metric: str, since: datetime, until: datetime
) -> datetime | None:
    """Return the minute in which a metric of the stack last had a value."""
    from vtr.observability import NAMESPACE  # noqa: PLC0415  slow to import, and few commands need it

    answer = found.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=metric,
        Dimensions=[{"Name": "service", "Value": found.name}],
        StartTime=since,
        EndTime=until,
        Period=60,
        Statistics=["SampleCount"],
    )
    moments: list[datetime] = [point["Timestamp"] for point in answer["Datapoints"]]
    return max(moments, default=None)


def _created_at(found: Deployed) -> datetime:
    stacks = found.client("cloudformation").describe_stacks(StackName=found.name)["Stacks"]
    created: datetime = stacks[0]["CreationTime"]
    return created


def _lifecycle(found: Deployed) -> list[dict[str, Any]]:
    (bucket,) = found.of_kind("AWS::S3::Bucket").values()
    try:
        answer = found.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        return []
    rules: list[dict[str, Any]] = answer["Rules"]
    return rules


def _prefix(rule: dict[str, Any]) -> str:
    """Return the prefix that a rule applies to; newer rules have it in a filter."""
    prefix: str = rule.get("Filter", {}).get("Prefix", rule.get("Prefix", ""))
    return prefix
