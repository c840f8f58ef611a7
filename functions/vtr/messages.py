"""The queues' messages: written by the adapters, read by the workers."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from vtr.ports.queues import Recount

T = TypeVar("T", bound=msgspec.Struct)


class DeliveryMessage(msgspec.Struct):
    """A webhook body in transit: in the message itself, or in S3 under ``object_key``.

    ``account``: the account whose own source sent it. ``archived``: the archive has it already. A
    body with too many parcels for one run has one message for each ``part`` of its ``parts``.
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
    proof: tuple[tuple[str, str], ...] = ()


class RecountMessage(msgspec.Struct):
    """A bucket to recount; ``until`` is the end of the slot in which that was requested."""

    account: str
    day: date
    shard: int
    reconcile: bool = False
    until: datetime | None = None
    archive: bool = False

    @property
    def recount(self) -> "Recount":
        # Sending a delivery must not load the domain: the sender waits for this cold start.
        from vtr.domain.packages import BucketKey  # noqa: PLC0415
        from vtr.ports.queues import Recount  # noqa: PLC0415

        bucket = BucketKey(self.account, self.day, self.shard)
        return Recount(bucket, reconcile=self.reconcile, until=self.until, archive=self.archive)


class ReportMessage(msgspec.Struct):
    account: str
    report_id: str


def write_message(message: msgspec.Struct) -> str:
    return msgspec.json.encode(message).decode()


def read_message(body: str, kind: type[T]) -> T:
    """Decode a message; raise ``msgspec.ValidationError`` for one that is not of ours."""
    return msgspec.json.decode(body, type=kind)
