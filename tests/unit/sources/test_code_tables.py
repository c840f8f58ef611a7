"""The tables of codes: readable as they are, and cautious."""

from pathlib import Path

import pytest

import vtr.sources
from vtr.domain.scans import Milestone, Physical, PhysicalBy
from vtr.sources.shared.code_tables import UNKNOWN, code_table
from vtr.sources.shared.descriptions import judge_text, text_code
from vtr.sources.shared.precedence import weigh

FOLDER = Path(vtr.sources.__file__).with_name("code_tables")
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
NOT_PROOF = {
    Milestone.LABEL_CREATED,
    Milestone.PICKUP_SCHEDULED_OR_CANCELLED,
    Milestone.ADMIN_UPDATE,
    Milestone.VOIDED,
    Milestone.NOT_FOUND,
    Milestone.UNKNOWN,
    Milestone.RETURN_INITIATED,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_line_is_read_and_no_code_is_judged_twice(name: str) -> None:
    lines = (FOLDER / f"{name}.csv").read_text().splitlines()
    assert lines[0] == "kind,code,milestone,physical,by,retracts,basis"
    assert all(line.split(",")[6] for line in lines)
    assert len(code_table(name)) == len(lines) - 1


@pytest.mark.parametrize("name", TABLES)
def test_what_needs_no_package_is_never_physical(name: str) -> None:
    for key, judgement in code_table(name).items():
        if judgement.milestone in NOT_PROOF:
            assert judgement.physical is not Physical.YES, key


@pytest.mark.parametrize("name", TABLES)
def test_a_partner_s_milestone_is_a_partner_s(name: str) -> None:
    for key, judgement in code_table(name).items():
        if judgement.milestone.startswith("partner_"):
            assert judgement.by is PhysicalBy.PARTNER, key
            assert judgement.physical is Physical.AMBIGUOUS, key


@pytest.mark.parametrize("name", [name for name in TABLES if name != "standard"])
def test_that_no_table_knows_a_code_is_said_by_no_table(name: str) -> None:
    assert UNKNOWN not in {
        judgement._replace(retracts="") for judgement in code_table(name).values()
    }


@pytest.mark.parametrize(
    ("description", "milestone", "physical"),
    [
        ("Origin Scan", "accepted", "yes"),
        ("ARRIVED AT  USPS\nREGIONAL FACILITY", "arrived", "yes"),
        ("Out for Delivery, Expected Delivery by 9:00pm", "out_for_delivery", "yes"),
        ("Delivered. Signature Service not requested.", "delivered", "yes"),
        ("Delivered, no signature required", "delivered", "yes"),
        ("Arrived at Post Office, delivery scheduled for Monday", "arrived", "yes"),
        ("Out for delivery, expected tomorrow", None, None),
        ("Expected delivery: delivered by 9:00pm", None, None),
        ("Delivery scheduled. Not delivered", None, None),
        ("Ready to be picked up", None, None),
        ("Not delivered", None, None),
        ("Departed customs", None, None),
        ("Processed through clearance", None, None),
        ("Departed Shipping Partner Facility, USPS Awaiting Item", "partner_departed", "ambiguous"),
        ("Shipping Label Created, USPS Awaiting Item", "label_created", "no"),
        ("Shipment Received, Package Acceptance Pending", "accepted", "ambiguous"),
        ("In Transit to Next Facility, Arriving Late", "in_transit", "no"),
        ("Nothing picked up", "pickup_scheduled_or_cancelled", "no"),
        ("", None, None),
    ],
)
def test_a_description_proves_only_what_it_says_without_doubt(
    description: str, milestone: str | None, physical: str | None
) -> None:
    found = judge_text(description)
    assert (found.milestone if found else None) == milestone
    assert (found.physical if found else None) == physical


def test_a_description_is_kept_as_the_phrase_it_is_judged_by() -> None:
    assert text_code("Delivered, left with J. Recipient") == "text:delivered"
    assert text_code("Left with J. Recipient") == "text"


def test_the_carrier_s_own_code_beats_every_word_of_an_aggregator() -> None:
    delivered = code_table("easypost")["status", "delivered"]
    weighed = weigh(
        carrier="usps", own_code="GX", stated=(delivered,), description="Delivered to the neighbour"
    )
    assert weighed.physical is Physical.NO


def test_a_code_that_nobody_knows_proves_nothing() -> None:
    assert weigh(carrier="usps", own_code="ZZ", stated=(None,), description="") == UNKNOWN
    assert weigh(carrier="", own_code="ZZ", stated=(), description="") == UNKNOWN
