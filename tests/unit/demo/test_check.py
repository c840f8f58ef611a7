"""A number that is not the oracle's does not go unnoticed."""

from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from rich.console import Console

from vtr.domain.policies import policy
from vtr.domain.verdict import State
from vtr_client.errors import CommandError
from vtr_demo.api_calls import Seller
from vtr_demo.books import Books
from vtr_demo.check import Check
from vtr_demo.oracle import Counted, Oracle, count_rates
from vtr_demo.play import check_everything, refuse_strangers, wait_for_rates
from vtr_demo.shop import books_of

TODAY = date(2026, 11, 23)
AS_OF = datetime(2026, 11, 23, 20, tzinfo=UTC)
RULES = policy("amazon-us", TODAY)
Document = dict[str, Any]


@cache
def books() -> Books:
    return books_of(TODAY)


@cache
def counted() -> list[Counted]:
    return Oracle(books(), RULES, AS_OF).count()


def rates() -> Document:
    """What a stack answers that counts as the oracle does."""
    entries = deepcopy(count_rates(counted(), RULES))
    overall = entries.pop("overall")
    categories = [{"category": name, **entry} for name, entry in entries.items()]
    return {
        "policy": "amazon-us",
        "as_of": AS_OF.isoformat(),
        "overall": overall,
        "categories": categories,
    }


def listed() -> list[Document]:
    return [
        {
            "order_id": one.order.order_id,
            "package_id": one.package.package_id,
            "state": str(one.state),
            "reason": str(one.reason),
        }
        for one in counted()
        if one.state in {State.PENDING, State.UNCONFIRMED}
    ]


def report() -> list[dict[str, str]]:
    return [
        {
            "Order ID": one.order.order_id,
            "Package ID": one.package.package_id,
            "Carrier": one.package.said.carrier_typed,
            "Tracking ID": one.package.said.number_typed
            if one.reason != "INVALID_ID"
            else f"{one.order.order_id}-InvalidId",
            "Category": one.order.category,
            "Ship date": str(one.day),
            "Promised delivery date": str(one.order.promised),
            "First physical scan": written(one.first_physical_scan),
            "Delivered": written(one.delivered),
            "Cancelled": written(one.order.cancelled_at),
            "No Valid Tracking": "X" if one.state in {"pending", "unconfirmed"} else "",
            "State": one.state,
            "Reason": one.reason,
        }
        for one in counted()
    ]


def written(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" if at else ""


class Answering(Seller):
    """A seller that is always told the same."""

    def __init__(self, document: Document) -> None:
        super().__init__("http://127.0.0.1:1", "vtr_k_s")
        self._answer = document

    def get(self, path: str, query: Any = None) -> Document:
        del path, query
        return self._answer


def test_equal_numbers_have_no_difference() -> None:
    check = Check(books(), rates())
    assert [*check.rates(), *check.packages(listed()), *check.report(report())] == []


@pytest.mark.parametrize("field", ["packages", "valid", "unconfirmed", "pending", "exempt"])
def test_one_package_too_many_in_a_category_is_named(field: str) -> None:
    answer = rates()
    answer["categories"][2][field] += 1
    right = rates()["categories"][2][field]
    assert Check(books(), answer).rates() == [
        f"garden: {field} is {right + 1}, by the books {right}"
    ]


def test_a_rate_rounded_up_is_a_difference() -> None:
    answer = rates()
    answer["overall"]["rate"] += 0.0001
    assert len(Check(books(), answer).rates()) == 1


def test_a_reason_that_is_missing_is_a_difference() -> None:
    answer = rates()
    del answer["overall"]["reasons"]["NO_SCAN"]
    assert len(Check(books(), answer).rates()) == 1


def test_a_category_that_is_missing_is_a_difference() -> None:
    answer = rates()
    del answer["categories"][0]
    assert Check(books(), answer).rates() == ["books is in the books alone"]


def test_a_package_with_another_reason_is_a_difference() -> None:
    answer = listed()
    answer[0]["reason"] = "VALID"
    assert "reason is 'VALID'" in Check(books(), rates()).packages(answer)[0]


def test_a_line_that_is_missing_and_one_that_is_strange_are_differences() -> None:
    answer = report()
    answer[0]["Order ID"] = "114-0"
    assert len(Check(books(), rates()).report(answer)) == 2


def test_a_line_without_its_x_is_a_difference() -> None:
    answer = report()
    marked = next(line for line in answer if line["No Valid Tracking"])
    marked["No Valid Tracking"] = ""
    assert len(Check(books(), rates()).report(answer)) == 1


def test_the_play_fails_loudly_over_one_difference() -> None:
    answer = listed()[1:]
    with pytest.raises(CommandError, match="1 numbers differ"):
        check_everything(Console(quiet=True), books(), rates(), answer, report())


def test_rates_that_never_settle_are_a_sentence() -> None:
    answer = rates()
    answer["overall"]["valid"] -= 1
    with (
        Answering(answer) as seller,
        pytest.raises(CommandError, match=r"within 0 s: overall: valid is .* a bug"),
    ):
        wait_for_rates(seller, books(), seconds=0)


def test_an_account_with_strangers_packages_is_refused() -> None:
    page = {"packages": [{"order_id": "mine-1"}], "next_cursor": None}
    with (
        Answering(page) as seller,
        pytest.raises(CommandError, match=r"such as mine-1\. Start anew"),
    ):
        refuse_strangers(seller, books())
