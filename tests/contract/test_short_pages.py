"""AWS answers a list page by page, and ends a page where it likes: each list is read whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from contract.builders import BUCKET, DAY, NOW, claim, counts, delivery, row
from contract.worlds import AwsWorld
from support.faulty_client import Fault, faulty_line
from vtr.domain.accounts import Account, ApiKey, KeyChange, KeyEvent
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Waiver
from vtr.ports import Ports
from vtr.use_cases.recount import rows_of

MANY = 7


@pytest.fixture
def ports(aws_world: AwsWorld) -> Iterator[Ports]:
    """The ports on AWS, where no page has more than two items."""
    with faulty_line(rates={Fault.SHORT: 1.0}) as line:
        yield aws_world.ports
        assert line.happened[Fault.SHORT] > 1


def test_the_rows_of_a_bucket(ports: Ports) -> None:
    for n in range(MANY):
        ports.packages.put(row(f"114-{n}"))
    assert [each.key.order_id for each in rows_of(ports, BUCKET)] == [
        f"114-{n}" for n in range(MANY)
    ]


def test_the_rows_of_a_bucket_that_begins_with_tombstones(ports: Ports) -> None:
    for n in range(MANY):
        ports.packages.put(row(f"114-{n}", is_tombstone=n < MANY - 1))
    assert [each.key.order_id for each in rows_of(ports, BUCKET)] == [f"114-{MANY - 1}"]


def test_the_counts_of_a_months_buckets(ports: Ports) -> None:
    days = [DAY + timedelta(days=n) for n in range(MANY)]
    for day in days:
        ports.rates.put_bucket(BucketKey("acme", day), counts(), NOW, DAY)
    assert {key.day for key in ports.rates.buckets("acme", days[0], days[-1])} == set(days)


def test_the_accounts_the_waivers_and_the_changes_to_keys(ports: Ports) -> None:
    for n in range(100):
        ports.accounts.add(Account(id=f"account-{n}", policy="amazon-us", cursor_secret=b""))
    created = KeyChange(at=NOW, account="acme", key_id="", event=KeyEvent.CREATED, by="alice")
    key = ApiKey(id="", secret_hash="", account="acme", scopes=frozenset(), created_at=NOW)
    for n in range(MANY):
        ports.waivers.add("amazon-us", Waiver(name=f"storm-{n}", first_day=DAY, last_day=DAY))
        ports.keys.save(replace(key, id=f"{n}"), replace(created, key_id=f"{n}"))
    assert len(list(ports.accounts.all())) == 100
    assert len(ports.waivers.of("amazon-us")) == MANY
    assert len(ports.keys.changes("acme")) == MANY


def test_the_archive_of_a_day(ports: Ports) -> None:
    for n in range(MANY):
        received_at = NOW + timedelta(seconds=n)
        ports.archive.write([replace(delivery(b"{}", f"{n}"), received_at=received_at)])
    assert len(list(ports.archive.read(NOW.date()))) == MANY


def test_the_names_of_carriers_that_nobody_knows(ports: Ports) -> None:
    names = [f"pigeon_post_{n}" for n in range(MANY)]
    ports.unknown_carriers.note(DAY, "ship24", names)
    assert sorted(name for _, name in ports.unknown_carriers.noted(DAY)) == names


def test_a_bucket_of_more_than_a_megabyte(aws_world: AwsWorld) -> None:
    """The size at which DynamoDB itself ends a page."""
    for n in range(300):
        said = claim(f"114-{n:03}", carrier_stated="U" * 4000)
        aws_world.ports.packages.put(replace(row(f"114-{n:03}"), confirmation=said))
    assert len(list(rows_of(aws_world.ports, BUCKET))) == 300
