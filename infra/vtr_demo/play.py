"""The play: submit a shop's books to the local stack, and check the result.

Everything is sent over HTTP, as sellers and carriers would send it, and every number shown is the
stack's. Repeating it changes nothing.
"""

import csv
import io
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from vtr.domain.verdict import Reason, State
from vtr.use_cases.manage_waivers import add_waiver
from vtr_client.console import counted
from vtr_client.errors import CommandError
from vtr_client.progress import advancing, spinning
from vtr_client.rates import print_rates
from vtr_client.reports import request_report
from vtr_demo import api_calls, screen
from vtr_demo.api_calls import Seller
from vtr_demo.books import Books
from vtr_demo.check import Check, Row
from vtr_demo.desk import ZONE
from vtr_demo.shop import DAYS, books_of
from vtr_local.home import Home
from vtr_local.keys import POLICY, with_local_key
from vtr_local.ports import local_ports
from vtr_local.record import StackRecord

SETTLED_WITHIN_SECONDS = 120
REPORT_WITHIN_SECONDS = 60
POLL_SECONDS = 1.0
PACKAGES_SHOWN, LINES_SHOWN, DIFFERENCES_SHOWN = 10, 4, 10
PAGE = 200
Document = dict[str, Any]

# Mistakes that an edit can fix; then those that need the carrier's scan. For all other reasons it
# is too late.
TYPED_WRONG = (
    Reason.CARRIER_MISMATCH,
    Reason.FORMAT_MISMATCH,
    Reason.INVALID_ID,
    Reason.CARRIER_UNKNOWN,
    Reason.REUSED_NUMBER,
)
FIXABLE = (*TYPED_WRONG, Reason.LABEL_ONLY, Reason.NO_SCAN)


def play(*, console: Console, home: Home, record: StackRecord) -> None:
    """Submit the books, show the result, and compare it with the oracle's count."""
    books = books_of(datetime.now(ZONE).date())
    account = account_of(books)
    record = with_local_key(home, record, account)
    with Seller(record.api_url, record.keys[account]) as seller:
        refuse_strangers(seller, books)
        screen.heading(
            console,
            f"A shop in Eugene, Oregon: the {len(books.orders)} orders of its last {DAYS} days",
        )
        submit_books(console, record, seller, books)
        with screen.step(console, "The rates have settled"):
            rates = wait_for_rates(seller, books)
        screen.heading(console, "The valid tracking rate, by category")
        print_rates(console, rates)
        listed = not_valid(seller)
        show_reasons(console, rates, listed)
        show_packages(console, listed)
        rows = show_report(console, seller)
        check_everything(console, books, seller.get("/v1/rates"), listed, rows)
    show_next(console, account)


def account_of(books: Books) -> str:
    """Return the shop's account: one a day, since tomorrow's books have other orders."""
    return f"demo-{books.today}"


def refuse_strangers(seller: Seller, books: Books) -> None:
    """Refuse an account that has packages other than the shop's."""
    ours = {order.order_id for order in books.orders}
    for package in _packages(seller):
        if package["order_id"] not in ours:
            raise CommandError(
                f"The account {account_of(books)} has packages that are not the demo's, such as "
                f"{package['order_id']}. Start anew with vtr down --wipe, then vtr demo."
            )


def submit_books(console: Console, record: StackRecord, seller: Seller, books: Books) -> None:
    """Submit the books in the order in which such things reach a marketplace: not the right one."""
    scans, secret = api_calls.scans_as_they_come(books), record.webhook_secret
    early, late = scans[: len(scans) // 6], scans[len(scans) // 6 :]
    first, edits = api_calls.first_statements(books), api_calls.edits(books)
    cancelled = api_calls.cancellations(books)
    storms = counted(len(books.waivers), "ice storm")
    with screen.step(console, f"Waived OnTrac's packages of {storms}"):
        waive(record, books)
    words = f"{len(early)} scans arrived before anybody had confirmed a package"
    with screen.step(console, words), advancing("Scans", len(early)) as advance:
        api_calls.report_scans(seller, secret, early, advance)
    words = f"Confirmed {len(first)} packages of {len(books.orders)} orders"
    with screen.step(console, words), advancing("Packages", len(first)) as advance:
        api_calls.submit(seller, first, advance)
    words = f"Corrected {len(edits)} packages, cancelled {len(cancelled)} orders"
    with screen.step(console, words):
        api_calls.edit(seller, edits)
        api_calls.cancel(seller, cancelled)
    words = f"{len(late)} more scans arrived: late, out of order, one in ten of them twice"
    with screen.step(console, words), advancing("Scans", len(late)) as advance:
        api_calls.report_scans(seller, secret, late, advance)


def waive(record: StackRecord, books: Books) -> None:
    """Record the waivers, as the marketplace's own people do."""
    with local_ports(record) as ports:
        for waiver in books.waivers:
            add_waiver(ports, POLICY, waiver)


def wait_for_rates(seller: Seller, books: Books, seconds: int = SETTLED_WITHIN_SECONDS) -> Document:
    """Poll the rates until they agree with the books twice in a row."""
    deadline = time.monotonic() + seconds
    agreed = 0
    with spinning("Waiting for the rates"):
        while True:
            rates = seller.get("/v1/rates")
            differences = Check(books, rates).rates()
            agreed = 0 if differences else agreed + 1
            if agreed > 1:
                return rates
            if differences and time.monotonic() > deadline:
                raise CommandError(
                    f"The rates did not come to agree with the shop's books within {seconds} s: "
                    f"{differences[0]}. If you changed the shop's packages yourself, start anew "
                    "with vtr down --wipe; else this is a bug."
                )
            time.sleep(POLL_SECONDS)


def not_valid(seller: Seller) -> list[Document]:
    """Return every package of the window that does not count, or not yet."""
    return [
        package
        for state in (State.PENDING, State.UNCONFIRMED)
        for package in _packages(seller, state)
    ]


def show_reasons(console: Console, rates: Document, listed: list[Document]) -> None:
    overall = rates["overall"]
    screen.heading(console, f"Why {overall['unconfirmed']} packages do not count")
    remedies = {each["reason"]: each["what_to_do"] for each in reversed(listed)}
    screen.print_reasons(console, overall, remedies)
    console.print(
        f"{overall['pending']} more are pending. INSUFFICIENT_SCANS does not occur: under "
        f"{rates['policy']} one scan is enough.",
        style="dim",
    )


def show_packages(console: Console, listed: list[Document]) -> None:
    """Show the packages most worth fixing: first what an edit can fix, newest first."""
    worth = sorted(
        (each for each in listed if each["reason"] in FIXABLE),
        key=lambda each: (each["reason"] in TYPED_WRONG, each["ship_date"]),
        reverse=True,
    )[:PACKAGES_SHOWN]
    screen.heading(
        console, f"{len(worth)} packages worth fixing, while there is time: newest first"
    )
    for number, package in enumerate(worth, start=1):
        screen.print_package(console, number, package)


def show_report(console: Console, seller: Seller) -> list[Row]:
    made = request_report(seller, {"kind": "tracking"}, REPORT_WITHIN_SECONDS)
    document = seller.get(f"/v1/reports/{made['report_id']}/document")
    content = io.BytesIO()
    seller.download(document["url"], content)
    rows = list(csv.DictReader(io.StringIO(content.getvalue().decode())))
    marked = [row for row in rows if row["No Valid Tracking"]]
    screen.heading(
        console, f"The tracking report: {len(rows)} lines, the first of all and the first with an X"
    )
    screen.print_report_lines(console, [*rows[:LINES_SHOWN], *marked[:LINES_SHOWN]])
    return list(rows)


def check_everything(
    console: Console, books: Books, rates: Document, listed: list[Document], rows: Sequence[Row]
) -> None:
    """Say that everything equals the oracle's count, or fail with the differences."""
    check = Check(books, rates)
    differences = [*check.rates(), *check.packages(listed), *check.report(rows)]
    if differences:
        for difference in differences[:DIFFERENCES_SHOWN]:
            console.print(difference, style="red", soft_wrap=True)
        raise CommandError(f"{len(differences)} numbers differ from the shop's own books.")
    console.print()
    console.print(
        f"checked: {len(rates['categories']) + 1} rates, {len(rates['overall']['reasons'])} "
        f"reasons, {len(listed)} packages, {len(rows)} lines equal a brute-force count over the "
        "shop's own books.",
        style="green",
    )


def show_next(console: Console, account: str) -> None:
    vtr = "vtr" if shutil.which("vtr") else os.path.relpath(sys.argv[0])
    console.print()
    console.print(f"Next: {vtr} packages --key {account} --state unconfirmed --category toys")
    console.print(f"      {vtr} report --key {account}")
    console.print(f"      {vtr} demo again sends it all once more, and nothing changes.")
    console.print(f"The stack is still up; {vtr} down stops it and keeps its data.")


def _packages(seller: Seller, state: State | None = None) -> Iterator[Document]:
    cursor = None
    while True:
        query = {"state": state, "limit": PAGE, "cursor": cursor}
        page = seller.get("/v1/packages", query)
        yield from page["packages"]
        cursor = page["next_cursor"]
        if cursor is None:
            return
