"""Compare every number of the stack with the oracle's; each difference is a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from vtr.domain.policies import policy
from vtr.domain.verdict import Reason, State
from vtr_demo.books import Books
from vtr_demo.oracle import Counted, Oracle, count_rates

Document = dict[str, Any]
Row = Mapping[str, str]


class Check:
    """The books counted as of one ``GET /v1/rates``, to compare with its response."""

    def __init__(self, books: Books, rates: Document) -> None:
        as_of = datetime.fromisoformat(rates["as_of"])
        rules = policy(rates["policy"], books.today)
        self.counted = Oracle(books, rules, as_of).count()
        self._expected = count_rates(self.counted, rules)
        self._rates = rates

    def rates(self) -> list[str]:
        """Compare each field of each category, and of the total."""
        answered = {entry["category"]: entry for entry in self._rates["categories"]}
        answered["overall"] = self._rates["overall"]
        return list(_differences(self._expected, answered))

    def packages(self, listed: Iterable[Document]) -> list[str]:
        """Compare state and reason of every package in the list of those not valid."""
        expected = {
            one.key: {"state": one.state, "reason": one.reason}
            for one in self.counted
            if one.state in {State.UNCONFIRMED, State.PENDING}
        }
        answered = {(each["order_id"], each["package_id"]): each for each in listed}
        return list(_differences(expected, answered))

    def report(self, rows: Iterable[Row]) -> list[str]:
        """Compare the facts on every line of the tracking report."""
        expected = {one.key: _report_line(one) for one in self.counted}
        answered = {(row["Order ID"], row["Package ID"]): row for row in rows}
        return list(_differences(expected, answered))


def _differences(
    expected: Mapping[Any, Mapping[str, Any]], answered: Mapping[Any, Mapping[str, Any]]
) -> Iterator[str]:
    """Compare the expected fields; the response may have more."""
    for key in sorted({*expected, *answered}, key=str):
        name = " / ".join(key) if isinstance(key, tuple) else key
        if key not in answered or key not in expected:
            where = "the books" if key in expected else "the stack's answer"
            yield f"{name} is in {where} alone"
            continue
        for field, value in expected[key].items():
            found = answered[key].get(field)
            if found != value:
                yield f"{name}: {field} is {found!r}, by the books {value!r}"


def _report_line(one: Counted) -> Document:
    said, invalid = one.package.said, one.reason is Reason.INVALID_ID
    return {
        "Carrier": said.carrier_typed,
        "Tracking ID": f"{one.order.order_id}-InvalidId" if invalid else said.number_typed,
        "Category": one.order.category,
        "Ship date": said.ship_date.isoformat(),
        "Promised delivery date": one.order.promised.isoformat(),
        "First physical scan": _moment(one.first_physical_scan),
        "Delivered": _moment(one.delivered),
        "Cancelled": _moment(one.order.cancelled_at),
        "No Valid Tracking": "X" if one.state in {State.PENDING, State.UNCONFIRMED} else "",
        "State": one.state,
        "Reason": one.reason,
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
