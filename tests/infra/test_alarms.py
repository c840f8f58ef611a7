"""Alarms: each is of this stack, says what silence means, is heard, and leads to a runbook."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.test_documents import PROJECT, anchors_of
from support.alarms import Alarm, alarms
from support.aws import STACK, functions, main_template
from vtr_cost.model import ALARM_METRICS
from vtr_local.alarms import embedded_metrics
from vtr_local.template import Properties, load_template, resources

FUNCTIONS = PROJECT / "functions"
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text("utf-8")
NESTED = dict(resources(main_template(), "AWS::Serverless::Application"))
LOGICAL = {name for name, _ in resources(main_template(), "AWS::Serverless::Function")}
WORKERS = {"RecordScans", "RecomputeRates", "WriteReport", "ScheduleRecompute", "WatchSilence"}
EXPECTED_OF_SILENCE = {"TurnsMissing", "WatchMissing"}
"""Alarms on work that has to happen: no data is what they are for."""

BY_AWS = {
    "AWS/ApiGateway": {"5xx", "Count"},
    "AWS/Lambda": {
        *("Errors", "Throttles", "Duration", "AsyncEventsDropped", "RecursiveInvocationsDropped"),
    },
    "AWS/Events": {"FailedInvocations"},
    "AWS/DynamoDB": {"ReadThrottleEvents", "WriteThrottleEvents"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/Usage": {"ResourceCount"},
}
"""Metrics as AWS documents them, by namespace."""

DIMENSION = {
    "AWS/ApiGateway": "ApiId",
    "AWS/Lambda": "FunctionName",
    "AWS/Events": "RuleName",
    "AWS/DynamoDB": "TableName",
    "AWS/SQS": "QueueName",
    "VTR": "service",
}
"""The one dimension that makes a namespace's metric that of one stack."""

each_alarm = pytest.mark.parametrize("alarm", alarms().values(), ids=lambda alarm: alarm.name)


def published() -> set[str]:
    """Every metric that some function publishes for its stack."""
    return {
        name
        for path in FUNCTIONS.rglob("*.py")
        for name in re.findall(r'add_metric\(\s*name="(\w+)"', path.read_text("utf-8"))
    }


def dashboard() -> Properties:
    template = load_template(PROJECT / NESTED["Observability"]["Location"])
    ((_, found),) = resources(template, "AWS::CloudWatch::Dashboard")
    body: Properties = json.loads(found["DashboardBody"]["Fn::Sub"])
    return body


def shown() -> list[list[str]]:
    return [
        metric
        for widget in dashboard()["widgets"]
        for metric in widget["properties"].get("metrics", [])
    ]


@each_alarm
def test_its_metrics_are_published_by_our_code_or_by_aws(alarm: Alarm) -> None:
    for query in alarm.queries:
        assert query.name in (BY_AWS | {"VTR": published()})[query.namespace]


@each_alarm
def test_its_metrics_are_of_this_stack_alone(alarm: Alarm) -> None:
    """Or of the whole account, where it is the account that runs out."""
    if alarm.name == "Concurrency":
        return
    ours = {*main_template()["Resources"], "ScheduleRecomputeFunctionTurn"}
    ours |= {"WatchSilenceFunctionWatch", "DeadLetters", STACK}
    ours |= {f"{table}Table" for table in ("Orders", "Parcels", "Packages", "Rates")}
    ours |= {"AccountsTable", "TransientTable"}
    for query in alarm.queries:
        assert list(query.dimensions) == [DIMENSION[query.namespace]]
        assert set(query.dimensions.values()) <= ours


@each_alarm
def test_it_says_what_missing_data_means(alarm: Alarm) -> None:
    silence = "breaching" if alarm.name in EXPECTED_OF_SILENCE else "notBreaching"
    assert alarm.properties["TreatMissingData"] == silence


@each_alarm
def test_it_is_heard_when_it_is_raised_and_when_it_is_over(alarm: Alarm) -> None:
    topic = {"Fn::GetAtt": ["AlarmTopic", "Outputs.Arn"]}
    here = [{"Ref": "AlarmTopicArn"}] if alarm.given else [topic]
    assert alarm.properties["AlarmActions"] == alarm.properties["OKActions"] == here
    assert alarm.given.get("AlarmTopicArn", topic) == topic


@each_alarm
def test_its_runbook_is_there_and_names_it(alarm: Alarm) -> None:
    page, anchor = alarm.runbook
    path = PROJECT / page
    assert not anchor or anchor in anchors_of(path)
    assert f"`{alarm.name}`" in path.read_text("utf-8")


@each_alarm
def test_it_is_on_the_page_of_operations_with_its_runbook(alarm: Alarm) -> None:
    page, anchor = alarm.runbook
    target = page.removeprefix("docs/") + (f"#{anchor}" if anchor else "")
    (row,) = re.findall(rf"^\|[^|]*\b{alarm.name}\b[^|]*\|.*$", OPERATIONS, re.MULTILINE)
    assert f"({target})" in row


@each_alarm
def test_it_asks_for_no_more_than_aws_takes(alarm: Alarm) -> None:
    """Ten metrics; evaluated over a day, or over a week by periods of an hour and more."""
    assert len(alarm.queries) <= 10
    assert len({query.period for query in alarm.queries}) == 1
    period = alarm.queries[0].period
    longest = 7 * 86_400 if period >= 3_600 else 86_400
    assert period * alarm.properties["EvaluationPeriods"] <= longest
    returned = [each for each in alarm.properties.get("Metrics", []) if "Expression" in each]
    assert len(returned) == ("Metrics" in alarm.properties)


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_is_watched_in_one_of_two_groups(metric: str) -> None:
    groups = {
        alarm.name: {query.dimensions["FunctionName"] for query in alarm.queries}
        for alarm in alarms().values()
        if {(query.namespace, query.name) for query in alarm.queries} == {("AWS/Lambda", metric)}
    }
    workers = {f"{name}Function" for name in WORKERS}
    assert sorted(groups.values(), key=len) == [workers, LOGICAL - workers]


def test_a_run_is_compared_with_the_timeout_of_its_function() -> None:
    """WriteReport works until its time is nearly up, on purpose."""
    shared = main_template()["Globals"]["Function"]["Timeout"]
    timeouts = {
        function["Handler"]: function.get("Timeout", shared) for function in functions().values()
    }
    by_name = {
        f"{''.join(word.title() for word in module.partition('.')[0].split('_'))}Function": seconds
        for module, seconds in timeouts.items()
    }
    compared = {}
    for name in ("ApiSlow", "WorkersSlow"):
        alarm = alarms()[name]
        seconds = dict(re.findall(r"(\w+) / (\d+)", alarm.expression))
        assert alarm.expression.endswith("]) / 10")
        for query in alarm.queries:
            compared[query.dimensions["FunctionName"]] = int(seconds[query.id])
    assert compared == {n: s for n, s in by_name.items() if n != "WriteReportFunction"}


def test_every_table_is_watched_for_throttled_reads_and_writes() -> None:
    tables = [f"{kind}Table" for kind in ("Orders", "Parcels", "Packages", "Rates", "Accounts")]
    for name in ("ReadsThrottled", "WritesThrottled"):
        watched = [query.dimensions["TableName"] for query in alarms()[name].queries]
        assert watched == [*tables, "TransientTable"]


def test_functions_and_alarms_name_the_stack_alike() -> None:
    told = main_template()["Globals"]["Function"]["Environment"]["Variables"]
    assert told["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
    assert NESTED["Observability"]["Parameters"]["Service"] == {"Ref": "AWS::StackName"}


def test_a_metric_carries_the_stack_that_the_environment_names() -> None:
    code = (
        "from vtr.observability import add_metric_by, metrics\n"
        "metrics.add_metric(name='ScanRecorded', unit='Count', value=1)\n"
        "metrics.flush_metrics()\n"
        "add_metric_by('ParcelExpected', 1, carrier='ups')\n"
    )
    environment = {"PYTHONPATH": str(FUNCTIONS), "POWERTOOLS_SERVICE_NAME": "staging"}
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    found = [each.dimensions for each in embedded_metrics(ran.stdout)]
    assert found == [{"service": "staging"}, {"service": "staging", "carrier": "ups"}]


def test_no_code_names_a_service_of_its_own() -> None:
    texts = [path.read_text("utf-8") for path in FUNCTIONS.rglob("*.py")]
    assert not any(re.search(r"service=[\"']|[\"']service[\"']: [\"']", text) for text in texts)


def test_the_dashboard_shows_what_was_promised_first() -> None:
    first = [widget["properties"]["title"] for widget in dashboard()["widgets"] if not widget["y"]]
    assert first[0].startswith("Submitted, recorded, recounted")
    assert first[1].startswith("Oldest message")
    assert "5xx" in first[2]


def test_the_dashboard_shows_metrics_of_this_stack_that_are_published() -> None:
    ours = [metric for metric in shown() if metric[0] == "VTR"]
    assert len(ours) > 5
    for _, name, *dimension in ours:
        assert name in published()
        assert dimension == ["service", "${Service}"]
    queues = {metric[-1] for metric in shown() if metric[0] == "AWS/SQS"}
    assert queues == {"${ScansQueue}", "${RecountsQueue}", "${ReportsQueue}"}


def test_the_dashboard_shows_the_alarms_on_api_and_functions() -> None:
    template = load_template(PROJECT / NESTED["PlatformAlarms"]["Location"])
    given = NESTED["Observability"]["Parameters"]
    for name, output in template["Outputs"].items():
        assert output["Value"] == {"Fn::GetAtt": [f"{name}Alarm", "Arn"]}
        assert given[name] == {"Fn::GetAtt": ["PlatformAlarms", f"Outputs.{name}"]}
    raised = [widget["properties"].get("annotations") for widget in dashboard()["widgets"]]
    shown_alarms = {each["alarms"][0].strip("${}") for each in raised if each}
    assert shown_alarms == set(template["Outputs"])


def test_the_cost_model_knows_how_many_metrics_alarms_read() -> None:
    asked_for = ("Amazon", "Rollout")  # by parameters, and not deployed without them
    read = sum(len(a.queries) for a in alarms().values() if not a.name.startswith(asked_for))
    assert read == ALARM_METRICS


def test_an_address_is_subscribed_to_the_topic_that_alarms_go_to() -> None:
    template = load_template(Path(PROJECT / NESTED["AlarmTopic"]["Location"]))
    topic = {"Fn::If": ["OwnTopic", {"Ref": "Topic"}, {"Ref": "TopicArn"}]}
    ((_, subscription),) = resources(template, "AWS::SNS::Subscription")
    assert subscription["TopicArn"] == template["Outputs"]["Arn"]["Value"] == topic
    assert subscription["Endpoint"] == {"Ref": "Email"}
    given = {"TopicArn": "AlarmTopicArn", "Email": "AlarmEmail", "MonthlyBudget": "MonthlyBudget"}
    parameters = NESTED["AlarmTopic"]["Parameters"]
    assert parameters == {name: {"Ref": value} for name, value in given.items()}
