"""The two worlds that every port is tried in, and what an onlooker sees in each of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from contract.builders import NOW
from support.aws import BUCKET, Aws, main_template
from vtr.adapters.memory import Delivery, MemoryPorts, MemoryRecounts
from vtr.bootstrap import AwsPorts
from vtr.messages import DeliveryMessage, RecountMessage, ReportMessage, read_message
from vtr.use_cases.ports import Ports, Recount

SLOT = timedelta(seconds=main_template()["Parameters"]["RecountSlotSeconds"]["Default"])


class World(Protocol):
    """All ports, the clock they read, and the far end of those that only send."""

    now: datetime

    @property
    def ports(self) -> Ports: ...

    def asked_recounts(self) -> list[Recount]: ...

    def sent_deliveries(self) -> list[Delivery]: ...

    def sent_reports(self) -> list[tuple[str, str]]: ...

    def document(self, key: str) -> bytes | None: ...

    def set_secrets(self, source: str, secrets: Sequence[str]) -> None: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.now = NOW
        self.ports = MemoryPorts(recounts=MemoryRecounts(SLOT, lambda: self.now))

    def asked_recounts(self) -> list[Recount]:
        return self.ports.recounts.due(NOW + timedelta(days=1))

    def sent_deliveries(self) -> list[Delivery]:
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
        self.ports: AwsPorts = aws.ports(lambda: self.now)

    def asked_recounts(self) -> list[Recount]:
        taken = self.aws.take("RecountsQueue")
        return [read_message(message["Body"], RecountMessage).recount for message in taken]

    def sent_deliveries(self) -> list[Delivery]:
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

    def _delivery(self, sent: DeliveryMessage) -> Delivery:
        body = sent.body
        if sent.object_key:
            body = self.ports.delivery_bodies.get(sent.object_key)
        return Delivery(sent.source, body, sent.delivery_id, sent.received_at)
