"""Times, zones, places and further numbers, as far as each can be read."""

from datetime import UTC, datetime, timedelta

import pytest

from vtr.domain.scans import TimeTrust
from vtr.sources.shared.places import NOWHERE, place_of
from vtr.sources.shared.scan_builder import TrackedNumber
from vtr.sources.shared.timestamps import read_offset, read_time, read_unplaced_time
from vtr.sources.shared.zones import can_be_ahead

NUMBER = "1Z5R8W200344719049"


@pytest.mark.parametrize(
    ("value", "hours"),
    [
        ("-7:00", -7),
        ("-07:00", -7),
        ("-07.00", -7),
        ("-0700", -7),
        ("+5.30", 5.5),
        ("+08", 8),
        ("0", None),
        ("-7:61", None),
        ("-\u0667:00", None),
        ("", None),
    ],
)
def test_an_offset_is_hours_and_minutes(value: str, hours: float | None) -> None:
    assert read_offset(value) == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("value", "trust", "unplaced"),
    [
        ("2026-11-20T10:00:00-05:00", TimeTrust.OFFSET, TimeTrust.OFFSET),
        ("2026-11-20T10:00:00Z", TimeTrust.OFFSET, TimeTrust.LOCAL),
        ("2026-11-20T10:00:00+00:00", TimeTrust.OFFSET, TimeTrust.LOCAL),
        ("2026-11-20T00:00:00Z", TimeTrust.OFFSET, TimeTrust.DATE),
        ("2026-11-20T10:00:00", TimeTrust.LOCAL, TimeTrust.LOCAL),
        ("2026-11-20T00:00:00", TimeTrust.DATE, TimeTrust.DATE),
        ("2026-11-20T00:00:01", TimeTrust.LOCAL, TimeTrust.LOCAL),
        ("2026-11-20", TimeTrust.DATE, TimeTrust.DATE),
    ],
)
def test_how_far_a_time_is_to_be_trusted(value: str, trust: str, unplaced: str) -> None:
    placed, nowhere = read_time(value), read_unplaced_time(value)
    assert placed is not None
    assert nowhere is not None
    assert (placed.trust, nowhere.trust) == (trust, unplaced)


@pytest.mark.parametrize(
    ("month", "hours", "country", "state", "possible"),
    [
        (11, -8, "US", "CA", True),
        (9, -7, "US", "CA", True),
        (9, -5, "US", "CA", False),
        (1, -7, "US", "CA", False),
        (7, -6, "US", "AZ", True),
        (7, -7, "US", "AZ", True),
        (7, -9, "US", "HI", False),
        (7, 10, "US", "GU", True),
        (7, 0, "US", "NY", False),
        (7, 0, "GB", "", False),
        (7, 0, "IS", "", True),
        (7, 5.75, "NP", "", True),
        (7, 5.7, "NP", "", False),
        (7, 15, "NZ", "", False),
        (7, -5, "US", "Ontario", True),
        (7, -5, "", "", True),
    ],
)
def test_the_clock_of_a_place(
    month: int,
    hours: float,
    country: str,
    state: str,
    possible: bool,  # noqa: FBT001
) -> None:
    utc = datetime(2026, month, 16, 12, tzinfo=UTC)
    assert can_be_ahead(utc + timedelta(hours=hours), utc, country, state) is possible


@pytest.mark.parametrize(
    ("parts", "said", "location"),
    [
        (("Memphis", "TN", "38118-1234", "us"), "Memphis, TN, 38118-1234, us", "US 38118"),
        (("Memphis", "TN", "", "US"), "Memphis, TN, US", "MEMPHIS, TN"),
        (("Memphis", "TN", "38118", ""), "Memphis, TN, 38118", "MEMPHIS, TN"),
        (("Bonn", "", "53113", "DEU"), "Bonn, 53113, DEU", "DE 53113"),
        (("Toronto", "ON", "m5v  2t6", "Canada"), "Toronto, ON, m5v  2t6, Canada", "CA M5V 2T6"),
        (("Shenzhen", "", "", "CN"), "Shenzhen, CN", "SHENZHEN, CN"),
        (("", "", "", "CN"), "CN", ""),
        (("Bonn", "", "", ""), "Bonn", ""),
        (("Bonn", "", "53113", "Federal Republic"), "Bonn, 53113, Federal Republic", ""),
        ((None, 7, [], {}), "7", ""),
    ],
)
def test_a_place_is_shown_whole_and_compared_by_the_least(
    parts: tuple[object, ...], said: str, location: str
) -> None:
    assert place_of(*parts) == (said, location)


def test_a_place_without_a_country_is_at_home() -> None:
    assert place_of("DALLAS", "TX", "75001", None, home="US").location == "US 75001"
    assert place_of("", "", "", "", home="US") == NOWHERE


def test_what_is_written_freely_is_shown_and_not_compared() -> None:
    assert place_of("", "", "", "US", free="Memphis hub") == ("Memphis hub, US", "")


def test_further_numbers_of_a_parcel() -> None:
    others = ("9400 1056 0020 0300 4006 15", NUMBER.lower(), "123456", "UNKNOWNNUMBER", "9" * 41)
    found = TrackedNumber(source="ups", carrier="ups", number=NUMBER, other_numbers=others)
    assert found.other_numbers == ("9400105600200300400615",)
    many = tuple(f"ABC{number:08}" for number in range(10_000))
    found = TrackedNumber(source="ups", carrier="ups", number=NUMBER, other_numbers=many)
    assert found.other_numbers == many[:4]


def test_a_number_as_another_carrier_has_it() -> None:
    yanwen = TrackedNumber(
        source="aftership", carrier="yanwen", number="AC550032883YN", other_numbers=(NUMBER,)
    )
    assert yanwen.by("yanwen", NUMBER) is yanwen
    assert yanwen.by("ups").number == "AC550032883YN"
    ups = yanwen.by("ups", NUMBER)
    assert (ups.carrier, ups.number, ups.other_numbers) == ("ups", NUMBER, ("AC550032883YN",))
