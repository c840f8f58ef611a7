"""What goes through the queues: written by the adapters, read by the workers."""

from datetime import date, datetime
from typing import TypeVar

import msgspec

from vtr.domain.packages import BucketKey
from vtr.use_cases.ports import Recount

T = TypeVar("T", bound=msgspec.Struct)


class DeliveryMessage(msgspec.Struct):
    """A webhook body on its way: in the message itself, or in S3 behind ``object_key``."""

    source: str
    delivery_id: str
    received_at: datetime
    body: bytes = b""
    object_key: str = ""


class RecountMessage(msgspec.Struct):
    account: str
    day: date
    shard: int
    reconcile: bool = False

    @property
    def recount(self) -> Recount:
        return Recount(BucketKey(self.account, self.day, self.shard), reconcile=self.reconcile)


class ReportMessage(msgspec.Struct):
    account: str
    report_id: str


def write_message(message: msgspec.Struct) -> str:
    return msgspec.json.encode(message).decode()


def read_message(body: str, kind: type[T]) -> T:
    """The message; raises msgspec.ValidationError for what none of our senders wrote."""
    return msgspec.json.decode(body, type=kind)
