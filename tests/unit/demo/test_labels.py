"""The shop's labels are as the carriers print them."""

import pytest

from vtr.domain.tracking_numbers import FormCheck, identify
from vtr_demo import labels
from vtr_demo.labels import Printer, mistyped

RUNNING = range(9_416_000, 9_417_000, 7)
CHECKABLE = (
    labels.ups, labels.usps, labels.usps_certified, labels.usps_abroad, labels.fedex,
    labels.fedex_ground, labels.dhl, labels.ontrac, labels.lasership, labels.amazon,
    labels.canada_post, labels.royal_mail, labels.yunexpress,
)  # fmt: skip
WITH_CHECK_DIGIT_LAST = (
    labels.ups, labels.usps, labels.usps_certified, labels.fedex, labels.fedex_ground, labels.dhl,
    labels.ontrac, labels.canada_post,
)  # fmt: skip


def test_the_postal_standards_own_example_comes_out() -> None:
    assert labels.royal_mail(47_312_482).number == "RR473124829GB"


@pytest.mark.parametrize("printer", CHECKABLE)
def test_every_label_fits_its_carrier(printer: Printer) -> None:
    for label in map(printer, RUNNING):
        assert identify(label.number, label.carrier).verdict == FormCheck.WELL_FORMED


@pytest.mark.parametrize("printer", WITH_CHECK_DIGIT_LAST)
def test_a_mistyped_number_fits_its_carrier_no_longer(printer: Printer) -> None:
    for label in map(printer, RUNNING):
        assert identify(mistyped(label.number), label.carrier).verdict == FormCheck.MALFORMED


@pytest.mark.parametrize("printer", [*CHECKABLE, labels.fedex_freight])
def test_no_two_packages_have_one_label(printer: Printer) -> None:
    assert len({printer(running) for running in RUNNING}) == len(RUNNING)


def test_a_ups_number_is_known_for_one_whoever_is_stated() -> None:
    for label in map(labels.ups, RUNNING):
        assert identify(label.number, "usps").suggested_carrier == "ups"
