"""`vtr demo` from nothing, and what must not change when everything is told again.

Every test here goes on from where the one before left the stack: that is what they are about.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

import boto3
import pytest

from support.command_line import CommandLine
from support.stack import LocalStack, eventually, local_stack
from vtr_demo.api_calls import (
    Seller,
    cancel,
    cancellations,
    edits,
    first_statements,
    report_scans,
    submit,
)
from vtr_demo.books import Books
from vtr_demo.check import Check
from vtr_demo.desk import ZONE
from vtr_demo.play import account_of, wait_for_rates
from vtr_demo.shop import books_of
from vtr_local.aws import OWNER, REGION
from vtr_local.keys import ACCOUNT

pytestmark = pytest.mark.e2e
Document = dict[str, Any]
QUEUES = ("ScansQueueUrl", "RecountsQueueUrl")
WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def tell_in_any_order(seller: Seller, secret: str, books: Books, dice: Random) -> None:
    """Tell everything, shuffled: scans before what is scanned, edits before what they edit.

    A cancellation alone has to wait until its order is known.
    """
    scans = [scan for _, package in books.packages for scan in package.scans]
    statements = first_statements(books) + edits(books)
    report_scans(seller, secret, dice.sample(scans, len(scans)))
    submit(seller, dice.sample(statements, len(statements)))
    cancel(seller, cancellations(books))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with local_stack(tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture(scope="module")
def vtr(stack: LocalStack) -> CommandLine:
    return CommandLine(stack.home.root, {})


@pytest.fixture(scope="module")
def books() -> Books:
    return books_of(datetime.now(ZONE).date())


@pytest.fixture(scope="module")
def shop(books: Books) -> str:
    return account_of(books)


def put_a_package(stack: LocalStack, account: str) -> None:
    """Confirm a package that is not in the books."""
    placed = datetime.now(ZONE)
    package = {
        "carrier": "UPS",
        "tracking_number": "1Z999AA10123456784",
        "ship_date": placed.date().isoformat(),
        "order": {"placed_at": placed.isoformat(timespec="seconds"), "category": "toys"},
    }
    with Seller(stack.url, stack.create_key(account=account)) as seller:
        seller.put("/v1/orders/mine-1/packages/1", package)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  a shuffle that can be had again


def wait_until_nothing_waits(stack: LocalStack) -> None:
    """Wait until both queues are empty and stay so; what is recorded asks for recounts."""
    sqs: Any = boto3.client(
        "sqs",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )

    def empty() -> bool:
        return all(
            attributes[waiting] == "0"
            for queue in QUEUES
            for attributes in [
                sqs.get_queue_attributes(
                    QueueUrl=stack.record.outputs[queue], AttributeNames=list(WAITING)
                )["Attributes"]
            ]
            for waiting in WAITING
        )

    assert eventually(lambda: empty() and empty() and empty(), seconds=150)


def rates(vtr: CommandLine, key: str) -> Document:
    """What `vtr rates --json` prints, without when and for whom."""
    ran = vtr("rates", "--json", "--key", key)
    document: Document = json.loads(ran.out)
    return {name: value for name, value in document.items() if name not in {"as_of", "account"}}


def test_the_first_demo_ends_with_every_number_checked(vtr: CommandLine) -> None:
    ran = vtr("demo")
    assert ran.exit_code == 0, ran.err
    assert "checked: 6 rates, 9 reasons" in ran.out
    assert "equal a brute-force count over the shop's own books" in ran.out


def test_the_rates_equal_the_count_to_the_package(
    vtr: CommandLine, books: Books, shop: str
) -> None:
    document = json.loads(vtr("rates", "--json", "--key", shop).out)
    assert Check(books, document).rates() == []
    assert document["overall"]["packages"] > 200
    assert len(document["categories"]) == 5


def test_a_package_and_the_history_are_shown_as_the_api_answers_them(
    vtr: CommandLine, books: Books, shop: str
) -> None:
    order = books.orders[-1]
    shown = vtr("package", order.order_id, "--key", shop)
    assert shown.out.startswith(f"{order.order_id} / 1  ")
    assert "\n  Said " in shown.out
    overall = json.loads(vtr("rates", "--json", "--key", shop).out)["overall"]
    yesterday, today = vtr("rates", "--days", "2", "--key", shop).out.splitlines()
    assert yesterday < today
    assert today.endswith(f"{overall['exempt']} exempt of {overall['packages']}")


def test_a_second_demo_beside_ones_own_packages_changes_nothing(
    vtr: CommandLine, stack: LocalStack, shop: str
) -> None:
    before = rates(vtr, shop)
    put_a_package(stack, ACCOUNT)
    ran = vtr("demo")
    assert ran.exit_code == 0, ran.err
    wait_until_nothing_waits(stack)
    assert rates(vtr, shop) == before
    assert "mine-1 / 1" in vtr("packages").out


def test_telling_all_again_in_another_order_twice_changes_nothing(
    vtr: CommandLine, stack: LocalStack, books: Books, shop: str
) -> None:
    before = rates(vtr, shop)
    key = stack.create_key(account=shop)
    with Seller(stack.url, key) as seller:
        for seed in (1, 2):
            tell_in_any_order(seller, stack.record.webhook_secret, books, dice(seed))
    wait_until_nothing_waits(stack)
    assert rates(vtr, shop) == before


def test_a_new_account_told_in_another_order_comes_to_the_same(
    vtr: CommandLine, stack: LocalStack, books: Books, shop: str
) -> None:
    key = stack.create_key(account="other")
    with Seller(stack.url, key) as seller:
        tell_in_any_order(seller, stack.record.webhook_secret, books, dice(3))
        wait_for_rates(seller, books)
    wait_until_nothing_waits(stack)
    assert rates(vtr, key) == rates(vtr, shop)


def test_a_shop_with_other_packages_is_refused(
    vtr: CommandLine, stack: LocalStack, shop: str
) -> None:
    put_a_package(stack, shop)
    ran = eventually(lambda: (found := vtr("demo")).exit_code and found)
    assert ran
    assert "mine-1" in ran.err


def test_no_function_failed(stack: LocalStack) -> None:
    assert stack.function_errors() == []
