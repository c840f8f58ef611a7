"""An ended day is archived once, bucket by bucket, and read back as it was."""

import gzip
import json
from datetime import date, timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import given

from contract import strategies as some
from contract.builders import DAY, NOW, claim, evidence, statement
from contract.worlds import AwsWorld
from support.aws import BUCKET
from vtr.adapters.s3.ended_days import bucket_of, object_key
from vtr.domain.packages import BucketKey
from vtr.domain.policies import policy
from vtr.domain.retention import EndedPackage
from vtr.domain.verdict import verdict
from vtr.ports import Ports

ACME = BucketKey("acme", DAY)


def ended(order_id: str = "114-1") -> EndedPackage:
    said = claim(order_id)
    found = evidence()
    return EndedPackage(
        confirmation=said,
        history=(statement(), statement(carrier_stated="UPS")),
        verdict=verdict(said, found, policy("amazon-us", DAY), NOW),
        evidence=found,
    )


def test_what_was_archived_is_read_back(ports: Ports) -> None:
    packages = [ended("114-1"), ended("114-2")]
    assert ports.ended_days.put(ACME, packages)
    assert list(ports.ended_days.read(ACME)) == packages


def test_an_archived_bucket_stays_as_it_is(ports: Ports) -> None:
    ports.ended_days.put(ACME, [ended("114-1")])
    assert not ports.ended_days.put(ACME, [ended("114-2")])
    assert list(ports.ended_days.read(ACME)) == [ended("114-1")]


def test_archived_buckets_are_listed_by_account_and_day(ports: Ports) -> None:
    buckets = [
        BucketKey(account, DAY + timedelta(days=ahead), shard)
        for account in ("acme", "acme-2")
        for ahead in range(4)
        for shard in (0, 10)
    ]
    for bucket in buckets:
        ports.ended_days.put(bucket, [ended()])
    first, last = DAY + timedelta(days=1), DAY + timedelta(days=2)
    wanted = {each for each in buckets if each.account == "acme" and first <= each.day <= last}
    assert ports.ended_days.buckets("acme", first, last) == wanted
    assert ports.ended_days.buckets("acme", date.min, date.max) == set(buckets[:8])
    assert ports.ended_days.buckets("nobody", first, last) == set()


@given(some.buckets)
def test_a_file_is_named_by_its_bucket(bucket: BucketKey) -> None:
    assert bucket_of(object_key(bucket)) == bucket


def test_a_file_is_a_json_object_a_package(aws_world: AwsWorld) -> None:
    aws_world.ports.ended_days.put(ACME, [ended("114-1"), ended("114-2")])
    (key,) = aws_world.aws.object_keys()
    assert key == f"ended/account=acme/day={DAY}/shard=0.jsonl.gz"
    stored = aws_world.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    lines = [json.loads(line) for line in gzip.decompress(stored).splitlines()]
    assert [line["confirmation"]["order_id"] for line in lines] == ["114-1", "114-2"]
    assert [line["verdict"]["reason"] for line in lines] == ["VALID", "VALID"]


@pytest.mark.parametrize("code", ["AccessDenied", "SlowDown"])
def test_a_refused_write_is_not_taken_for_an_archived_bucket(
    code: str, aws_world: AwsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = aws_world.ports.ended_days

    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code}}, "PutObject")

    monkeypatch.setattr(days._s3, "put_object", refuse)  # noqa: SLF001 - what S3 answers
    with pytest.raises(ClientError):
        days.put(ACME, [ended()])


def test_an_orders_packages_are_erased_and_the_others_stay(ports: Ports) -> None:
    ports.ended_days.put(ACME, [ended("114-1"), ended("114-2"), ended("114-3")])
    assert ports.ended_days.erase(ACME, "114-2") == 1
    assert ports.ended_days.erase(ACME, "114-2") == 0
    assert list(ports.ended_days.read(ACME)) == [ended("114-1"), ended("114-3")]


def test_a_bucket_of_which_nothing_is_left_is_gone(ports: Ports) -> None:
    ports.ended_days.put(ACME, [ended("114-1")])
    assert ports.ended_days.erase(ACME, "114-1") == 1
    assert ports.ended_days.buckets("acme", DAY, DAY) == frozenset()


def test_a_deleted_bucket_is_gone_and_its_neighbour_stays(ports: Ports) -> None:
    other = BucketKey("acme", DAY, 1)
    for each in (ACME, other):
        ports.ended_days.put(each, [ended("114-1")])
    ports.ended_days.delete(ACME)
    ports.ended_days.delete(ACME)
    assert ports.ended_days.buckets("acme", DAY, DAY) == {other}
