"""Read a queue message: the delivery, its body, and the slice of it to record."""

import hashlib
from datetime import UTC, datetime

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from vtr.bootstrap import services
from vtr.domain.deliveries import AcceptedDelivery
from vtr.messages import DeliveryMessage, read_message
from vtr.use_cases.record_delivery import Slice


def message_of(record: SQSRecord) -> DeliveryMessage:
    """Return one of our own messages, or wrap a notification from Amazon's queue in one."""
    if record.event_source_arn.rpartition(":")[2] != services().settings.amazon_queue:
        return read_message(record.body, DeliveryMessage)
    body = record.body.encode()
    sent = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    return DeliveryMessage("amazon", hashlib.sha256(body).hexdigest(), sent, body)


def delivery_of(message: DeliveryMessage) -> AcceptedDelivery:
    body = message.body
    if message.object_key:
        body = services().delivery_bodies.get(message.object_key)
    return AcceptedDelivery(
        source=message.source,
        body=body,
        delivery_id=message.delivery_id,
        received_at=message.received_at,
        account=message.account,
        proof=message.proof,
    )


def slice_of(message: DeliveryMessage) -> Slice:
    return Slice(message.part, message.parts)


def is_repeated(record: SQSRecord) -> bool:
    return int(record.attributes.approximate_receive_count) > 1
