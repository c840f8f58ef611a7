"""The archive gives back what was written, byte by byte, by day and source."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from contract.builders import DAY, NOW
from contract.worlds import AwsWorld, World
from support.aws import BUCKET
from vtr.adapters.s3 import unknown_carriers
from vtr.domain.deliveries import AcceptedDelivery

DELIVERY = AcceptedDelivery(
    source="ups",
    body=b'{"a": "\xc3\xa9"}',
    delivery_id="d1",
    received_at=NOW,
    account="acme",
    proof=(("webhook-id", "msg_1"), ("webhook-signature", "v1,c2ln")),
)
OTHER = replace(DELIVERY, delivery_id="d2", source="fedex", account="")
LATER = replace(DELIVERY, delivery_id="d3", received_at=NOW + timedelta(days=1))


def archived(world: World, days: int = 0, source: str = "") -> list[AcceptedDelivery]:
    found = world.ports.archive.read(DAY + timedelta(days=days), source)
    return sorted(found, key=lambda each: each.delivery_id)


def test_what_was_written_is_read_by_day_and_source(world: World) -> None:
    world.ports.archive.write([LATER, OTHER, DELIVERY])
    assert archived(world) == [DELIVERY, OTHER]
    assert archived(world, source="fedex") == [OTHER]
    assert archived(world, days=1) == [LATER]
    assert archived(world, days=2) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"line\nbreak\r\n", bytes(range(256)), "\u2028".encode(), b"x" * 10**6],
)
def test_a_body_comes_back_byte_by_byte(world: World, body: bytes) -> None:
    delivery = replace(DELIVERY, body=body)
    world.ports.archive.write([delivery, OTHER])
    assert archived(world) == [delivery, OTHER]


def test_the_same_batch_once_more_is_one(world: World) -> None:
    for batch in ([DELIVERY, OTHER], [OTHER, DELIVERY]):
        world.ports.archive.write(batch)
    assert archived(world) == [DELIVERY, OTHER]


def test_a_batch_in_another_order_is_the_same_object(aws_world: AwsWorld) -> None:
    second = replace(DELIVERY, delivery_id="d4")
    for batch in ([DELIVERY, second], [second, DELIVERY]):
        aws_world.ports.archive.write(batch)
    assert len(aws_world.aws.object_keys()) == 1


def test_no_delivery_is_no_object(aws_world: AwsWorld) -> None:
    aws_world.ports.archive.write([])
    assert aws_world.aws.object_keys() == []


def test_a_batch_is_compressed_json_lines_by_day_and_source(aws_world: AwsWorld) -> None:
    aws_world.ports.archive.write([DELIVERY, replace(DELIVERY, delivery_id="d4", body=b"\xff")])
    (key,) = aws_world.aws.object_keys()
    assert key.startswith("raw/day=2026-10-21/source=ups/")
    content = aws_world.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    first, second = map(json.loads, gzip.decompress(content).splitlines())
    assert (first["body"], first["account"]) == ('{"a": "é"}', "acme")
    assert second["base64"] == "/w=="


def test_what_is_quarantined_lies_there_as_it_came(aws_world: AwsWorld) -> None:
    aws_world.ports.archive.quarantine(DELIVERY)
    assert aws_world.document("quarantine/day=2026-10-21/source=ups/d1") == DELIVERY.body


def test_the_quarantine_has_what_was_put_there(world: World) -> None:
    for delivery in (LATER, DELIVERY):
        world.ports.archive.quarantine(delivery)
    first, second = world.ports.quarantine.bodies()
    assert (first.delivery_id, first.source, first.day) == ("d1", "ups", DAY)
    assert (second.delivery_id, second.day) == ("d3", DAY + timedelta(days=1))
    assert world.ports.quarantine.content(first) == DELIVERY.body


def test_a_body_that_is_removed_from_the_quarantine_leaves_it(world: World) -> None:
    for delivery in (DELIVERY, DELIVERY, LATER):
        world.ports.archive.quarantine(delivery)
    first, second = world.ports.quarantine.bodies()
    world.ports.quarantine.remove(first)
    assert list(world.ports.quarantine.bodies()) == [second]


def test_a_body_that_was_quarantined_again_since_it_was_listed_stays(world: World) -> None:
    if isinstance(world, AwsWorld):  # as infra/data.yaml has it
        world.aws.s3.put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
        )
    world.ports.archive.quarantine(DELIVERY)
    (listed,) = world.ports.quarantine.bodies()
    world.ports.archive.quarantine(DELIVERY)
    world.ports.quarantine.remove(listed)
    assert [each.delivery_id for each in world.ports.quarantine.bodies()] == ["d1"]


def test_a_body_that_was_deleted_by_hand_is_in_the_quarantine_no_more(aws_world: AwsWorld) -> None:
    aws_world.ports.archive.quarantine(DELIVERY)
    aws_world.aws.s3.delete_object(Bucket=BUCKET, Key="quarantine/day=2026-10-21/source=ups/d1")
    assert list(aws_world.ports.quarantine.bodies()) == []


def test_a_list_of_silent_parcels_replaces_that_of_the_same_day(aws_world: AwsWorld) -> None:
    for numbers in (["1", "2"], ["2"]):
        aws_world.ports.silent_parcels.put(DAY, "ups", 0, numbers)
    packed = aws_world.document("silent/day=2026-10-21/carrier=ups/0.txt.gz")
    assert packed is not None
    assert gzip.decompress(packed) == b"2\n"


def test_a_name_that_nobody_knows_is_noted_once_a_day(world: World) -> None:
    names = world.ports.unknown_carriers
    names.note(DAY, "aftership", ["pigeon_post", "pigeon_post"])
    names.note(DAY, "aftership", ["pigeon_post"])
    names.note(DAY, "ship24", ["owl_mail"])
    names.note(DAY + timedelta(days=1), "aftership", ["pigeon_post"])
    assert sorted(names.noted(DAY)) == [("aftership", "pigeon_post"), ("ship24", "owl_mail")]
    assert list(names.noted(DAY + timedelta(days=1))) == [("aftership", "pigeon_post")]
    assert list(names.noted(DAY - timedelta(days=1))) == []


def test_a_name_that_was_noted_today_costs_no_request(aws_world: AwsWorld) -> None:
    names = aws_world.ports.unknown_carriers
    names.note(DAY, "aftership", ["pigeon_post"])
    (key,) = aws_world.aws.object_keys()
    assert aws_world.document(key) == b""
    aws_world.aws.s3.delete_object(Bucket=BUCKET, Key=key)
    names.note(DAY, "aftership", ["pigeon_post"])
    assert aws_world.aws.object_keys() == []


def test_five_hundred_names_a_day_are_noted_and_no_more(aws_world: AwsWorld) -> None:
    for first in (0, 300):
        names = [f"pigeon_post_{number}" for number in range(first, first + 300)]
        aws_world.ports.unknown_carriers.note(DAY, "ship24", names)
    assert len(list(aws_world.ports.unknown_carriers.noted(DAY))) == 500


def test_a_source_that_sends_names_without_end_is_not_noted_without_end(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_carriers, "NAMES_A_DAY", 3)
    aws_world.ports.unknown_carriers.note(DAY, "ship24", map(str, range(50)))
    assert len(list(aws_world.ports.unknown_carriers.noted(DAY))) == 3
