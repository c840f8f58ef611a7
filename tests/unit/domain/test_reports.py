"""The tracking report: what a line of it says."""

from datetime import date
from typing import Any

import pytest

from support.builders import (
    DUE,
    SHIP_DAY,
    a_confirmation,
    a_delivery,
    a_label,
    a_scan,
    after_order,
    judge,
    rules,
)
from vtr.domain.packages import Confirmation
from vtr.domain.policies import Waiver
from vtr.domain.reports import COLUMNS, Report, ReportStatus, report_line
from vtr.domain.scans import Scan


def line(confirmation: Confirmation, *scans: Scan, **judged: Any) -> dict[str, str]:
    cells = report_line(confirmation, judge(confirmation, *scans, **judged))
    return dict(zip(COLUMNS, cells, strict=True))


def test_a_valid_package_has_its_facts_and_no_x() -> None:
    stated = a_confirmation(carrier_stated="U.P.S.", promised_delivery_date=date(2026, 3, 9))
    found = line(stated, a_label(), a_scan(), a_delivery())
    assert found["Order ID"] == "111-0000001"
    assert found["Package ID"] == "1"
    assert found["Carrier"] == "U.P.S."
    assert found["Tracking ID"] == "1Z999AA10123456784"
    assert found["Category"] == "Toys"
    assert found["Ship date"] == "2026-03-03"
    assert found["Promised delivery date"] == "2026-03-09"
    assert found["First physical scan"] == "2026-03-04T06:00:00Z"
    assert found["Delivered"] == "2026-03-05T18:00:00Z"
    assert found["Cancelled"] == ""
    assert found["No Valid Tracking"] == ""
    assert (found["State"], found["Reason"]) == ("valid", "VALID")
    assert found["What to do"] == ""


def test_what_is_not_known_is_an_empty_cell() -> None:
    found = line(a_confirmation())
    unknown = ("Promised delivery date", "First physical scan", "Delivered", "Cancelled")
    assert [found[column] for column in unknown] == [""] * 4


def test_a_number_that_cannot_be_read_shows_as_the_order_id_with_invalid_id_and_an_x() -> None:
    found = line(a_confirmation(number="", number_stated="1Z#"))
    assert found["Tracking ID"] == "111-0000001-InvalidId"
    assert found["No Valid Tracking"] == "X"


def test_any_other_package_without_verified_tracking_has_the_x_alone() -> None:
    found = line(a_confirmation(number_stated="1Z 999 AA10123456784"))
    assert found["Tracking ID"] == "1Z 999 AA10123456784"
    assert found["No Valid Tracking"] == "X"


def test_a_package_that_is_still_pending_has_the_x_too() -> None:
    found = line(a_confirmation(), as_of=after_order(days=1))
    assert (found["No Valid Tracking"], found["State"]) == ("X", "pending")


def test_an_exempt_package_has_no_x() -> None:
    strike = Waiver(name="strike", first_day=SHIP_DAY, last_day=SHIP_DAY)
    assert line(a_confirmation(method_class="freight"))["No Valid Tracking"] == ""
    waived = line(a_confirmation(), under=rules(waivers=(strike,)))
    assert (waived["No Valid Tracking"], waived["State"]) == ("", "exempt")


def test_an_exempt_package_with_an_unreadable_number_shows_the_number_as_typed() -> None:
    found = line(a_confirmation(method_class="freight", number="", number_stated="none."))
    assert found["Tracking ID"] == "none."


def test_a_cancelled_package_stays_in_the_report_flagged() -> None:
    found = line(a_confirmation(cancelled_at=after_order(days=1)), a_scan())
    assert (found["Cancelled"], found["State"]) == ("2026-03-03T18:00:00Z", "valid")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize(
    "field", ["order_id", "package_id", "carrier_stated", "number_stated", "category"]
)
def test_no_cell_can_be_run_as_a_formula(start: str, field: str) -> None:
    stated = a_confirmation(**{field: f"{start}HYPERLINK()"})
    for cell in report_line(stated, judge(stated)):
        assert not cell.startswith(start)
    assert f"'{start}HYPERLINK()" in report_line(stated, judge(stated))


def test_an_unreadable_number_of_an_order_that_looks_like_a_formula_is_quoted_too() -> None:
    stated = a_confirmation(order_id="=1+1", number="", number_stated="#")
    assert line(stated)["Tracking ID"] == "'=1+1-InvalidId"


def test_a_line_has_a_cell_for_every_column() -> None:
    assert len(report_line(a_confirmation(), judge(a_confirmation()))) == len(COLUMNS)


def test_a_report_that_was_just_asked_for_is_queued_and_has_no_rows() -> None:
    report = Report(
        id="r1", account="acme", first_day=SHIP_DAY, last_day=SHIP_DAY, requested_at=DUE
    )
    assert (report.status, report.category) == (ReportStatus.QUEUED, None)
    assert (report.rows, report.bytes) == (0, 0)
    assert (report.finished_at, report.checkpoint) == (None, None)


def test_a_document_lies_under_its_account() -> None:
    report = Report(
        id="r1", account="acme", first_day=SHIP_DAY, last_day=date(2026, 3, 9), requested_at=DUE
    )
    assert report.document_key == "reports/acme/r1.csv"
    assert report.filename == "tracking-report-2026-03-03-2026-03-09.csv"
