"""Dead letters: take them, describe them, send them back to their queue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, read_message
from vtr_cli.deployed import Deployed, WorkQueue
from vtr_client.errors import CommandError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCH = 10
HIDDEN_SECONDS = 120
"""How long a received letter stays hidden from others if the command is interrupted."""

FIFO = ("MessageGroupId", "MessageDeduplicationId")
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter for display: since when it waits, what it is, and why it failed.

    ``obstacle`` is empty where nothing is seen that would make it fail again.
    """

    since: datetime
    what: str
    obstacle: str = ""

    @property
    def why(self) -> str:
        return self.obstacle or "the log has it"


def take(sqs: "SQSClient", url: str, limit: int | None = None) -> Iterator[list[Message]]:
    """Receive waiting letters in batches; those not deleted reappear after a while."""
    left = limit
    while left is None or left > 0:
        received: Any = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH if left is None else min(BATCH, left),
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=1,  # long polling: short polling misses some letters
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        letters = received.get("Messages", [])
        if not letters:
            return
        yield letters
        if left is not None:
            left -= len(letters)


def send_back(sqs: "SQSClient", where: WorkQueue, letters: list[Message]) -> int:
    """Send letters to their queue, and only then delete them; return how many.

    If interrupted in between, a letter is in both queues and is processed twice, which changes
    nothing. In a FIFO queue it keeps its group and deduplication id: if SQS drops it as a
    duplicate, the same work has just been requested anyway.
    """
    entries: Any = [_entry(number, letter) for number, letter in enumerate(letters)]
    answer = sqs.send_message_batch(QueueUrl=where.url, Entries=entries)
    sent = [int(each["Id"]) for each in answer.get("Successful", [])]
    if sent:
        gone: Any = [
            {"Id": str(number), "ReceiptHandle": letters[number]["ReceiptHandle"]}
            for number in sent
        ]
        sqs.delete_message_batch(QueueUrl=where.dead_letters, Entries=gone)
    if failed := answer.get("Failed"):
        reason = failed[0].get("Message", failed[0]["Code"])
        raise CommandError(f"{len(failed)} could not be moved and stay where they are: {reason}")
    return len(sent)


def _entry(number: int, letter: Message) -> dict[str, Any]:
    entry = {"Id": str(number), "MessageBody": letter["Body"]}
    if "MessageAttributes" in letter:
        entry["MessageAttributes"] = letter["MessageAttributes"]
    return entry | {
        name: letter["Attributes"][name] for name in FIFO if name in letter["Attributes"]
    }


def release(sqs: "SQSClient", where: WorkQueue, letters: list[Message]) -> None:
    """Let letters that were only looked at be seen by others at once."""
    for letter in letters:
        sqs.change_message_visibility(
            QueueUrl=where.dead_letters,
            ReceiptHandle=letter["ReceiptHandle"],
            VisibilityTimeout=0,
        )


def describe(found: Deployed, queue: str, letter: Message) -> DeadLetter:
    """Describe a letter, and what keeps it from being processed, where that can be seen."""
    since = datetime.fromtimestamp(int(letter["Attributes"]["SentTimestamp"]) / 1000, UTC)
    if queue not in READERS:
        return DeadLetter(since, f"{len(letter['Body'])} bytes")
    try:
        return DeadLetter(since, *READERS[queue](found, letter["Body"]))
    except msgspec.MsgspecError as error:
        return DeadLetter(since, f"{len(letter['Body'])} bytes", f"is no message of ours: {error}")


def _delivery(found: Deployed, body: str) -> tuple[str, ...]:
    message = read_message(body, DeliveryMessage)
    what = f"{message.source} {message.delivery_id[:12]} of {message.received_at:%Y-%m-%d %H:%M}"
    if message.object_key and not _has_object(found, message.object_key):
        return what, f"its body {message.object_key} is gone"
    return (what,)


def _recount(found: Deployed, body: str) -> tuple[str, ...]:
    message = read_message(body, RecountMessage)
    return _of_account(found, message.account, f"{message.account} {message.day} {message.shard}")


def _report(found: Deployed, body: str) -> tuple[str, ...]:
    message = read_message(body, ReportMessage)
    what = f"{message.account} {message.report_id}"
    if found.ports.reports.get(message.account, message.report_id) is None:
        return what, "there is no such report"
    return _of_account(found, message.account, what)


def _of_account(found: Deployed, account: str, what: str) -> tuple[str, ...]:
    if found.ports.accounts.get(account) is None:
        return what, f"there is no account {account}"
    return (what,)


def _has_object(found: Deployed, key: str) -> bool:
    listed = found.client("s3").list_objects_v2(
        Bucket=found.ports.settings.bucket, Prefix=key, MaxKeys=1
    )
    return any(each["Key"] == key for each in listed.get("Contents", []))


READERS: dict[str, Callable[[Deployed, str], tuple[str, ...]]] = {
    "scans": _delivery,
    "recounts": _recount,
    "reports": _report,
}


def count_waiting(sqs: "SQSClient", where: WorkQueue) -> int:
    """Return SQS's approximate number of dead letters."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=where.dead_letters, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)
