"""A message that fails once is done seconds later, on the queues that are deployed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from support.events import scans_body
from support.stack import LocalStack, eventually
from vtr.domain.backoff import FIRST_RETRY_SECONDS
from vtr.domain.packages import BucketKey, ParcelKey
from vtr.messages import DeliveryMessage, RecountMessage, write_message
from vtr_cli.deployed import Deployed
from vtr_local.ports import local_ports
from vtr_local.stack import STACK

pytestmark = pytest.mark.e2e

NUMBER = "1Z410E7W0392751591"
KEY = "deliveries/2026-11-30/standard/late"
NOW = datetime.now(UTC).replace(microsecond=0)
WITHIN = FIRST_RETRY_SECONDS + 5


def is_hidden(found: Deployed, queue: str) -> bool:
    """Whether a message has been received and was not done."""
    name = "ApproximateNumberOfMessagesNotVisible"
    answer = found.client("sqs").get_queue_attributes(
        QueueUrl=found.queues[queue].url, AttributeNames=[name]
    )
    return bool(answer["Attributes"][name] == "1")


def seconds_until(done: Callable[[], object]) -> float:
    began = time.monotonic()
    assert eventually(done, seconds=2 * WITHIN)
    return time.monotonic() - began


def test_a_delivery_that_fails_once_is_recorded_within_seconds(real_stack: LocalStack) -> None:
    """Its body is not yet where the message says; the visibility timeout is six minutes."""
    scan = {"carrier": "UPS", "tracking_number": NUMBER, "milestone": "accepted"}
    body = scans_body(scan | {"occurred_at": NOW.isoformat()})
    message = DeliveryMessage("standard", "late", NOW, object_key=KEY)
    with local_ports(real_stack.record) as ports:
        found = Deployed(STACK, ports)
        found.client("sqs").send_message(
            QueueUrl=found.queues["scans"].url, MessageBody=write_message(message)
        )
        assert eventually(lambda: is_hidden(found, "scans"), seconds=90)
        found.client("s3").put_object(Bucket=ports.settings.bucket, Key=KEY, Body=body)
        parcel = ParcelKey(NUMBER)
        assert seconds_until(lambda: ports.parcels.get(parcel, consistent=True).version) <= WITHIN


def test_a_recount_that_fails_once_holds_its_bucket_up_for_seconds(real_stack: LocalStack) -> None:
    """Its account is not there yet; the visibility timeout is twelve minutes."""
    day = NOW.date()
    with local_ports(real_stack.record) as ports:
        found = Deployed(STACK, ports)
        found.client("sqs").send_message(
            QueueUrl=found.queues["recounts"].url,
            MessageBody=write_message(RecountMessage("latecomer", day, 0)),
            MessageGroupId="recount#latecomer",
            MessageDeduplicationId=str(NOW),
        )
        assert eventually(lambda: is_hidden(found, "recounts"), seconds=90)
        real_stack.create_key(account="latecomer")
        counted = BucketKey("latecomer", day)
        assert seconds_until(lambda: ports.rates.bucket(counted)) <= WITHIN
