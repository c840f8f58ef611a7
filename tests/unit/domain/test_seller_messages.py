"""Every reason has its explanation; every package that does not count, something to do."""

from dataclasses import replace

import pytest

from support.builders import DUE, UPS_NUMBER, USPS_NUMBER, a_confirmation, a_scan, judge
from vtr.api.presenters.numbers import check_number
from vtr.domain.scans import Milestone, PhysicalBy
from vtr.domain.seller_messages import explain, suggested_carrier, what_to_do
from vtr.domain.tracking_numbers import is_readable, normalise
from vtr.domain.verdict import Reason, Verdict, state_of


def because(reason: Reason) -> Verdict:
    return Verdict(state=state_of(reason, due=True), reason=reason, due_at=DUE, rule="freight")


PICK = "Pick the carrier from the list of carriers (GET /v1/carriers or vtr carriers)."


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("carrier", ["ups", None])
def test_every_reason_is_explained_in_one_whole_sentence(
    reason: Reason, carrier: str | None
) -> None:
    sentence = explain(a_confirmation(carrier=carrier), because(reason))
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert "None" not in sentence


@pytest.mark.parametrize("reason", Reason)
def test_there_is_something_to_do_exactly_where_a_package_does_not_count(reason: Reason) -> None:
    sentence = what_to_do(a_confirmation(), because(reason))
    if reason in {Reason.EXEMPT, Reason.WAIVED, Reason.VALID}:
        assert sentence == ""
    else:
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_a_mismatch_says_whose_number_it_is_and_what_to_change() -> None:
    stated = a_confirmation(carrier="usps", number=UPS_NUMBER)
    found = judge(stated)
    assert explain(stated, found) == "You said USPS; this is a UPS number."
    assert what_to_do(stated, found) == "Change the carrier to UPS."
    assert suggested_carrier(stated, found) == "ups"


def test_a_partners_scan_that_does_not_count_is_told_from_a_label() -> None:
    handed_over = a_scan(Milestone.PARTNER_ACCEPTED, physical_by=PhysicalBy.PARTNER)
    found = judge(a_confirmation(), handed_over)
    assert explain(a_confirmation(), found) == (
        "Only a partner of UPS has the package; UPS waits for it."
    )


def test_nobody_is_asked_to_hand_over_what_a_partner_holds() -> None:
    handed_over = a_scan(Milestone.PARTNER_ACCEPTED, physical_by=PhysicalBy.PARTNER)
    remedy = what_to_do(a_confirmation(), judge(a_confirmation(), handed_over))
    assert remedy == "Nothing now; ask UPS if its own scan does not follow."


def test_who_scanned_the_number_of_another_carrier_is_named_with_the_day() -> None:
    stated = a_confirmation(number=USPS_NUMBER)
    found = judge(stated, a_scan(carrier="usps", number=USPS_NUMBER))
    assert explain(stated, found) == "You said UPS; USPS scanned it on 2026-03-04."
    assert what_to_do(stated, found) == "Change the carrier to USPS."
    assert suggested_carrier(stated, found) == "usps"


def test_where_nothing_is_mismatched_no_other_carrier_is_suggested() -> None:
    assert suggested_carrier(a_confirmation(), judge(a_confirmation())) is None


def test_an_unknown_carrier_is_quoted_as_typed_braces_and_all() -> None:
    stated = a_confirmation(carrier=None, carrier_stated="{0.__class__}")
    assert explain(stated, judge(stated)) == "No carrier goes by the name '{0.__class__}'."


def test_an_exemption_is_named() -> None:
    stated = a_confirmation(method_class="freight")
    assert "(freight)" in explain(stated, replace(judge(stated)))


@pytest.mark.parametrize(
    ("carrier", "typed", "told"),
    [
        ("usps", "94001368O0000099480001", "Did you mean 9400136800000099480001?"),
        ("usps", "9.40014E+21", "9.40014E+21 has lost its last digits."),
        ("ups", "1Z999AA10123456784, 1Z999AA10123456793", "these are several numbers"),
        ("ups", "Tracking 1Z999AA10123456784", "Did you mean 1Z999AA10123456784?"),
        ("ups", "1Z999AA10123456785", "it is not a valid UPS number."),
        ("ups", "", "Enter the tracking number: the field is blank."),
    ],
)
def test_what_the_check_of_numbers_says_is_said_of_a_submission(
    carrier: str, typed: str, told: str
) -> None:
    number = normalise(typed) if is_readable(typed) else ""
    stated = a_confirmation(carrier=carrier, number_stated=typed, number=number)
    sentence = what_to_do(stated, judge(stated))
    assert told in sentence
    assert sentence == check_number(typed, carrier).remedy


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        (
            "Fedx",
            "ABC12345",
            f"{PICK} Did you mean FedEx or ",
        ),
        ("Fedx", UPS_NUMBER, "State UPS as the carrier."),
        (
            "Zzzzqqq",
            "ABC12345",
            PICK,
        ),
    ],
)
def test_an_unknown_carrier_is_told_whom_it_may_be(name: str, typed: str, told: str) -> None:
    stated = a_confirmation(carrier=None, carrier_stated=name, number_stated=typed, number=typed)
    found = judge(stated)
    assert found.reason is Reason.CARRIER_UNKNOWN
    assert what_to_do(stated, found).startswith(told)
