"""A delivery about very many parcels is recorded in parts, each of which can be done again."""

import pytest

from support.builders import PLACED, a_scan
from vtr.adapters.memory import MemoryPorts
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.packages import ParcelKey
from vtr.use_cases.record_delivery import PARCELS_A_PART, Slice, record_delivery

DELIVERY = AcceptedDelivery(source="standard", body=b"{}", delivery_id="d1", received_at=PLACED)


def number(n: int) -> str:
    return f"1Z999AA1{n:010}"


@pytest.mark.parametrize("parcels", [1, PARCELS_A_PART])
def test_a_delivery_of_few_parcels_is_recorded_at_once(parcels: int) -> None:
    ports = MemoryPorts()
    scans = [a_scan(number=number(n)) for n in range(parcels)]
    assert record_delivery(ports, DELIVERY, scans, Slice(), PLACED) == scans
    assert ports.deliveries.sent == []


def test_ten_thousand_events_of_one_parcel_are_few() -> None:
    ports = MemoryPorts()
    scans = [a_scan() for _ in range(10_000)]
    assert len(record_delivery(ports, DELIVERY, scans, Slice(), PLACED)) == 10_000


def test_the_parts_of_a_large_delivery_record_every_parcel_once() -> None:
    ports = MemoryPorts()
    scans = [a_scan(number=number(n)) for n in range(10 * PARCELS_A_PART + 1)]
    assert record_delivery(ports, DELIVERY, scans, Slice(), PLACED) == ()
    assert [sent.parts for sent in ports.deliveries.sent] == [11] * 11
    assert all(sent.archived for sent in ports.deliveries.sent)
    recorded = [
        scan.tracking_number
        for sent in ports.deliveries.sent
        for scan in record_delivery(ports, DELIVERY, scans, Slice(sent.part, sent.parts), PLACED)
    ]
    assert sorted(recorded) == sorted(scan.tracking_number for scan in scans)
    known = ports.parcels.get_many(ParcelKey(scan.tracking_number) for scan in scans)
    assert len(known) == len(scans)
