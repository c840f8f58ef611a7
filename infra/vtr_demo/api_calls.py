"""Submit the books to the system, over the same HTTP as any seller and any carrier."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, TypeVar

from standardwebhooks.webhooks import Webhook

from vtr_client.api import ApiClient
from vtr_client.errors import CommandError
from vtr_client.problems import explain
from vtr_client.scans import post_scans
from vtr_demo.books import Books, Order, Package, Scan, Statement

THREADS = 3
PACKAGES_A_CALL = 10
SCANS_A_CALL = 10
Document = dict[str, Any]
T = TypeVar("T")
Advance = Callable[[int], None]


def _no_progress(_: int) -> None:
    """Ignore the progress."""


class Seller(ApiClient):
    """A seller's system, which also edits its statements."""

    def put(self, path: str, body: Document) -> Document:
        return self._document("PUT", path, json=body)


@dataclass(frozen=True, slots=True)
class PackageStatement:
    """One statement with its order and package, as the API takes it."""

    order: Order
    package: Package
    statement: Statement

    @property
    def document(self) -> Document:
        order, said = self.order, self.statement
        return {
            "carrier": said.carrier_typed,
            "tracking_number": said.number_typed,
            "ship_date": said.ship_date.isoformat(),
            "method_class": self.package.method_class,
            "label_source": self.package.label_source,
            "confirmed_at": _moment(said.at),
            "order": {
                "placed_at": _moment(order.placed_at),
                "category": order.category,
                "promised_delivery_date": order.promised.isoformat(),
                "value": {"amount": order.value, "currency": "USD"},
                "origin": "US",
                "destination": "US",
            },
        }

    @property
    def line(self) -> Document:
        ids = {"order_id": self.order.order_id, "package_id": self.package.package_id}
        return {**ids, **self.document}

    @property
    def path(self) -> str:
        return f"/v1/orders/{self.order.order_id}/packages/{self.package.package_id}"


def first_statements(books: Books) -> list[PackageStatement]:
    return [PackageStatement(order, one, one.statements[0]) for order, one in books.packages]


def edits(books: Books) -> list[PackageStatement]:
    return [
        PackageStatement(order, one, said)
        for order, one in books.packages
        for said in one.statements[1:]
    ]


def cancellations(books: Books) -> list[Order]:
    return [order for order in books.orders if order.cancelled_at is not None]


def scans_as_they_come(books: Books) -> list[Scan]:
    """Return the scans as networks deliver them: roughly in order, some late, one in ten twice."""
    dice = Random(f"the post, {books.today}")  # noqa: S311  the same day must give the same scans
    scans = [scan for _, package in books.packages for scan in package.scans]
    twice = [scan for scan in scans if dice.random() < 0.1]  # noqa: PLR2004  one in ten
    day = 24 * 3600
    return sorted(scans + twice, key=lambda scan: scan.at.timestamp() + dice.uniform(0, 2 * day))


def submit(
    seller: Seller, statements: Iterable[PackageStatement], advance: Advance = _no_progress
) -> None:
    """Confirm packages in batches; raise an error if a line is refused."""

    def send(batch: Sequence[PackageStatement]) -> None:
        answer = seller.post("/v1/packages/batch", {"packages": [each.line for each in batch]})
        for result in answer["results"]:
            if "problem" in result:
                raise CommandError(f"{result['order_id']}: {explain(result['problem'])}")
        advance(len(batch))

    _at_once(send, _batches(list(statements), PACKAGES_A_CALL))


def edit(
    seller: Seller, statements: Iterable[PackageStatement], advance: Advance = _no_progress
) -> None:
    def send(one: PackageStatement) -> None:
        seller.put(one.path, one.document)
        advance(1)

    _at_once(send, statements)


def cancel(seller: Seller, orders: Iterable[Order], advance: Advance = _no_progress) -> None:
    def send(order: Order) -> None:
        assert order.cancelled_at is not None  # noqa: S101  the caller passes cancelled ones
        path = f"/v1/orders/{order.order_id}/cancellation"
        seller.post(path, {"cancelled_at": _moment(order.cancelled_at)})
        advance(1)

    _at_once(send, orders)


def report_scans(
    api: ApiClient, secret: str, scans: Iterable[Scan], advance: Advance = _no_progress
) -> None:
    """Post the scans as carriers do, signed."""
    signer = Webhook(secret)

    def send(batch: Sequence[Scan]) -> None:
        post_scans(api, signer, [scan_document(each) for each in batch])
        advance(len(batch))

    _at_once(send, _batches(list(scans), SCANS_A_CALL))


def scan_document(scan: Scan) -> Document:
    document = {
        "carrier": scan.label.carrier,
        "tracking_number": scan.label.number,
        "occurred_at": _moment(scan.at),
        "milestone": scan.milestone,
        "place": scan.place,
    }
    return document | ({"retracts": scan.retracts} if scan.retracts else {})


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _batches(lines: list[T], size: int) -> list[list[T]]:
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def _at_once(send: Callable[[T], None], each: Iterable[T]) -> None:
    """Make several calls at a time, as from several of the shop's machines."""
    with ThreadPoolExecutor(THREADS) as machines:
        for _ in machines.map(send, each):
            pass
