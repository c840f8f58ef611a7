"""What goes through the queues: written by the adapters, read by the workers."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from vtr.ports.queues import Recount

T = TypeVar("T", bound=msgspec.Struct)


class DeliveryMessage(msgspec.Struct):
    """A webhook body on its way: in the message itself, or in S3 behind ``object_key``.

    ``account``: whose own source sent it. ``archived``: the archive has it already. Of a body with
    too many parcels for one run each message is for one ``part`` of so many ``parts``.
    """

    source: str
    delivery_id: str
    received_at: datetime
    body: bytes = b""
    object_key: str = ""
    account: str = ""
    archived: bool = False
    part: int = 0
    parts: int = 1


class RecountMessage(msgspec.Struct):
    account: str
    day: date
    shard: int
    reconcile: bool = False

    @property
    def recount(self) -> "Recount":
        # Whoever only sends a delivery does not pay for the domain: its cold start is an answer.
        from vtr.domain.packages import BucketKey  # noqa: PLC0415
        from vtr.ports.queues import Recount  # noqa: PLC0415

        return Recount(BucketKey(self.account, self.day, self.shard), reconcile=self.reconcile)


class ReportMessage(msgspec.Struct):
    account: str
    report_id: str


def write_message(message: msgspec.Struct) -> str:
    return msgspec.json.encode(message).decode()


def read_message(body: str, kind: type[T]) -> T:
    """The message; raises msgspec.ValidationError for what none of our senders wrote."""
    return msgspec.json.decode(body, type=kind)
