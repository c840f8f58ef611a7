"""A replay hands out what was archived; a look ahead says what it would change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from support.builders import PLACED, a_label, a_scan
from support.memory_world import World
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Milestone, Physical, Scan
from vtr.domain.verdict import Reason
from vtr.use_cases.replay import preview_replay, replay

FIRST = date(2026, 3, 3)
UNKNOWN = replace(a_scan(Milestone.UNKNOWN), physical=Physical.AMBIGUOUS)
Decode = Callable[[AcceptedDelivery], list[Scan]]


def delivery(name: str, *, days: int = 0, source: str = "ups") -> AcceptedDelivery:
    received = PLACED + timedelta(days=1 + days)
    return AcceptedDelivery(
        source=source, body=name.encode(), delivery_id=name, received_at=received, account="acme"
    )


@pytest.fixture
def world() -> World:
    world = World()
    world.ports.archive.write([delivery("a"), delivery("b")])
    world.ports.archive.write([delivery("c", days=1), delivery("d", days=1, source="fedex")])
    world.ports.archive.write([delivery("e", days=2)])
    return world


@pytest.mark.parametrize(
    ("days", "source", "expected"),
    [(0, "", "ab"), (1, "", "abcd"), (2, "", "abcde"), (2, "fedex", "d"), (-1, "", "")],
)
def test_a_replay_hands_out_what_the_days_and_the_source_received(
    world: World, days: int, source: str, expected: str
) -> None:
    assert replay(world.ports, FIRST, FIRST + timedelta(days=days), source) == len(expected)
    sent = world.ports.deliveries.sent
    assert "".join(each.delivery.delivery_id for each in sent) == expected
    assert all(each.archived and each.delivery.account == "acme" for each in sent)


def test_a_delivery_is_the_marketplaces_own_unless_it_names_an_account() -> None:
    kept = AcceptedDelivery(source="ups", body=b"", delivery_id="1", received_at=PLACED)
    assert (kept.account, kept.proof) == ("", ())


def test_a_replay_that_names_no_source_is_of_all(world: World) -> None:
    assert replay(world.ports, FIRST, FIRST + timedelta(days=1)) == 4


def turned(world: World, decode: Decode) -> list[tuple[str, Reason, Reason]]:
    last = FIRST + timedelta(days=9)
    found = preview_replay(world.ports, FIRST, last, "", decode, world.now)
    return [
        (each.before.confirmation.order_id, each.before.verdict.reason, each.after.verdict.reason)
        for each in found
    ]


def test_a_code_that_is_known_by_now_turns_the_packages_it_proves(world: World) -> None:
    world.confirm()
    world.scan(UNKNOWN)
    known = replace(UNKNOWN, physical=Physical.YES)
    assert turned(world, lambda _: [known]) == [("111-0000001", Reason.LABEL_ONLY, Reason.VALID)]
    assert world.reason() is Reason.LABEL_ONLY
    world.scan(known)
    assert world.reason() is Reason.VALID
    assert turned(world, lambda _: [known]) == []


def test_what_was_recorded_before_changes_nothing(world: World) -> None:
    world.confirm()
    world.scan(a_label(), a_scan())
    assert turned(world, lambda _: [a_label(), a_scan(), a_scan(test=True)]) == []


def test_a_parcel_that_nobody_claims_turns_no_package(world: World) -> None:
    assert turned(world, lambda _: [a_scan()]) == []


def test_deliveries_are_judged_together_in_any_order(world: World) -> None:
    world.confirm()
    says = {b"a": [a_label()], b"e": [a_scan()]}
    expected = [("111-0000001", Reason.NO_SCAN, Reason.VALID)]
    assert turned(world, lambda each: says.get(each.body, [])) == expected
