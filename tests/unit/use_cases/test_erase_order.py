"""An erased order leaves no word of what its seller said, and no count of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from support.builders import SHIP_DAY, UPS_NUMBER, UPS_NUMBER_2, a_scan, some_facts
from support.cut_off import every_cut
from support.erasing import OPERATOR, a_body, a_command, traces
from support.memory_world import World
from vtr.domain.erasures import WRITERS_END, Erasure, Subject, digest_of
from vtr.domain.errors import (
    InvalidRequestError,
    OrderBeingErasedError,
    OrderFactsMissingError,
    OrderNotFoundError,
    PackageNotFoundError,
    ReportExpiredError,
)
from vtr.domain.packages import BucketKey, parcel_numbered
from vtr.domain.reports import ReportStatus
from vtr.domain.verdict import Reason, State
from vtr.ports import Ports
from vtr.use_cases.archive_day import archive_day
from vtr.use_cases.erase_order import clear_order, erase_order, forget_order
from vtr.use_cases.manage_keys import open_account
from vtr.use_cases.preview_erasure import preview_order
from vtr.use_cases.read_report import report_url
from vtr.use_cases.record_scans import record_scans

ORDER, OTHER = "111-0000001", "111-0000002"
NEXT_DAY = SHIP_DAY + timedelta(days=1)


def a_world() -> World:
    """Two orders; one package has had two numbers and two days, and shares one with the other."""
    world = World()
    world.confirm(tracking_number=UPS_NUMBER_2)
    world.confirm(tracking_number=UPS_NUMBER, ship_date=NEXT_DAY)
    world.confirm(package_id="2", ship_date=NEXT_DAY)
    world.confirm(order_id=OTHER, tracking_number=UPS_NUMBER, ship_date=NEXT_DAY)
    world.scan(a_scan())
    world.recount()
    return world


def erase(world: World, ports: Any = None, **options: Any) -> Erasure:
    return erase_order(ports or world.ports, world.account, ORDER, a_command(world, **options))


def test_nothing_that_was_said_is_left_and_nothing_of_it_is_counted() -> None:
    world = a_world()
    assert world.counted(NEXT_DAY) == {Reason.VALID: 3}
    erase(world)
    assert traces(world.ports, ORDER) == []
    assert world.counted(NEXT_DAY) == {Reason.VALID: 1}
    assert [package.confirmation.order_id for package in world.all_listed()] == [OTHER]
    with pytest.raises(PackageNotFoundError):
        world.package()


def test_the_rate_is_right_before_the_erasure_has_ended() -> None:
    world = a_world()
    clear_order(world.ports, world.account, ORDER, world.now)
    assert world.counted(NEXT_DAY) == {Reason.VALID: 1}
    assert len(world.all_listed()) == 1


def test_scans_stay_with_the_number_they_are_of() -> None:
    world = a_world()
    erase(world)
    parcel = world.ports.parcels.get(parcel_numbered(UPS_NUMBER))
    assert parcel.evidence.periods
    assert [claim.order_id for claim in parcel.claims] == [OTHER]


def test_a_number_of_which_nobody_says_anything_any_more_is_deleted() -> None:
    world = a_world()
    erase(world)
    assert traces(world.ports, UPS_NUMBER_2) == []


def test_an_order_without_packages_is_erased_too() -> None:
    world = World()
    world.place(some_facts())
    assert erase(world).erased["orders"] == 1
    assert traces(world.ports, ORDER) == []


def test_an_order_that_never_was_is_not_found() -> None:
    world = World()
    with pytest.raises(OrderNotFoundError, match="no order"):
        erase(world)
    assert world.ports.erasures.of(Subject.ORDER) == []


def test_anothers_order_of_the_same_id_stays() -> None:
    world = a_world()
    other = world.another_account("bolt")
    other.confirm()
    erase(world)
    assert other.reason() is Reason.VALID
    assert other.states() == {State.VALID: 1}
    with pytest.raises(OrderNotFoundError):
        erase_order(
            world.ports, open_account(world.ports, "crane", "amazon-us"), ORDER, a_command(world)
        )


def test_while_it_is_erased_nobody_changes_or_reads_the_order() -> None:
    world = a_world()
    clear_order(world.ports, world.account, ORDER, world.now)
    with pytest.raises(OrderBeingErasedError, match=r"half an hour"):
        world.confirm()
    with pytest.raises(OrderBeingErasedError):
        world.cancel()
    with pytest.raises(OrderBeingErasedError):
        world.place(some_facts())
    with pytest.raises(PackageNotFoundError):
        world.package()


def test_confirmed_again_afterwards_it_is_a_new_order() -> None:
    world = a_world()
    erase(world)
    with pytest.raises(OrderFactsMissingError):
        world.confirm(facts=None)
    assert world.confirm().created
    assert world.reason() is Reason.VALID
    assert world.counted(SHIP_DAY) == {Reason.VALID: 1}


def test_a_night_between_clearing_and_forgetting_brings_nothing_back() -> None:
    world = a_world()
    erase(world, meanwhile=world.turn)
    assert traces(world.ports, ORDER) == []
    world.turn()
    assert traces(world.ports, ORDER) == []


def test_a_writer_who_read_before_it_was_cleared_brings_nothing_back() -> None:
    """A scan is recorded by claims, and a submission writes its rows, as they read them before."""
    world = a_world()
    stale = world.ports.parcels.get(parcel_numbered(UPS_NUMBER))
    rows = [
        row
        for day in (SHIP_DAY, NEXT_DAY)
        for row in world.ports.packages.page((world.account.id, day, 0)).rows  # type: ignore[arg-type]
    ]

    def write_late() -> None:
        for row in rows:
            world.ports.packages.put(replace(row, parcel_version=row.parcel_version + 5))
        for claim in stale.claims.values():
            parcel = world.ports.parcels.get(parcel_numbered(UPS_NUMBER))
            if (changed := parcel.claimed(claim)) != parcel:
                world.ports.parcels.save(changed)

    erase(world, meanwhile=write_late)
    assert traces(world.ports, ORDER) == []
    assert world.counted(NEXT_DAY) == {Reason.VALID: 1}


def test_scans_that_come_meanwhile_reach_the_packages_that_stay() -> None:
    world = a_world()
    world.confirm(order_id="111-0000003", tracking_number=UPS_NUMBER_2)
    scan = a_scan(number=UPS_NUMBER_2)
    erase(world, meanwhile=lambda: record_scans(world.ports, [scan], world.now))
    assert world.reason("111-0000003") is Reason.VALID
    assert traces(world.ports, ORDER) == []


@pytest.mark.parametrize("takes_effect", [False, True])
def test_a_run_that_is_cut_off_anywhere_is_completed_by_the_next(*, takes_effect: bool) -> None:
    def begin() -> World:
        world = a_world()
        world.ports.archive.write([a_body(world, UPS_NUMBER, "mine")])
        world.write(world.report(SHIP_DAY, NEXT_DAY))
        return world

    def run(world: World, ports: Ports) -> None:
        erase(world, ports)

    worlds = list(every_cut(begin, run, takes_effect=takes_effect))
    assert len(worlds) > 40
    for world in worlds:
        try:
            erase(world)
        except OrderNotFoundError:  # it was done but for the last word of the run
            assert takes_effect
        assert traces(world.ports, ORDER) == []
        assert world.ports.report_files.documents == {}
        assert world.counted(NEXT_DAY) == {Reason.VALID: 1}
        (receipt,) = world.ports.erasures.of(Subject.ORDER)
        assert receipt.ended_at
        assert receipt.erased["orders"] == 1


def test_bodies_about_its_parcels_go_and_others_stay() -> None:
    world = World()
    world.confirm()
    bodies = {
        "plain": f'{{"number": "{UPS_NUMBER}", "name": "Ann"}}',
        "grouped": "Parcel 1Z 999 AA1 01 2345 6784 for Ann",
        "other": f'{{"number": "{UPS_NUMBER_2}"}}',
    }
    world.ports.archive.write([a_body(world, text, each) for each, text in bodies.items()])
    world.ports.archive.quarantine(a_body(world, bodies["plain"], "unreadable"))
    receipt = erase(world)
    (batch,) = world.ports.archive.batches.values()
    assert [each.delivery_id for each in batch] == ["other"]
    assert world.ports.archive.quarantined == {}
    assert (receipt.erased["archived"], receipt.erased["quarantined"]) == (2, 1)


def test_bodies_about_a_number_that_another_account_claims_stay_unless_told_otherwise() -> None:
    world = World()
    world.confirm()
    world.another_account("bolt").confirm()
    world.ports.archive.write([a_body(world, UPS_NUMBER, "both")])
    assert erase(world).erased["archived"] == 0
    world.confirm()
    assert erase(world, shared=True).erased["archived"] == 1


def test_reports_that_may_have_a_line_of_it_lose_their_documents() -> None:
    world = a_world()
    mine = world.write(world.report(SHIP_DAY, NEXT_DAY))
    before = SHIP_DAY - timedelta(days=1)
    elsewhere = world.write(world.report(before, before))
    other_category = world.write(world.report(SHIP_DAY, NEXT_DAY, "Pets"))
    waiting = world.report(SHIP_DAY, NEXT_DAY)
    assert erase(world).erased["reports"] == 1
    assert set(world.ports.report_files.documents) == {
        elsewhere.document_key,
        other_category.document_key,
    }
    with pytest.raises(ReportExpiredError, match="Request the report anew"):
        report_url(world.ports, world.account, mine.id, world.now)
    assert world.write(waiting).status is ReportStatus.DONE
    assert [line["Order ID"] for line in world.document(waiting)] == [OTHER]


def test_the_receipt_says_what_went_and_what_stays_and_repeats_nothing() -> None:
    world = a_world()
    began = world.now
    receipt = erase(world)
    assert world.ports.erasures.of(Subject.ORDER) == [receipt]
    assert receipt.digest == digest_of(Subject.ORDER, "acme", ORDER)
    assert (receipt.by, receipt.began_at) == (OPERATOR, began)
    assert receipt.ended_at == began + WRITERS_END
    assert (receipt.erased["orders"], receipt.erased["packages"]) == (1, 2)
    until = dict(receipt.stays)
    assert until["backups of the tables"] == world.now + timedelta(days=35)
    assert ORDER not in repr(receipt)


def test_the_places_are_held_until_the_order_is_forgotten() -> None:
    world = a_world()
    order = clear_order(world.ports, world.account, ORDER, world.now)
    assert traces(world.ports, ORDER) == ["orders", "parcels", "packages"]
    forget_order(world.ports, world.account, order, world.now)
    assert traces(world.ports, ORDER) == ["orders"]


def an_ended_day(world: World) -> BucketKey:
    """The day on which the order was counted has ended and is archived."""
    world.passes(days=420)
    bucket = BucketKey("acme", NEXT_DAY)
    assert archive_day(world.ports, bucket, world.now).packages
    return bucket


def test_its_lines_in_the_archive_of_ended_days_go() -> None:
    world = a_world()
    bucket = an_ended_day(world)
    assert erase(world).erased["ended"] == 2
    assert {each.confirmation.order_id for each in world.ports.ended_days.read(bucket)} == {OTHER}
    assert traces(world.ports, ORDER) == []


def test_an_order_that_has_expired_is_erased_from_the_archive_of_ended_days() -> None:
    world = a_world()
    bucket = an_ended_day(world)
    order = world.ports.orders.get("acme", ORDER)
    assert order
    world.ports.orders.delete(order)
    assert preview_order(world.ports, world.account, ORDER, a_command(world)) == {"ended_days": 1}
    assert erase(world).erased["ended"] == 2
    assert {each.confirmation.order_id for each in world.ports.ended_days.read(bucket)} == {OTHER}
    with pytest.raises(OrderNotFoundError):
        erase(world)


def test_an_order_that_is_held_is_not_erased_before_the_hold_is_removed() -> None:
    world = a_world()
    order = world.ports.orders.get("acme", ORDER)
    assert order
    until = world.now.date() + timedelta(days=1)
    held = world.ports.orders.save(replace(order, held_until=until))
    with pytest.raises(InvalidRequestError, match="Remove the hold first"):
        erase(world)
    assert world.ports.orders.get("acme", ORDER) == held
