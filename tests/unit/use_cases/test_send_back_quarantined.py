"""What was quarantined is sent again as it was received, and is never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import after_order
from vtr.adapters.memory import MemoryPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr.ports.deliveries import QuarantinedBody
from vtr.use_cases.send_back_quarantined import send_back_quarantined

DELIVERY = AcceptedDelivery(
    source="standard",
    body=b"{}",
    delivery_id="d1",
    received_at=after_order(hours=1),
    account="acme",
    proof=(("webhook-id", "msg_1"),),
)
LATER = replace(DELIVERY, delivery_id="d2", received_at=DELIVERY.received_at + timedelta(days=2))


@pytest.fixture
def ports() -> MemoryPorts:
    return MemoryPorts()


def bodies(ports: MemoryPorts) -> list[QuarantinedBody]:
    return list(ports.quarantine.bodies())


def test_it_is_sent_as_the_archive_has_it(ports: MemoryPorts) -> None:
    for delivery in (DELIVERY, LATER):
        ports.archive.write([delivery])
        ports.archive.quarantine(delivery)
    send_back_quarantined(ports, bodies(ports))
    assert [(each.delivery, each.archived) for each in ports.deliveries.sent] == [
        (DELIVERY, True),
        (LATER, True),
    ]
    assert bodies(ports) == []


def test_what_the_archive_does_not_have_is_sent_to_be_archived(ports: MemoryPorts) -> None:
    ports.archive.quarantine(DELIVERY)
    send_back_quarantined(ports, bodies(ports))
    (sent,) = ports.deliveries.sent
    assert (sent.delivery, sent.archived) == (replace(DELIVERY, account="", proof=()), False)


def test_only_what_is_named_is_sent(ports: MemoryPorts) -> None:
    for delivery in (DELIVERY, LATER):
        ports.archive.quarantine(delivery)
    send_back_quarantined(ports, bodies(ports)[:1])
    assert [each.delivery.delivery_id for each in ports.deliveries.sent] == ["d1"]
    assert [each.delivery_id for each in bodies(ports)] == ["d2"]


def test_what_could_not_be_sent_stays(ports: MemoryPorts, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError

    ports.archive.quarantine(DELIVERY)
    monkeypatch.setattr(ports.deliveries, "send", refuse)
    with pytest.raises(ConnectionError):
        send_back_quarantined(ports, bodies(ports))
    assert [each.delivery_id for each in bodies(ports)] == ["d1"]
