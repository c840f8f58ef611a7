"""Holds are recorded for good, account by account, in the order in which they came."""

from datetime import date, timedelta

from contract.builders import NOW
from vtr.domain.holds import HoldChange, HoldEvent
from vtr.ports import Ports

UNTIL = date(2028, 1, 31)


def change(order_id: str, minutes: int = 0, *, account: str = "acme") -> HoldChange:
    return HoldChange(
        at=NOW + timedelta(minutes=minutes),
        account=account,
        order_id=order_id,
        event=HoldEvent.PLACED,
        by="arn:aws:iam::1:user/ann",
        until=UNTIL,
        reason="appeal 7",
    )


def test_changes_are_read_back_oldest_first(ports: Ports) -> None:
    for each in (change("114-2", 1), change("114-1", 2), change("114-2"), change("114-1", 1)):
        ports.holds.record(each)
    found = ports.holds.changes("acme")
    assert list(found) == [
        change("114-2"),
        change("114-1", 1),
        change("114-2", 1),
        change("114-1", 2),
    ]


def test_an_account_sees_its_own_holds_alone(ports: Ports) -> None:
    ports.holds.record(change("114-1", account="acme-2"))
    assert list(ports.holds.changes("acme")) == []
