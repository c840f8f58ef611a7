"""Dead letters: the cause is fixed, they are sent back, and take effect once."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from integration.deployment import Deployment
from integration.requests import SHIPPED, a_package, a_scan
from support.aws import BUCKET, STACK
from support.events import scans_body, sqs_event
from support.faulty_client import Fault, faulty_line
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, write_message
from vtr_cli.dead_letters import Message, describe, send_back, take
from vtr_cli.deployed import Deployed, WorkQueue
from vtr_cli.redrive import delete_letter, move
from vtr_client.errors import CommandError, InputError

PACKAGE, KEPT = "/v1/orders/114-1/packages/1", "deliveries/2026-10-21/standard/e3b0"
WORKERS = {"Scans": "record_scans", "Recounts": "recompute_rates", "Reports": "write_report"}
AT = datetime(2026, 10, 21, tzinfo=UTC)


def queue_of(vtr: Deployment, name: str) -> WorkQueue:
    """A queue whose messages become dead letters at their third delivery."""
    url, dead_letters = vtr.aws.queues[f"{name}Queue"], vtr.aws.queues[f"{name}DeadLetters"]
    answer = vtr.aws.sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])
    redrive = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": 2}
    changed: Any = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "0"}
    vtr.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)
    return WorkQueue(name.lower(), url, dead_letters)


def work_until_dead(vtr: Deployment, name: str, body: str) -> WorkQueue:
    """Have a message delivered, and fail, until it is among the dead letters."""
    where = queue_of(vtr, name)
    fifo: Any = {"MessageGroupId": "acme", "MessageDeduplicationId": "once"}
    more = fifo if where.url.endswith(".fifo") else {}
    vtr.aws.sqs.send_message(QueueUrl=where.url, MessageBody=body, **more)
    for _ in range(3):
        got = vtr.aws.sqs.receive_message(QueueUrl=where.url, AttributeNames=["All"])
        for message in got.get("Messages", []):
            answer = vtr.invoke(WORKERS[name], sqs_event(message["Body"], groups=["acme"]))
            assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    return where


def letters_of(vtr: Deployment, where: WorkQueue) -> Iterator[list[Message]]:
    return take(vtr.aws.sqs, where.dead_letters)


def a_kept_delivery(vtr: Deployment) -> str:
    """A delivery whose body is to be found in the bucket, where it is not yet."""
    vtr.call("PUT", PACKAGE, a_package())
    vtr.settle()
    return write_message(DeliveryMessage("standard", "e3b0", AT, object_key=KEPT))


def test_a_delivery_that_was_mended_is_recorded_once(vtr: Deployment) -> None:
    where = work_until_dead(vtr, "Scans", a_kept_delivery(vtr))
    assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 0
    vtr.aws.s3.put_object(Bucket=BUCKET, Key=KEPT, Body=scans_body(a_scan()))
    assert [send_back(vtr.aws.sqs, where, each) for each in letters_of(vtr, where)] == [1]
    vtr.settle()
    assert vtr.call("GET", "/v1/rates").json["overall"]["valid"] == 1
    assert list(letters_of(vtr, where)) == []


def test_what_a_dead_letter_died_of_is_logged(
    vtr: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    work_until_dead(vtr, "Recounts", write_message(RecountMessage("nobody", SHIPPED, 0)))
    assert "There is no account nobody." in caplog.text


def test_a_redrive_that_is_cut_off_and_repeated_counts_nothing_twice(vtr: Deployment) -> None:
    where = work_until_dead(vtr, "Scans", a_kept_delivery(vtr))
    vtr.aws.s3.put_object(Bucket=BUCKET, Key=KEPT, Body=scans_body(a_scan()))
    (letters,) = letters_of(vtr, where)
    for _ in range(2):  # the first time was cut off before the letter was taken away
        vtr.aws.sqs.send_message(QueueUrl=where.url, MessageBody=letters[0]["Body"])
    assert send_back(vtr.aws.sqs, where, letters) == 1
    vtr.settle()
    overall = vtr.call("GET", "/v1/rates").json["overall"]
    assert (overall["packages"], overall["valid"]) == (1, 1)


def test_a_recount_keeps_its_group_and_its_id(vtr: Deployment) -> None:
    body = write_message(RecountMessage("acme", SHIPPED, 0))
    where = work_until_dead(vtr, "Recounts", body)
    vtr.call("PUT", PACKAGE, a_package())  # fixed: now there is such an account
    vtr.aws.take("RecountsQueue")
    for letters in letters_of(vtr, where):
        send_back(vtr.aws.sqs, where, letters)
    got = vtr.aws.sqs.receive_message(QueueUrl=where.url, AttributeNames=["All"])
    (message,) = got["Messages"]
    assert message["Body"] == body
    assert message["Attributes"]["MessageGroupId"] == "acme"
    assert message["Attributes"]["MessageDeduplicationId"] == "once"
    vtr.settle()
    assert vtr.call("GET", "/v1/rates").json["overall"]["packages"] == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_letter_that_could_not_be_sent_back_stays_where_it_is(vtr: Deployment, seed: int) -> None:
    where = queue_of(vtr, "Reports")
    for number in range(5):
        vtr.aws.sqs.send_message(QueueUrl=where.dead_letters, MessageBody=str(number))
    (letters,) = letters_of(vtr, where)
    with faulty_line(seed) as line:
        line.plan("SendMessageBatch", "ReportsQueue", Fault.PARTIAL)
        with pytest.raises(CommandError):
            send_back(vtr.aws.sqs, where, letters)
    for letter in letters:  # those that are left are to be seen again
        with suppress(ClientError):
            vtr.aws.sqs.change_message_visibility(
                QueueUrl=where.dead_letters,
                ReceiptHandle=letter["ReceiptHandle"],
                VisibilityTimeout=0,
            )
    sent = {message["Body"] for message in vtr.aws.take("ReportsQueue")}
    stayed = {message["Body"] for message in vtr.aws.take("ReportsDeadLetters")}
    assert len(stayed) > 0
    assert sorted([*sent, *stayed]) == ["0", "1", "2", "3", "4"]


def test_no_more_than_the_limit_is_taken(vtr: Deployment) -> None:
    where = queue_of(vtr, "Reports")
    for number in range(15):
        vtr.aws.sqs.send_message(QueueUrl=where.dead_letters, MessageBody=str(number))
    moved = sum(
        send_back(vtr.aws.sqs, where, letters)
        for letters in take(vtr.aws.sqs, where.dead_letters, 12)
    )
    assert moved == 12
    assert len(vtr.aws.take("ReportsQueue")) == 12
    assert len(vtr.aws.take("ReportsDeadLetters")) == 3


@pytest.mark.parametrize(
    ("name", "body", "what", "why"),
    [
        ("scans", "{", "1 bytes", "is no message of ours"),
        (
            "scans",
            write_message(DeliveryMessage("ups", "e3b0", AT, object_key=KEPT)),
            "ups e3b0 of 2026-10-21 00:00",
            f"its body {KEPT} is gone",
        ),
        (
            "scans",
            write_message(DeliveryMessage("ups", "e3b0", AT, b"{}")),
            "ups e3b0 of 2026-10-21 00:00",
            "the log has it",
        ),
        (
            "recounts",
            write_message(RecountMessage("nobody", SHIPPED, 0)),
            f"nobody {SHIPPED} 0",
            "there is no account nobody",
        ),
        (
            "reports",
            write_message(ReportMessage("acme", "5f0c")),
            "acme 5f0c",
            "there is no such report",
        ),
        ("amazon", "{}", "2 bytes", "the log has it"),
    ],
)
def test_a_letter_says_what_it_is_and_what_keeps_it(
    vtr: Deployment, name: str, body: str, what: str, why: str
) -> None:
    found = Deployed(STACK, vtr.aws.ports(), {"s3": vtr.aws.s3})
    shown = describe(found, name, {"Body": body, "Attributes": {"SentTimestamp": "1792540800000"}})
    assert shown.what == what
    assert shown.why.startswith(why)
    assert shown.since == datetime(2026, 10, 21, 0, 0, tzinfo=UTC)


def unseen(_: object) -> None:
    """Show letters to nobody."""


def poison_and_work(vtr: Deployment) -> tuple[Deployed, WorkQueue]:
    """Have a letter for an account that does not exist, and one that can be done now."""
    vtr.call("PUT", PACKAGE, a_package())
    vtr.aws.take("RecountsQueue")
    where = queue_of(vtr, "Recounts")
    for account in ("ghost", "acme"):
        body = write_message(RecountMessage(account, SHIPPED, 0))
        vtr.aws.sqs.send_message(
            QueueUrl=where.dead_letters,
            MessageBody=body,
            MessageGroupId=account,
            MessageDeduplicationId=account,
        )
    return Deployed(STACK, vtr.aws.ports(), {"sqs": vtr.aws.sqs}), where


def accounts_in(vtr: Deployment, queue: str) -> list[str]:
    return sorted(json.loads(message["Body"])["account"] for message in vtr.aws.take(queue))


def test_what_is_seen_to_fail_again_stays(vtr: Deployment) -> None:
    found, where = poison_and_work(vtr)
    shown: list[dict[str, str]] = []
    assert move(found, where, None, shown.extend, everything=False) == (1, 1)
    assert sorted(each["why"] for each in shown) == ["the log has it", "there is no account ghost"]
    assert list(shown[0]) == ["id", "since", "what", "why"]
    assert accounts_in(vtr, "RecountsQueue") == ["acme"]
    assert accounts_in(vtr, "RecountsDeadLetters") == ["ghost"]


def test_all_is_sent_back_if_asked_for(vtr: Deployment) -> None:
    found, where = poison_and_work(vtr)
    assert move(found, where, None, unseen, everything=True) == (2, 0)
    assert accounts_in(vtr, "RecountsQueue") == ["acme", "ghost"]


def test_one_letter_is_deleted_by_its_id_and_the_others_stay(vtr: Deployment) -> None:
    found, where = poison_and_work(vtr)
    with pytest.raises(InputError, match="0 letters have an id that begins with 'x'"):
        delete_letter(found, where, "x", unseen)
    with pytest.raises(InputError, match="0 letters"):
        delete_letter(found, where, "", unseen)
    letters = [letter for each in letters_of(vtr, where) for letter in each]
    for letter in letters:
        vtr.aws.sqs.change_message_visibility(
            QueueUrl=where.dead_letters,
            ReceiptHandle=letter["ReceiptHandle"],
            VisibilityTimeout=0,
        )
    (ghost,) = (each for each in letters if "ghost" in each["Body"])
    assert delete_letter(found, where, ghost["MessageId"][:13], unseen)["Body"] == ghost["Body"]
    assert accounts_in(vtr, "RecountsDeadLetters") == ["acme"]
