"""Bodies that are meant are erased wherever they lie; the others of a batch stay as they are."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from contract.builders import DAY, NOW
from contract.test_archive_contract import DELIVERY, LATER, archived
from contract.worlds import AwsWorld, World
from support.aws import BUCKET
from vtr.adapters.s3 import rewriting, stored_bodies
from vtr.adapters.sqs import INLINE_BYTES
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.errors import ConflictError
from vtr.ports.deliveries import ErasedBodies

MINE = replace(DELIVERY, delivery_id="mine", body=b"for Ann")
OTHERS = [replace(DELIVERY, delivery_id=f"d{n}", body=b"\xff" * n) for n in range(5)]
SOON = NOW + timedelta(days=30)


def erase(world: World, meant: Callable[[AcceptedDelivery], bool], **options: bool) -> ErasedBodies:
    return world.ports.stored_bodies.erase(DAY, meant, settled=SOON, **options)


def is_mine(delivery: AcceptedDelivery) -> bool:
    return delivery.body == MINE.body


def test_one_of_a_batch_goes_and_the_others_stay_byte_by_byte(world: World) -> None:
    world.ports.archive.write([*OTHERS, MINE])
    assert erase(world, is_mine) == ErasedBodies(archived=1)
    assert archived(world) == OTHERS


def test_a_batch_of_which_all_are_meant_is_gone(world: World) -> None:
    world.ports.archive.write([MINE])
    world.ports.archive.write([LATER])
    assert erase(world, lambda _: True) == ErasedBodies(archived=1)
    assert archived(world) == []
    assert archived(world, days=1) == [LATER]


def test_erasing_again_finds_nothing(world: World) -> None:
    world.ports.archive.write([*OTHERS, MINE])
    erase(world, is_mine)
    assert erase(world, is_mine) == ErasedBodies()
    assert archived(world) == OTHERS


def test_a_dry_run_counts_and_erases_nothing(world: World) -> None:
    world.ports.archive.write([*OTHERS, MINE])
    world.ports.archive.quarantine(MINE)
    assert erase(world, is_mine, dry_run=True) == ErasedBodies(archived=1, quarantined=1)
    assert archived(world) == [*OTHERS, MINE]


def test_a_quarantined_body_is_erased_by_what_it_says(world: World) -> None:
    world.ports.archive.quarantine(MINE)
    world.ports.archive.quarantine(OTHERS[1])
    assert erase(world, is_mine) == ErasedBodies(quarantined=1)
    assert erase(world, lambda _: True) == ErasedBodies(quarantined=1)


def test_the_order_of_lines_stays(aws_world: AwsWorld) -> None:
    aws_world.ports.archive.write([*OTHERS, MINE])
    (key,) = aws_world.aws.object_keys()
    before = gzip.decompress(aws_world.document(key) or b"").splitlines()
    erase(aws_world, is_mine)
    after = gzip.decompress(aws_world.document(key) or b"").splitlines()
    assert after == [line for line in before if b"for Ann" not in line]


def test_a_batch_that_nobody_is_meant_in_is_not_written(aws_world: AwsWorld) -> None:
    aws_world.aws.s3.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
    )
    aws_world.ports.archive.write(OTHERS)
    erase(aws_world, is_mine)
    found = aws_world.aws.s3.list_object_versions(Bucket=BUCKET)
    assert len(found["Versions"]) == 1


@pytest.mark.parametrize("batch", [[MINE], [*OTHERS, MINE]])
def test_no_version_keeps_what_was_erased(
    aws_world: AwsWorld, batch: list[AcceptedDelivery]
) -> None:
    """Neither one from before the bucket kept versions, nor one that a deletion hides."""
    s3 = aws_world.aws.s3
    aws_world.ports.archive.write(batch)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    aws_world.ports.archive.write(batch)
    (key,) = aws_world.aws.object_keys()
    s3.delete_object(Bucket=BUCKET, Key=key)
    aws_world.ports.archive.write(batch)
    erase(aws_world, is_mine)
    left = s3.list_object_versions(Bucket=BUCKET)
    assert len(left.get("Versions", [])) == len(batch[1:2])
    assert left.get("DeleteMarkers", []) == []
    assert archived(aws_world) == [each for each in batch if each is not MINE]


def test_what_shows_as_deleted_is_erased_too(aws_world: AwsWorld) -> None:
    """The bucket lets a body expire, and keeps it hidden for a while."""
    s3 = aws_world.aws.s3
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    aws_world.ports.archive.write([*OTHERS, MINE])
    aws_world.ports.archive.quarantine(MINE)
    for key in aws_world.aws.object_keys():
        s3.delete_object(Bucket=BUCKET, Key=key)
    assert erase(aws_world, is_mine) == ErasedBodies(archived=1, quarantined=1)
    left = s3.list_object_versions(Bucket=BUCKET)
    assert (left.get("Versions", []), left.get("DeleteMarkers", [])) == ([], [])


def test_an_older_version_that_a_run_left_which_was_cut_off_is_erased(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = aws_world.aws.s3
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    aws_world.ports.archive.write([*OTHERS, MINE])
    with monkeypatch.context() as patch:
        patch.setattr(rewriting, "delete_versions", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(aws_world, is_mine)
    assert len(s3.list_object_versions(Bucket=BUCKET)["Versions"]) == 2
    assert erase(aws_world, is_mine) == ErasedBodies(archived=1)
    assert len(s3.list_object_versions(Bucket=BUCKET)["Versions"]) == 1
    assert archived(aws_world) == OTHERS


def test_a_quarantined_body_whose_account_only_the_archive_knows_is_erased(
    aws_world: AwsWorld,
) -> None:
    aws_world.ports.archive.write([DELIVERY])
    aws_world.ports.archive.quarantine(DELIVERY)
    found = erase(aws_world, lambda each: each.account == "acme")
    assert found == ErasedBodies(archived=1, quarantined=1)
    assert aws_world.aws.object_keys() == []


def test_a_body_in_transit_goes_once_it_is_settled(aws_world: AwsWorld) -> None:
    large = replace(MINE, body=b"Ann" + b" " * INLINE_BYTES)
    aws_world.ports.deliveries.send(large)
    bodies = aws_world.ports.stored_bodies
    stored = aws_world.aws.s3.list_objects_v2(Bucket=BUCKET)["Contents"][0]["LastModified"]
    early = bodies.erase(DAY, lambda _: True, settled=stored)
    assert early == ErasedBodies()
    late = bodies.erase(DAY, lambda _: True, settled=stored + timedelta(seconds=1))
    assert late == ErasedBodies(transferred=1)
    assert aws_world.aws.object_keys() == []


def test_a_batch_that_another_erasure_wrote_meanwhile_is_not_written_over(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_world.ports.archive.write([*OTHERS, MINE])
    looked = stored_bodies.S3StoredBodies._rewrite  # noqa: SLF001 - the moment in between

    def crossed(*args: object) -> None:
        monkeypatch.setattr(stored_bodies.S3StoredBodies, "_rewrite", looked)
        erase(aws_world, lambda each: each.delivery_id == "d1")
        looked(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(stored_bodies.S3StoredBodies, "_rewrite", crossed)
    with pytest.raises(ConflictError, match="Run it again"):
        erase(aws_world, is_mine)
    erase(aws_world, is_mine)
    assert [each.delivery_id for each in archived(aws_world)] == ["d0", "d2", "d3", "d4"]


def test_a_large_batch_goes_through_a_file(
    aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "IN_MEMORY_BYTES", 1)
    aws_world.ports.archive.write([*OTHERS, MINE])
    erase(aws_world, is_mine)
    assert archived(aws_world) == OTHERS
