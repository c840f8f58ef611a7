"""Messages that were not done: when they come again, and what of a batch is begun at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.utils import unix_time_millis
from moto.sqs.models import sqs_backends

from integration.deployment import CONSUMERS, Deployment
from integration.requests import SHIPPED, a_package, a_scan
from integration.test_workers import a_delivery, a_recount, failed
from support.aws import REGION
from support.events import scans_body, sqs_event
from vtr.bootstrap import services
from vtr.domain.backoff import FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS, retry_seconds
from vtr.domain.packages import BucketKey
from vtr.domain.partitioning import ROWS_A_SLOT
from vtr.domain.verdict import Reason
from vtr.messages import RecountMessage, write_message

PACKAGE = "/v1/orders/114-1/packages/1"


def send(vtr: Deployment, queue: str, *bodies: str) -> None:
    for number, body in enumerate(bodies):
        fifo: Any = {"MessageGroupId": f"g{number}", "MessageDeduplicationId": f"{number}"}
        more = fifo if queue == "RecountsQueue" else {}
        vtr.aws.sqs.send_message(QueueUrl=vtr.aws.queues[queue], MessageBody=body, **more)


def hidden(vtr: Deployment, queue: str) -> list[int]:
    """For how many seconds each message of a queue is still hidden."""
    name = vtr.aws.queues[queue].rpartition("/")[2]
    messages = sqs_backends["123456789012"][REGION].queues[name]._messages  # noqa: SLF001  no API says it
    return [round((each.visible_at - unix_time_millis()) / 1000) for each in messages]


def deleted(vtr: Deployment, queue: str, answer: Any) -> None:
    """Delete what a function has done, as Lambda does."""
    name = vtr.aws.queues[queue].rpartition("/")[2]
    queue_ = sqs_backends["123456789012"][REGION].queues[name]
    left = set(failed(answer))
    for message in list(queue_._messages):  # noqa: SLF001  no API lists them
        if message.id not in left:
            queue_.delete_message(str(message.receipt_handle))


@pytest.mark.parametrize("queue", sorted(CONSUMERS))
def test_a_message_that_failed_comes_again_in_seconds(vtr: Deployment, queue: str) -> None:
    send(vtr, queue, "{")
    assert len(failed(vtr.hand_out(queue))) == 1
    (seconds,) = hidden(vtr, queue)
    assert seconds <= FIRST_RETRY_SECONDS


def test_the_time_until_a_message_comes_again_doubles_up_to_two_minutes() -> None:
    assert [retry_seconds(receives) for receives in range(1, 7)] == [10, 20, 40, 80, 120, 120]
    assert retry_seconds(1000) == LONGEST_RETRY_SECONDS


def test_only_what_failed_is_hidden_and_a_retry_does_it(vtr: Deployment) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    key = "deliveries/late"
    send(vtr, "ScansQueue", a_delivery(b"", object_key=key), a_delivery(b"{"))
    answer = vtr.hand_out("ScansQueue")
    assert len(failed(answer)) == 1
    again, done = sorted(hidden(vtr, "ScansQueue"))
    assert again <= FIRST_RETRY_SECONDS < LONGEST_RETRY_SECONDS < done


def test_a_batch_that_cannot_be_archived_comes_again_in_seconds(
    vtr: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoArchive:
        def write(self, _: object) -> None:
            raise ConnectionError

    send(vtr, "ScansQueue", a_delivery(scans_body(a_scan())), "{")
    vtr.invoke("record_scans", sqs_event("{"))
    monkeypatch.setattr(services(), "archive", NoArchive(), raising=False)
    with pytest.raises(ConnectionError):
        vtr.hand_out("ScansQueue")
    assert max(hidden(vtr, "ScansQueue")) <= FIRST_RETRY_SECONDS


def test_what_cannot_be_hidden_again_is_logged_and_nothing_else_fails(
    vtr: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes again by itself, when the queue's visibility timeout ends."""
    vtr.call("PUT", PACKAGE, a_package())
    event = sqs_event("{", a_delivery(scans_body(a_scan())))
    assert failed(vtr.invoke("record_scans", event)) == ["m0"]
    assert "come again only when the visibility timeout ends" in caplog.text


@pytest.mark.parametrize(
    ("function", "body"),
    [("record_scans", a_delivery(scans_body(a_scan()))), ("recompute_rates", a_recount())],
)
def test_with_little_time_left_a_run_begins_one_message_and_leaves_the_others(
    vtr: Deployment, function: str, body: str
) -> None:
    vtr.key()
    event = sqs_event(body, body, body, groups=["a", "b", "c"])
    assert failed(vtr.invoke(function, event, remaining_seconds=20)) == ["m1", "m2"]
    assert failed(vtr.invoke(function, event, remaining_seconds=70)) == []


def test_what_was_left_comes_again_at_once(vtr: Deployment) -> None:
    send(vtr, "ScansQueue", *(2 * [a_delivery(scans_body(a_scan()))]))
    answer = vtr.hand_out("ScansQueue", remaining_seconds=20)
    deleted(vtr, "ScansQueue", answer)
    assert max(hidden(vtr, "ScansQueue")) <= 0
    assert failed(vtr.hand_out("ScansQueue", remaining_seconds=20)) == []


def test_what_was_received_most_often_is_begun_first(vtr: Deployment) -> None:
    """However often a run is short of time, every message has its turn."""
    body = a_delivery(scans_body(a_scan()))
    event = sqs_event(body, body, body)
    event["Records"][1]["attributes"]["ApproximateReceiveCount"] = "3"
    assert failed(vtr.invoke("record_scans", event, remaining_seconds=20)) == ["m0", "m2"]


def test_a_run_holds_no_more_bodies_than_it_has_memory_for(
    vtr: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("record_scans.handler.HELD_BYTES", 1)
    body = a_delivery(scans_body(a_scan()))
    assert failed(vtr.invoke("record_scans", sqs_event(body, body))) == ["m1"]


def test_a_recount_that_is_postponed_stays_in_the_queue_until_its_bucket_has_cooled_down(
    vtr: Deployment,
) -> None:
    vtr.key()
    counts = {"books": {Reason.NO_SCAN: 4 * ROWS_A_SLOT}}
    now = datetime.now(UTC)
    vtr.aws.ports().rates.put_bucket(BucketKey("acme", SHIPPED), counts, now, SHIPPED)
    until = now + timedelta(seconds=20)
    send(vtr, "RecountsQueue", write_message(RecountMessage("acme", SHIPPED, 0, until=until)))
    assert len(failed(vtr.hand_out("RecountsQueue"))) == 1
    (seconds,) = hidden(vtr, "RecountsQueue")
    assert FIRST_RETRY_SECONDS < seconds <= 80


def test_a_recount_that_is_postponed_is_no_failure(
    vtr: Deployment, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    vtr.key()
    counts = {"books": {Reason.NO_SCAN: 4 * ROWS_A_SLOT}}
    now = datetime.now(UTC)
    vtr.aws.ports().rates.put_bucket(BucketKey("acme", SHIPPED), counts, now, SHIPPED)
    capsys.readouterr()
    vtr.invoke("recompute_rates", sqs_event(a_recount(), groups=["acme"]))
    logged = capsys.readouterr().out
    assert "RecountPostponed" in logged
    assert "MessageFailed" not in logged
    assert "Record processing exception" not in caplog.text
