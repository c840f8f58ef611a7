"""An erased account leaves a receipt and the record of its keys, and touches no other account."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from support.builders import SHIP_DAY, UPS_NUMBER, UPS_NUMBER_2, a_scan, some_facts
from support.cut_off import every_cut
from support.erasing import OPERATOR, a_body, a_command, traces
from support.memory_world import World
from vtr.adapters.memory.accounts import MemoryAccounts
from vtr.domain.accounts import KeyEvent, Scope
from vtr.domain.erasures import Erasure, Subject
from vtr.domain.errors import AccountNotFoundError, ConflictError, UnauthenticatedError
from vtr.domain.packages import BucketKey
from vtr.domain.verdict import Reason
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.authenticate import caller_of
from vtr.use_cases.erase_account import erase_account
from vtr.use_cases.manage_keys import create_key, list_keys, open_account
from vtr.use_cases.manage_sources import add_source
from vtr.use_cases.preview_erasure import preview_account
from vtr.use_cases.recount import Recounted, recount

WORDS = ("acme", "111-0000002", "111-0000003", UPS_NUMBER_2)
RECORDED = {"keys", "erasures", "source_secrets"}
"""Where the account's name stays: on record, and over a place without secrets."""


def a_world() -> World:
    """Two accounts with a number in common, each with a key, a source and a body of its own."""
    world = World()
    other = world.another_account("bolt")
    for each in (world, other):
        each.confirm()
        each.write(each.report(SHIP_DAY, SHIP_DAY))
        add_source(each.ports, "standard", each.account.id)
        body = a_body(each, "{}", each.account.id, account=each.account.id)
        each.ports.archive.write([body])
    world.confirm(order_id="111-0000002", tracking_number=UPS_NUMBER_2)
    world.place(some_facts(), order_id="111-0000003")
    create_key(world.ports, world.account, [Scope.READ], world.now, by="arn:maker")
    create_key(world.ports, other.account, [Scope.READ], world.now)
    world.scan(a_scan())
    world.recount()
    return world


def erase(world: World, ports: Any = None, **options: Any) -> Erasure:
    command = a_command(world, **{"meanwhile": world.recount, **options})
    return erase_account(ports or world.ports, "acme", command)


def assert_only_the_other_is_left(world: World) -> None:
    assert set(traces(world.ports, *WORDS)) <= RECORDED
    assert world.ports.source_secrets.of("standard", "acme") == ()
    assert world.ports.accounts.get("acme") is None
    assert list(world.ports.orders.of_account("acme")) == []
    assert [key.account for key, _ in list_keys(world.ports, "acme")] == []
    other = world.another_account("bolt")
    other.now = world.now
    assert other.reason() is Reason.VALID
    assert other.counted(SHIP_DAY) == {Reason.VALID: 1}
    (report,) = other.ports.reports.of_account("bolt")
    assert set(other.ports.report_files.documents) == {report.document_key}
    assert other.ports.source_secrets.of("standard", "bolt")
    (batch,) = other.ports.archive.batches.values()
    assert [each.account for each in batch] == ["bolt"]
    assert [key.account for key, _ in list_keys(other.ports, "bolt")] == ["bolt"]


def test_nothing_but_the_receipt_and_the_record_of_its_keys_is_left() -> None:
    world = a_world()
    receipt = erase(world)
    assert set(traces(world.ports, "acme")) == RECORDED
    assert traces(world.ports, "111-0000002", UPS_NUMBER_2) == []
    assert receipt.erased == {
        "keys": 1,
        "orders": 3,
        "packages": 2,
        "reports": 1,
        "archived": 1,
        "quarantined": 0,
        "transferred": 0,
        "counts": 2,
        "ended_days": 0,
        "sources": 1,
        "accounts": 1,
    }


def test_another_account_keeps_everything() -> None:
    world = a_world()
    erase(world)
    assert_only_the_other_is_left(world)


@pytest.mark.parametrize("takes_effect", [False, True])
def test_a_run_that_is_cut_off_anywhere_is_completed_by_the_next(*, takes_effect: bool) -> None:
    def run(world: World, ports: Ports) -> None:
        erase(world, ports)

    worlds = list(every_cut(a_world, run, takes_effect=takes_effect))
    assert len(worlds) > 60
    for world in worlds:
        try:
            erase(world)
        except AccountNotFoundError:  # it was done but for the last word of the run
            assert takes_effect
        assert_only_the_other_is_left(world)
        (receipt,) = world.ports.erasures.of(Subject.ACCOUNT)
        assert receipt.ended_at
        assert receipt.erased["accounts"] == 1


def test_its_keys_end_before_anything_is_erased() -> None:
    world = a_world()
    token = create_key(world.ports, world.account, [Scope.READ], world.now)
    noted = []

    def try_the_key() -> None:
        with pytest.raises(UnauthenticatedError):
            caller_of(world.ports, f"Bearer {token}", world.now)
        noted.append(world.ports.orders.get("acme", "111-0000001") is not None)

    erase(world, meanwhile=try_the_key)
    assert noted == [True, True]
    changes = world.ports.keys.changes("acme")
    assert [c.by for c in changes if c.event is KeyEvent.REVOKED] == [OPERATOR, OPERATOR]


def test_a_closed_account_answers_no_key_and_counts_no_more() -> None:
    world = a_world()
    token = create_key(world.ports, world.account, [Scope.READ], world.now)
    world.ports.accounts.close("acme", world.now)
    with pytest.raises(UnauthenticatedError, match="closed"):
        caller_of(world.ports, f"Bearer {token}", world.now)
    world.ports.rates.delete_account("acme")
    bucket = BucketKey("acme", SHIP_DAY)
    assert recount(world.ports, Recount(bucket, reconcile=True), world.now) == Recounted()
    assert world.ports.rates.bucket(bucket) is None
    world.turn()
    assert world.ports.rates.bucket(bucket) is None


def test_a_report_of_a_closed_account_is_not_written() -> None:
    world = a_world()
    report = world.report(SHIP_DAY, SHIP_DAY)
    world.ports.accounts.close("acme", world.now)
    closed = world.ports.accounts.get("acme")
    assert closed
    world.account = closed
    assert world.write(report).finished_at is None


def test_an_order_that_was_on_its_way_when_the_account_was_closed_is_erased_too() -> None:
    world = a_world()
    late: list[object] = []

    def confirm_late() -> None:
        if not late:
            late.append(world.confirm(order_id="111-0000009"))

    erase(world, meanwhile=confirm_late)
    assert traces(world.ports, "111-0000009") == []


def test_an_account_that_somebody_changes_at_the_same_moment_is_closed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_world()
    close, conflicts = MemoryAccounts.close, [ConflictError("acme was written in between.")]

    def crossed(accounts: MemoryAccounts, account: str, at: datetime) -> None:
        if conflicts:
            raise conflicts.pop()
        close(accounts, account, at)

    monkeypatch.setattr(MemoryAccounts, "close", crossed)
    erase(world)
    assert_only_the_other_is_left(world)


def test_an_account_that_never_was_is_not_found() -> None:
    world = World()
    with pytest.raises(AccountNotFoundError, match="case-sensitive"):
        erase_account(world.ports, "nobody", a_command(world))
    assert world.ports.erasures.of(Subject.ACCOUNT) == []


def test_an_account_opened_anew_has_nothing_of_the_former() -> None:
    world = a_world()
    former = world.account.cursor_secret
    erase(world)
    world.account = open_account(world.ports, "acme", "amazon-us")
    assert world.account.cursor_secret != former
    world.passes(days=1)
    assert world.rate().overall.states == {} or not any(world.rate().overall.states.values())
    assert world.confirm(ship_date=SHIP_DAY + timedelta(days=1)).created


def test_a_preview_counts_and_changes_nothing() -> None:
    world = a_world()
    before = repr(traces(world.ports, *WORDS))
    assert preview_account(world.ports, "acme") == {
        "accounts": 1,
        "orders": 3,
        "packages": 2,
        "reports": 1,
        "keys": 1,
        "sources": 1,
    }
    assert repr(traces(world.ports, *WORDS)) == before
    assert UPS_NUMBER in repr(world.ports.parcels.__dict__)
