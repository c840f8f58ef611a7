"""Parcels that the version before carrier families stored: found, and moved when they change.

``former_store.json`` was written by that version: a parcel a carrier and number, its own evidence
under no name, others' under their code.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contract.worlds import AwsWorld
from support.builders import UPS_NUMBER, USPS_NUMBER, a_confirmation, a_scan, rules
from vtr.adapters.dynamodb.codec import load_evidence
from vtr.adapters.dynamodb.tables import ParcelItem
from vtr.domain.errors import ConflictError
from vtr.domain.evidence import evidence_of
from vtr.domain.packages import ParcelKey, parcel_of
from vtr.domain.verdict import Reason, verdict

STORE = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "former_store.json").read_text("utf-8")
)
GROUND = "9611804010639001854878"


@pytest.fixture
def world(aws_world: AwsWorld) -> AwsWorld:
    _ = aws_world.ports.parcels  # binds the table
    for stored in STORE["parcels"]:
        item = ParcelItem(stored["pk"], parcel=stored["parcel"], version=stored["version"] - 1)
        item.save(add_version_condition=False)
    return aws_world


def key(carrier: str, number: str) -> ParcelKey:
    found = parcel_of(carrier, number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("carrier", "number", "families"),
    [
        ("ups", UPS_NUMBER, {"ups"}),
        ("usps", USPS_NUMBER, {"usps", "ups"}),
        ("ups", USPS_NUMBER, {"usps", "ups"}),
        ("fedex", GROUND, {"fedex"}),
    ],
)
def test_a_parcel_is_found_under_the_key_that_it_had(
    world: AwsWorld, carrier: str, number: str, families: set[str]
) -> None:
    asked = key(carrier, number)
    found = world.ports.parcels.get(asked, consistent=True)
    assert found.evidence.families == families
    assert found.claims
    assert world.ports.parcels.get_many([asked]) == {asked: found}


def test_evidence_of_that_time_judges_its_package_as_before(world: AwsWorld) -> None:
    found = world.ports.parcels.get(key("ups", UPS_NUMBER))
    (claim,) = found.claims.values()
    judged = verdict(claim, found.evidence, rules(), claim.confirmed_at)
    assert judged.reason is Reason.VALID


def test_what_changes_moves_to_its_new_key_and_stays_later_than_it_was(world: AwsWorld) -> None:
    asked = key("ups", UPS_NUMBER)
    former = world.ports.parcels.get(asked)
    scanned = former.scanned(evidence_of(a_scan(unique_id="again")))
    saved = world.ports.parcels.save(scanned)
    assert saved.version == former.version + 1
    assert ParcelItem.get(UPS_NUMBER).version == saved.version
    again = world.ports.parcels.get(asked, consistent=True)
    assert again == saved
    assert len(again.evidence.periods) == 2
    assert world.ports.parcels.save(replace(again, withdrawn={})).version == saved.version + 1


def test_of_two_who_move_a_parcel_the_second_is_refused(world: AwsWorld) -> None:
    asked = key("ups", UPS_NUMBER)
    one, other = (world.ports.parcels.get(asked) for _ in range(2))
    world.ports.parcels.save(one)
    with pytest.raises(ConflictError):
        world.ports.parcels.save(other)


def test_what_lies_under_two_former_keys_becomes_one(world: AwsWorld) -> None:
    stored = next(each for each in STORE["parcels"] if each["pk"].startswith("usps#"))
    twin = ParcelItem(f"ups#{USPS_NUMBER}", parcel=stored["parcel"], version=8)
    twin.save(add_version_condition=False)
    asked = key("ups", USPS_NUMBER)
    found = world.ports.parcels.get(asked)
    assert (len(found.claims), found.version) == (2, 9)
    assert found.evidence.families == {"usps", "ups"}
    assert world.ports.parcels.get_many([asked])[asked].claims == found.claims


def test_the_evidence_of_a_row_of_that_time_is_its_carriers() -> None:
    evidence = load_evidence(STORE["row"]["evidence"], "ups")
    assert evidence.families == {"ups"}
    judged = verdict(a_confirmation(), evidence, rules(), a_confirmation().confirmed_at)
    assert judged.reason is Reason.VALID
