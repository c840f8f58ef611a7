"""The bill follows the load and the measured units; every price is dated and has its page."""

from datetime import date

import pytest

from support.aws import main_template
from vtr_cost.model import Design, by_service, designs, month
from vtr_cost.prices import operation, regions
from vtr_cost.traffic import DELAY_SECONDS, SLOT_SECONDS, Traffic, recounts_of

PRICES = regions()["us-east-1"]
SERVICES = {
    "API Gateway",
    "CloudWatch",
    "Data transfer out",
    "DynamoDB",
    "EventBridge",
    "Lambda",
    "S3",
    "SQS",
    "Secrets Manager",
}


def usd(traffic: Traffic, service: str = "", what: str = "") -> float:
    return sum(
        line.usd
        for line in month(traffic, PRICES)
        if service in line.price.service and what in line.what
    )


def named(found: list[Design], part: str) -> Design:
    return next(each for each in found if part in each.name)


@pytest.mark.parametrize(("region", "name"), [(r, n) for r in regions() for n in regions()[r]])
def test_every_price_is_dated_and_names_its_page(region: str, name: str) -> None:
    price = regions()[region][name]
    assert price.page.startswith("https://aws.amazon.com/")
    assert date(2025, 1, 1) <= price.seen
    assert price.usd > 0
    assert price.per > 0


def test_every_service_of_the_template_is_on_the_bill() -> None:
    assert set(by_service(month(Traffic(packages=1e6), PRICES))) == SERVICES


def test_a_million_packages_cost_their_measured_writes() -> None:
    traffic = Traffic(packages=1e6 / 30, edited=0)
    (line,) = [
        each
        for each in month(traffic, PRICES)
        if each.price is PRICES["dynamodb_write"] and each.what == "packages"
    ]
    assert line.usd == pytest.approx(operation("a package's life").writes * 0.625)


def test_what_is_sent_together_is_cheaper() -> None:
    alone = Traffic(packages=1e6)
    together = Traffic(packages=1e6, lines_a_submission=100, scans_a_body=20)
    assert usd(together, "API Gateway") < usd(alone, "API Gateway") / 10
    assert usd(together, "DynamoDB") == usd(alone, "DynamoDB")


def test_ten_times_the_packages_of_ten_times_the_accounts_cost_ten_times_as_much() -> None:
    ten, one = Traffic(packages=1e7), Traffic(packages=1e6)
    assert usd(ten) == pytest.approx(10 * usd(one), rel=0.02)


def test_a_bucket_is_never_counted_more_often_than_it_changes_or_than_slots_go_by() -> None:
    for packages in (1, 10, 1_000, 100_000):
        done = recounts_of(packages)
        assert done.counts <= 2 * packages
        assert done.counts <= 64 * 36 * 3600 / SLOT_SECONDS


def test_blind_writes_are_eighteen_units_a_package() -> None:
    found = designs(Traffic(packages=1e6, edited=0))
    ours, blind = named(found, "as built"), named(found, "every event")
    assert (blind.units.writes - ours.units.writes) / 30e6 == 18 - 7


def test_reading_the_window_at_each_recount_is_the_dearest_design() -> None:
    found = designs(Traffic(packages=1e6))
    dearest = max(found, key=lambda each: each.units.writes * 5 + each.units.reads)
    assert dearest is named(found, "whole window")


def test_counters_have_no_recounts_to_pay_for() -> None:
    found = designs(Traffic(packages=1e6))
    ours, counters = named(found, "as built"), named(found, "counters")
    assert counters.units.reads < ours.units.reads
    assert counters.units.writes > ours.units.writes


def test_the_model_counts_with_the_templates_slot_and_delay() -> None:
    parameters = main_template()["Parameters"]
    assert parameters["RecountSlotSeconds"]["Default"] == SLOT_SECONDS
    delay = main_template()["Mappings"]["RecountDelay"][str(SLOT_SECONDS)]["Seconds"]
    assert delay == DELAY_SECONDS
