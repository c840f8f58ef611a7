"""The two worlds that every port is tried in, and what an onlooker sees in each of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from contract.builders import NOW
from support.aws import BUCKET, Aws, main_template
from support.capacity import metered
from vtr.adapters.dynamodb.allowances import SharedAllowances
from vtr.adapters.memory import MemoryPorts
from vtr.adapters.memory.accounts import MemoryCounters
from vtr.adapters.memory.queues import MemoryRecounts, QueuedDelivery
from vtr.bootstrap import AwsPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, read_message
from vtr.ports import Ports
from vtr.ports.queues import Recount

SLOT = timedelta(seconds=main_template()["Parameters"]["RecountSlotSeconds"]["Default"])


class World(Protocol):
    """All ports, the clock they read, and the far end of those that only send."""

    now: datetime

    @property
    def ports(self) -> Ports: ...

    def another_environment(self) -> Ports:
        """The same stores as another execution environment sees them."""
        ...

    def counting_writes(self) -> AbstractContextManager[Callable[[], float]]:
        """Count what is written of allowances, for as long as this is open."""
        ...

    def asked_recounts(self) -> list[Recount]: ...

    def sent_deliveries(self) -> list[QueuedDelivery]: ...

    def sent_reports(self) -> list[tuple[str, str]]: ...

    def document(self, key: str) -> bytes | None: ...

    def set_secrets(self, source: str, secrets: Sequence[str]) -> None: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.now = NOW
        self.counters = MemoryCounters()
        self.ports = MemoryPorts(
            recounts=MemoryRecounts(SLOT, lambda: self.now),
            allowances=SharedAllowances(self.counters),
        )

    def another_environment(self) -> MemoryPorts:
        return replace(self.ports, allowances=SharedAllowances(self.counters))

    @contextmanager
    def counting_writes(self) -> Iterator[Callable[[], float]]:
        before = self.counters.takings
        yield lambda: self.counters.takings - before

    def asked_recounts(self) -> list[Recount]:
        return self.ports.recounts.due(NOW + timedelta(days=1))

    def sent_deliveries(self) -> list[QueuedDelivery]:
        return self.ports.deliveries.sent

    def sent_reports(self) -> list[tuple[str, str]]:
        return self.ports.report_queue.sent

    def document(self, key: str) -> bytes | None:
        return self.ports.report_files.documents.get(key)

    def set_secrets(self, source: str, secrets: Sequence[str]) -> None:
        self.ports.source_secrets.secrets[source] = secrets


class AwsWorld:
    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.now = NOW
        self.ports = self.another_environment()

    def another_environment(self) -> AwsPorts:
        ports = self.aws.ports(lambda: self.now)
        _ = ports.accounts  # binds the tables, which all environments of this process share
        return ports

    @contextmanager
    def counting_writes(self) -> Iterator[Callable[[], float]]:
        with metered() as meter:
            yield lambda: meter.writes

    def asked_recounts(self) -> list[Recount]:
        taken = self.aws.take("RecountsQueue")
        return [read_message(message["Body"], RecountMessage).recount for message in taken]

    def sent_deliveries(self) -> list[QueuedDelivery]:
        taken = self.aws.take("ScansQueue")
        return [self._delivery(read_message(message["Body"], DeliveryMessage)) for message in taken]

    def sent_reports(self) -> list[tuple[str, str]]:
        taken = self.aws.take("ReportsQueue")
        sent = [read_message(message["Body"], ReportMessage) for message in taken]
        return [(message.account, message.report_id) for message in sent]

    def document(self, key: str) -> bytes | None:
        if key not in self.aws.object_keys():
            return None
        return self.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def set_secrets(self, source: str, secrets: Sequence[str]) -> None:
        self.aws.set_secrets(source, secrets)

    def _delivery(self, sent: DeliveryMessage) -> QueuedDelivery:
        body = sent.body
        if sent.object_key:
            body = self.ports.delivery_bodies.get(sent.object_key)
        delivery = AcceptedDelivery(
            source=sent.source,
            body=body,
            delivery_id=sent.delivery_id,
            received_at=sent.received_at,
            account=sent.account,
            proof=sent.proof,
        )
        return QueuedDelivery(delivery, sent.archived, sent.part, sent.parts)
