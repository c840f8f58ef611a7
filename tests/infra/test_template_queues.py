"""Queues: none without dead letters, and no dead letters without an alarm."""

from typing import Any

import pytest

from support.aws import PROJECT, functions, main_template
from vtr.domain.backoff import retry_seconds
from vtr.domain.partitioning import DELAY_SLOTS
from vtr.settings import Settings, SettingsError
from vtr_local.stack import LOCAL_PARAMETERS
from vtr_local.template import Properties, Template, load_template, resources
from write_report.handler import ATTEMPTS

FOUR_DAYS, FOURTEEN_DAYS = 4 * 24 * 3600, 14 * 24 * 3600
FORGOTTEN = 300
"""A FIFO queue drops what is sent again within five minutes."""

QUEUES = dict(resources(main_template(), "AWS::SQS::Queue"))
DEAD_LETTERS = {
    queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    for queue in QUEUES.values()
    if "RedrivePolicy" in queue
}
WORKED_ON = sorted(QUEUES.keys() - DEAD_LETTERS)
NAMES = [name.removesuffix("Queue") for name in WORKED_ON]
SLOT = main_template()["Parameters"]["RecountSlotSeconds"]


def consumer(template: Template, queue: str) -> tuple[Properties, Properties]:
    """The event source mapping that empties a queue, and the function that it calls."""
    called = dict(resources(template, "AWS::Lambda::Function"))
    (mapping,) = (
        mapping
        for _, mapping in resources(template, "AWS::Lambda::EventSourceMapping")
        if mapping["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    )
    return mapping, called[mapping["FunctionName"]["Ref"].removesuffix("Aliaslive")]


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
    """And for as long as a batch is gathered.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    mapping, function = consumer(template, name)
    gathered = mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert QUEUES[name]["VisibilityTimeout"] >= 6 * function["Timeout"] + gathered


@pytest.mark.parametrize("name", WORKED_ON)
def test_a_dead_letter_has_ten_days_left_at_least(name: str) -> None:
    """A standard queue's DLQ counts from when the message was first sent.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """
    assert QUEUES[name]["MessageRetentionPeriod"] == FOUR_DAYS


@pytest.mark.parametrize("name", WORKED_ON)
def test_a_message_is_tried_for_a_quarter_of_an_hour_before_it_is_a_dead_letter(name: str) -> None:
    receives = QUEUES[name]["RedrivePolicy"]["maxReceiveCount"]
    assert sum(map(retry_seconds, range(1, receives))) >= 15 * 60


def test_amazons_queue_is_worked_off_as_that_of_scans(template: Template) -> None:
    amazon = load_template(PROJECT / "infra" / "amazon.yaml")["Resources"]
    scans, _ = consumer(template, "ScansQueue")
    ours = amazon["Notifications"]["Properties"]
    for name in ("BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes"):
        assert ours[name] == scans[name]
    assert ours["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "Concurrency"}}
    for name in ("VisibilityTimeout", "MessageRetentionPeriod"):
        assert amazon["Queue"]["Properties"][name] == QUEUES["ScansQueue"][name]
    receives = amazon["Queue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    assert receives == QUEUES["ScansQueue"]["RedrivePolicy"]["maxReceiveCount"]


@pytest.mark.parametrize("name", WORKED_ON)
def test_a_backlog_never_takes_the_functions_that_webhooks_need(
    template: Template, name: str
) -> None:
    """An account has 1,000 functions at once, unless AWS gives it fewer or more."""
    mapping, _ = consumer(template, name)
    most = mapping["ScalingConfig"]["MaximumConcurrency"]["Ref"]
    parameters = main_template()["Parameters"]
    assert parameters[most]["MinValue"] == 2
    assert parameters[most]["MaxValue"] == 1_000
    concurrency = [p["Default"] for each, p in parameters.items() if "Concurrency" in each]
    assert len(concurrency) == len(WORKED_ON)
    assert 2 * sum(concurrency) <= 1_000


def test_a_function_that_sends_to_the_queue_that_calls_it_is_allowed_to(
    template: Template,
) -> None:
    """By default Lambda stops a chain of sixteen, and in a batch it counts chains of others.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    sending = {f"{name}Queue": f"VTR_{name.upper()}_QUEUE_URL" for name in NAMES}
    looping = set()
    for queue, variable in sending.items():
        _, function = consumer(template, queue)
        if variable in function["Environment"]["Variables"]:
            looping.add(function["Handler"])
            assert function["RecursiveLoop"] == "Allow"
    assert len(looping) == 3
    for _, function in resources(template, "AWS::Lambda::Function"):
        assert ("RecursiveLoop" in function) == (function["Handler"] in looping)


@pytest.mark.parametrize("name", WORKED_ON)
def test_one_bad_message_does_not_bring_the_good_ones_of_its_batch_back(
    template: Template, name: str
) -> None:
    mapping, _ = consumer(template, name)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("slot", SLOT["AllowedValues"])
def test_a_recount_runs_when_every_change_of_its_slot_is_in(slot: int) -> None:
    """The queue's delay is two slots; a queue's delay is fifteen minutes at most."""
    delay = main_template()["Mappings"]["RecountDelay"][str(slot)]["Seconds"]
    assert delay == DELAY_SLOTS * slot <= 15 * 60
    slot_of = {"Ref": "RecountSlotSeconds"}
    asked = {"Fn::FindInMap": ["RecountDelay", slot_of, "Seconds"]}
    assert QUEUES["RecountsQueue"]["DelaySeconds"] == asked


@pytest.mark.parametrize("slot", SLOT["AllowedValues"])
def test_a_slot_that_can_be_deployed_is_one_that_the_functions_take(slot: int) -> None:
    """It ends well before the queue forgets what it has seen."""
    found = Settings.from_env({"VTR_RECOUNT_SLOT_SECONDS": str(slot)})
    assert found.recount_slot_seconds == slot < FORGOTTEN


@pytest.mark.parametrize("slot", ["0", "61", "-1", "1.5", "", "x"])
def test_a_slot_that_would_lose_changes_is_refused(slot: str) -> None:
    with pytest.raises(SettingsError, match="VTR_RECOUNT_SLOT_SECONDS must be whole seconds"):
        Settings.from_env({"VTR_RECOUNT_SLOT_SECONDS": slot})


def test_the_slots_of_the_templates_and_of_the_functions_agree() -> None:
    assert Settings().recount_slot_seconds == SLOT["Default"]
    assert int(LOCAL_PARAMETERS["RecountSlotSeconds"]) in SLOT["AllowedValues"]


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
