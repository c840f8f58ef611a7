"""Several numbers of one parcel: what is scanned under one reaches a claim on any other."""

from itertools import permutations

import pytest

from support.builders import SHIP_DAY, UPS_NUMBER, a_scan, after_order
from support.memory_world import World
from vtr.domain.packages import ParcelKey
from vtr.domain.scans import Scan
from vtr.domain.verdict import Reason

POSTAL = "92419900000033499522966220"
LOCAL = "9400111202555842332669"

NAMED = a_scan(at=after_order(days=1), other_numbers=(POSTAL,))
"""UPS names both of its parcel's numbers with its scan."""

AT_THE_POST = a_scan(at=after_order(days=3), carrier="usps", number=POSTAL)


@pytest.mark.parametrize("claimed", [(UPS_NUMBER, "UPS"), (POSTAL, "UPS"), (POSTAL, "USPS")])
@pytest.mark.parametrize("scans", list(permutations([NAMED, AT_THE_POST])))
def test_evidence_reaches_a_claim_on_either_number(
    claimed: tuple[str, str], scans: list[Scan]
) -> None:
    world = World()
    number, carrier = claimed
    world.confirm(tracking_number=number, carrier=carrier)
    for scan in scans:
        world.scan(scan)
    assert world.reason() is Reason.VALID
    assert world.counted(SHIP_DAY) == {Reason.VALID: 1}


def test_a_claim_that_comes_last_reads_what_was_scanned_under_the_other_number() -> None:
    world = World()
    world.scan(NAMED)
    world.scan(AT_THE_POST)
    world.confirm(tracking_number=UPS_NUMBER, carrier="UPS")
    assert world.reason() is Reason.VALID


def test_both_numbers_know_the_same_however_often_they_are_named() -> None:
    world = World()
    world.scan(AT_THE_POST)
    world.scan(NAMED, NAMED)
    one, other = (world.ports.parcels.get(ParcelKey(each)) for each in (UPS_NUMBER, POSTAL))
    assert one.evidence == other.evidence
    assert one.evidence.numbers == {UPS_NUMBER, POSTAL}
    versions = one.version, other.version
    world.scan(NAMED, AT_THE_POST)
    again = (world.ports.parcels.get(ParcelKey(each)) for each in (UPS_NUMBER, POSTAL))
    assert tuple(each.version for each in again) == versions


def test_a_third_number_that_another_source_names_joins_the_parcel() -> None:
    world = World()
    world.scan(NAMED)
    world.scan(
        a_scan(at=after_order(days=4), carrier="usps", number=POSTAL, other_numbers=(LOCAL,))
    )
    world.confirm(tracking_number=LOCAL, carrier="USPS")
    assert world.reason() is Reason.VALID
    known = world.ports.parcels.get(ParcelKey(UPS_NUMBER)).evidence
    assert known.numbers == {UPS_NUMBER, POSTAL, LOCAL}


def test_a_parcel_of_one_number_reads_no_other() -> None:
    world = World()
    world.scan(a_scan())
    assert world.ports.parcels.get(ParcelKey(UPS_NUMBER)).evidence.numbers == frozenset()
