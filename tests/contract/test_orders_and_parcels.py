"""The two truths: what sellers said, what carriers said. Both write on a version or not at all."""

from dataclasses import replace
from typing import Any

import pytest

from contract.builders import NOW, UPS_NUMBER, claim, evidence, order, parcel
from contract.worlds import AwsWorld
from vtr.adapters.dynamodb.tables import OrderItem
from vtr.domain.errors import ConflictError
from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel
from vtr.ports import Ports


def test_an_order_nobody_wrote_is_none(ports: Ports) -> None:
    assert ports.orders.get("acme", "114-1") is None


@pytest.mark.parametrize("consistent", [False, True])
def test_an_order_comes_back_whole(ports: Ports, *, consistent: bool) -> None:
    saved = ports.orders.save(order(cancelled_at=NOW))
    assert saved == order(cancelled_at=NOW, version=1)
    assert ports.orders.get("acme", "114-1", consistent=consistent) == saved


def test_an_order_of_bare_facts_comes_back_whole(ports: Ports) -> None:
    bare = order(packages={})
    saved = ports.orders.save(replace(bare, facts=replace(bare.facts, value=None, origin=None)))
    assert ports.orders.get("acme", "114-1") == saved


def test_each_write_of_an_order_counts_its_version_up(ports: Ports) -> None:
    first = ports.orders.save(order())
    second = ports.orders.save(first.cancelled(NOW))
    assert (first.version, second.version) == (1, 2)
    assert ports.orders.get("acme", "114-1") == second


def test_an_order_read_before_another_write_cannot_be_saved(ports: Ports) -> None:
    read = ports.orders.save(order())
    stands = ports.orders.save(read.cancelled(NOW))
    with pytest.raises(ConflictError):
        ports.orders.save(replace(read, packages={}))
    assert ports.orders.get("acme", "114-1") == stands


def test_a_new_order_cannot_replace_one_that_is_there(ports: Ports) -> None:
    stands = ports.orders.save(order())
    with pytest.raises(ConflictError):
        ports.orders.save(order(cancelled_at=NOW))
    assert ports.orders.get("acme", "114-1") == stands


def test_an_order_that_was_never_written_has_no_later_version(ports: Ports) -> None:
    with pytest.raises(ConflictError):
        ports.orders.save(order(version=3))
    assert ports.orders.get("acme", "114-1") is None


def test_two_accounts_may_use_one_order_id(ports: Ports) -> None:
    ours = ports.orders.save(order())
    theirs = ports.orders.save(order(account="other", cancelled_at=NOW))
    assert ports.orders.get("acme", "114-1") == ours
    assert ports.orders.get("other", "114-1") == theirs


def test_many_orders_are_read_at_once_and_the_unknown_left_out(ports: Ports) -> None:
    ids = [("acme", f"114-{number}") for number in range(110)]
    saved = {(account, id_): ports.orders.save(order(id_, account=account)) for account, id_ in ids}
    ports.orders.save(order("114-1", account="other"))
    assert ports.orders.get_many([*ids, ("acme", "nowhere"), ids[0]]) == saved
    assert ports.orders.get_many([]) == {}


def test_what_dynamodb_leaves_unread_is_read_again(aws_world: AwsWorld) -> None:
    orders = aws_world.ports.orders
    saved = {("acme", f"114-{n}"): orders.save(order(f"114-{n}")) for n in range(5)}
    left = [3, 1]

    def leave_unread(parsed: dict[str, Any], **_: Any) -> None:
        ((table, items),) = parsed["Responses"].items()
        unread = [items.pop() for _ in range(left.pop(0))] if left else []
        keys = [{"pk": item["pk"]} for item in unread]
        parsed["UnprocessedKeys"] = {table: {"Keys": keys}} if keys else {}

    client = OrderItem._get_connection().connection.client  # noqa: SLF001 - PynamoDB keeps it to itself
    client.meta.events.register("after-call.dynamodb.BatchGetItem", leave_unread)
    assert orders.get_many(saved) == saved
    assert not left


@pytest.mark.parametrize("consistent", [False, True])
def test_a_parcel_nobody_wrote_is_empty(ports: Ports, *, consistent: bool) -> None:
    assert ports.parcels.get(UPS_NUMBER, consistent=consistent) == Parcel(key=UPS_NUMBER)


@pytest.mark.parametrize("consistent", [False, True])
def test_a_parcel_comes_back_whole(ports: Ports, *, consistent: bool) -> None:
    saved = ports.parcels.save(parcel())
    assert saved == parcel(version=1)
    assert ports.parcels.get(UPS_NUMBER, consistent=consistent) == saved


def test_who_left_a_parcel_and_when_comes_back(ports: Ports) -> None:
    left = parcel().unclaimed(claim().key, 2).unclaimed(claim("114-2").key, 5)
    assert len(left.withdrawn) == 2
    ports.parcels.save(left)
    assert ports.parcels.get(UPS_NUMBER).withdrawn == left.withdrawn


def test_each_write_of_a_parcel_counts_its_version_up(ports: Ports) -> None:
    first = ports.parcels.save(Parcel(key=UPS_NUMBER))
    second = ports.parcels.save(first.claimed(claim()))
    assert (first.version, second.version) == (1, 2)
    assert ports.parcels.get(UPS_NUMBER) == second


def test_a_parcel_read_before_another_write_cannot_be_saved(ports: Ports) -> None:
    read = ports.parcels.save(Parcel(key=UPS_NUMBER))
    stands = ports.parcels.save(read.claimed(claim()))
    with pytest.raises(ConflictError):
        ports.parcels.save(read.scanned(evidence()))
    assert ports.parcels.get(UPS_NUMBER) == stands


def test_of_two_who_make_one_parcel_the_second_is_refused(ports: Ports) -> None:
    stands = ports.parcels.save(parcel())
    with pytest.raises(ConflictError):
        ports.parcels.save(Parcel(key=UPS_NUMBER))
    assert ports.parcels.get(UPS_NUMBER) == stands


def test_many_parcels_are_read_at_once_and_the_unknown_left_out(ports: Ports) -> None:
    keys = [ParcelKey(f"1Z{number:04}") for number in range(130)]
    saved = {key: ports.parcels.save(parcel(key)) for key in keys}
    assert ports.parcels.get_many([*keys, ParcelKey("NONE"), keys[0]]) == saved


def test_no_parcels_asked_for_are_none_found(ports: Ports) -> None:
    assert ports.parcels.get_many([]) == {}
