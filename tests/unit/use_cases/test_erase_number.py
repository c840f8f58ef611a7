"""Bodies about a number are erased; what was judged by them stays."""

from datetime import timedelta

from support.builders import UPS_NUMBER, UPS_NUMBER_2, USPS_NUMBER, a_scan
from support.erasing import a_body, a_command, traces
from support.memory_world import World
from vtr.domain.erasures import Days, Subject
from vtr.domain.verdict import Reason
from vtr.use_cases.erase_number import count_bodies, erase_number


def a_world() -> World:
    world = World()
    world.confirm()
    world.scan(a_scan(other_numbers=(USPS_NUMBER,)))
    texts = {"own": UPS_NUMBER, "linked": USPS_NUMBER, "other": UPS_NUMBER_2}
    world.ports.archive.write([a_body(world, text, each) for each, text in texts.items()])
    return world


def today(world: World) -> Days:
    return Days(world.now.date(), world.now.date())


def bodies(world: World) -> list[str]:
    return [each.delivery_id for batch in world.ports.archive.batches.values() for each in batch]


def test_bodies_about_any_number_of_the_parcel_go_and_no_verdict_changes() -> None:
    world = a_world()
    receipt = erase_number(world.ports, "1z 999 aa1 01 2345 6784", today(world), a_command(world))
    assert bodies(world) == ["other"]
    assert receipt.erased["archived"] == 2
    assert world.reason() is Reason.VALID
    assert "archive" not in traces(world.ports, UPS_NUMBER, USPS_NUMBER)


def test_days_outside_the_range_are_left_alone() -> None:
    world = a_world()
    day = world.now.date() + timedelta(days=1)
    erase_number(world.ports, UPS_NUMBER, Days(day, day), a_command(world))
    assert len(bodies(world)) == 3


def test_counting_erases_nothing() -> None:
    world = a_world()
    assert count_bodies(world.ports, UPS_NUMBER, today(world), a_command(world)).archived == 2
    assert len(bodies(world)) == 3
    assert world.ports.erasures.of(Subject.NUMBER) == []


def test_a_short_number_is_found_where_a_decoder_reads_it() -> None:
    world = World()
    world.ports.archive.write([a_body(world, "PARCEL 12345678", "short")])
    decode = lambda _: [a_scan(carrier="dpd", number="12345678")]  # noqa: E731 - a decoder of one scan
    erase_number(world.ports, "12345678", today(world), a_command(world))
    assert bodies(world) == ["short"]
    erase_number(world.ports, "12345678", today(world), a_command(world, decode=decode))
    assert bodies(world) == []


def test_a_number_that_only_a_scans_other_numbers_have_is_found() -> None:
    world = World()
    world.ports.archive.write([a_body(world, "{}", "linked")])
    decode = lambda _: [a_scan(number=UPS_NUMBER_2, other_numbers=("12345678",))]  # noqa: E731 - a decoder of one scan
    erase_number(world.ports, "12345678", today(world), a_command(world, decode=decode))
    assert bodies(world) == []


def test_the_receipt_is_of_no_account_and_does_not_name_the_number() -> None:
    world = a_world()
    receipt = erase_number(world.ports, UPS_NUMBER, today(world), a_command(world))
    assert world.ports.erasures.of(Subject.NUMBER) == [receipt]
    assert receipt.account == ""
    assert UPS_NUMBER not in repr(receipt)
    assert receipt.stays[-1].until is None


def test_every_spelling_has_one_receipt() -> None:
    world = a_world()
    one = erase_number(world.ports, UPS_NUMBER, today(world), a_command(world))
    other = erase_number(world.ports, "1z 999 AA10123456784", today(world), a_command(world))
    assert one.digest == other.digest
