"""Queues: none without dead letters, and no dead letters without an alarm."""

from typing import Any

import pytest

from support.aws import functions, main_template
from vtr_local.stack import LOCAL_PARAMETERS
from vtr_local.template import Properties, Template, resources
from write_report.handler import ATTEMPTS

FOURTEEN_DAYS = 14 * 24 * 3600
QUEUES = dict(resources(main_template(), "AWS::SQS::Queue"))
DEAD_LETTERS = {
    queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    for queue in QUEUES.values()
    if "RedrivePolicy" in queue
}
WORKED_ON = sorted(QUEUES.keys() - DEAD_LETTERS)


def consumer(template: Template, queue: str) -> tuple[Properties, Properties]:
    """The event source mapping that empties a queue, and the function that it calls."""
    called = dict(resources(template, "AWS::Lambda::Function"))
    (mapping,) = (
        mapping
        for _, mapping in resources(template, "AWS::Lambda::EventSourceMapping")
        if mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    )
    return mapping, called[mapping["FunctionName"]["Ref"]]


def alarms_on(template: Template, queue: str) -> list[Properties]:
    name = {"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}
    return [
        alarm
        for _, alarm in resources(template, "AWS::CloudWatch::Alarm")
        if alarm["Dimensions"] == [name]
    ]


def test_there_are_the_queues_that_the_flows_need() -> None:
    assert WORKED_ON == ["RecountsQueue", "ReportsQueue", "ScansQueue"]


@pytest.mark.parametrize("name", WORKED_ON)
def test_a_queue_has_dead_letters_of_its_own_kind_after_three_attempts_or_more(name: str) -> None:
    redrive = QUEUES[name]["RedrivePolicy"]
    dead_letters = QUEUES[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]
    assert dead_letters.get("FifoQueue", False) == QUEUES[name].get("FifoQueue", False)
    assert redrive["maxReceiveCount"] >= 3


def test_no_two_queues_share_their_dead_letters() -> None:
    assert len(DEAD_LETTERS) == len(WORKED_ON)


@pytest.mark.parametrize("name", sorted(DEAD_LETTERS))
def test_dead_letters_are_kept_for_two_weeks(name: str) -> None:
    assert QUEUES[name]["MessageRetentionPeriod"] == FOURTEEN_DAYS


@pytest.mark.parametrize("name", sorted(DEAD_LETTERS))
def test_the_first_dead_letter_raises_an_alarm(template: Template, name: str) -> None:
    (alarm,) = alarms_on(template, name)
    assert alarm["Namespace"] == "AWS/SQS"
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["Threshold"] == 0


@pytest.mark.parametrize("name", WORKED_ON)
def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_run(
    template: Template, name: str
) -> None:
    _, function = consumer(template, name)
    assert QUEUES[name]["VisibilityTimeout"] >= 6 * function["Timeout"]


@pytest.mark.parametrize("name", WORKED_ON)
def test_one_bad_message_does_not_bring_the_good_ones_of_its_batch_back(
    template: Template, name: str
) -> None:
    mapping, _ = consumer(template, name)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_recount_runs_when_every_change_of_its_slot_is_in() -> None:
    parameters = {name: p.get("Default") for name, p in main_template()["Parameters"].items()}
    for given in (parameters, LOCAL_PARAMETERS):
        assert int(given["RecountDelaySeconds"]) > int(given["RecountSlotSeconds"])
    assert QUEUES["RecountsQueue"]["DelaySeconds"] == {"Ref": "RecountDelaySeconds"}


def test_a_slot_ends_well_before_the_queue_forgets_what_it_has_seen() -> None:
    five_minutes = 300
    parameters = main_template()["Parameters"]
    assert parameters["RecountSlotSeconds"]["Default"] <= five_minutes
    assert parameters["RecountDelaySeconds"]["Default"] <= 15 * 60


def test_recounts_come_in_order_of_their_group_and_groups_share_no_limit() -> None:
    queue = QUEUES["RecountsQueue"]
    assert queue["FifoQueue"] is True
    assert queue["FifoThroughputLimit"] == "perMessageGroupId"
    assert queue["DeduplicationScope"] == "messageGroup"


def test_a_report_that_failed_is_handed_out_once_more_to_say_so() -> None:
    assert QUEUES["ReportsQueue"]["RedrivePolicy"]["maxReceiveCount"] > ATTEMPTS


def test_whoever_asks_for_recounts_knows_the_slot() -> None:
    def variables(function: Properties) -> dict[str, Any]:
        found: dict[str, Any] = function.get("Environment", {}).get("Variables", {})
        return found

    senders = [f for f in functions().values() if "VTR_RECOUNTS_QUEUE_URL" in variables(f)]
    assert len(senders) == 4
    for sender in senders:
        assert variables(sender)["VTR_RECOUNT_SLOT_SECONDS"] == {"Ref": "RecountSlotSeconds"}
