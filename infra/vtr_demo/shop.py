"""Five weeks of a shop in Eugene, Oregon, that sells books, toys and garden benches.

Sixty orders a week, three hundred in all, and the same small misfortunes every week: the blank
form on Monday, cousin Eddie's van on Wednesday, the customer's old number on Saturday. Chance
decides the rest, seeded by the date: a day is the same whenever it is generated, today's books
begin with yesterday's, and no two machines disagree.

The books are closed at midnight. Later events are left out: the youngest packages are still on
their way, and their corrections are not yet made.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from vtr.domain.policies import Waiver
from vtr_demo.books import Books, Order, Package
from vtr_demo.desk import ZONE, Desk
from vtr_demo.misfortunes import (
    blank_number,
    carrier_from_abroad,
    cousins_van,
    never_scanned,
    number_of_an_old_package,
    same_day_courier,
    scan_taken_back,
    still_on_the_shelf,
    two_numbers_in_one_field,
    typo,
    typo_corrected_too_late,
    usps_typed_for_ups,
)
from vtr_demo.stories import (
    Story,
    box_for_two,
    by_ontrac,
    carrier_corrected,
    garden_bench,
    label_of_the_marketplace,
    misses_the_van,
    number_used_before,
    ordinary,
    rides_along,
    slow_start,
    trading_card,
    typed_in_groups,
    typo_corrected,
)

DAYS = 35
CATEGORIES = ("books", "electronics", "garden", "kitchen", "toys")


class Sale(NamedTuple):
    """One order of the week: its category, and how its packages fare."""

    category: str
    stories: tuple[Story, ...]
    cancelled: bool = False


MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

# Orders a day: sixty a week.
ORDERS = (10, 9, 9, 8, 9, 8, 7)

# What happens every week, by day; all other orders are ordinary.
EVERY_WEEK = {
    MONDAY: (
        Sale("toys", (blank_number,)),
        Sale("electronics", (typo,)),
        Sale("electronics", (typo_corrected,)),
        Sale("garden", (slow_start,)),
        Sale("books", (ordinary, ordinary)),
    ),
    TUESDAY: (
        Sale("toys", (usps_typed_for_ups,)),
        Sale("toys", (two_numbers_in_one_field,)),
        Sale("toys", (trading_card,)),
        Sale("kitchen", (ordinary,), cancelled=True),
    ),
    WEDNESDAY: (
        Sale("garden", (cousins_van,)),
        Sale("electronics", (carrier_corrected,)),
        Sale("garden", (slow_start,)),
        Sale("kitchen", (ordinary, ordinary)),
    ),
    THURSDAY: (
        Sale("electronics", (carrier_from_abroad,)),
        Sale("garden", (garden_bench,)),
        Sale("books", (by_ontrac,)),
        Sale("kitchen", (by_ontrac,)),
    ),
    FRIDAY: (
        Sale("garden", (never_scanned,)),
        Sale("toys", (misses_the_van,)),
        Sale("toys", (by_ontrac,)),
        Sale("electronics", (by_ontrac,)),
        Sale("books", (typed_in_groups,)),
        Sale("kitchen", (slow_start,)),
    ),
    SATURDAY: (
        Sale("toys", (number_of_an_old_package,)),
        Sale("toys", (trading_card,)),
        Sale("kitchen", (ordinary, label_of_the_marketplace)),
    ),
    SUNDAY: (
        Sale("books", (box_for_two,)),
        Sale("books", (rides_along,)),
        Sale("electronics", (number_used_before,)),
        Sale("toys", (slow_start,)),
        Sale("garden", (ordinary,), cancelled=True),
    ),
}
EVEN_WEEKS = {
    WEDNESDAY: (Sale("electronics", (same_day_courier,)),),
    THURSDAY: (Sale("kitchen", (never_scanned,)),),
    SATURDAY: (Sale("garden", (still_on_the_shelf,)),),
}
ODD_WEEKS = {
    WEDNESDAY: (Sale("electronics", (typo_corrected_too_late,)),),
    SATURDAY: (Sale("garden", (scan_taken_back,)),),
}

# Every fourth week an ice storm closes OnTrac's roads on Thursday and Friday.
STORM_EVERY = 28
STORM_BEGINS, STORM_DAYS = 11, 2


def books_of(today: date) -> Books:
    """Return the books of the 35 days before *today*, as of midnight."""
    midnight = datetime.combine(today, time(), ZONE)
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    orders = [_as_of(midnight, order) for day in days for order in _orders(day)]
    return Books(today=today, orders=tuple(orders), waivers=tuple(_storms(days)))


def _orders(day: date) -> Iterator[Order]:
    dice = Random(f"a shop in Eugene, {day}")  # noqa: S311  the same day must give the same books
    for number, sale in enumerate(_sales(day, dice)):
        running = day.toordinal() % 10_000 * 1000 + number * 10
        packages = tuple(
            replace(
                story(Desk(day, running + 2 * place, dice)),
                story=story.__name__,
                package_id=str(place + 1),
            )
            for place, story in enumerate(sale.stories)
        )
        desk = Desk(day, running, dice)
        yield Order(
            order_id=f"114-{day.toordinal():07}-{dice.randrange(10**5):05}{number:02}",
            category=sale.category,
            placed_at=desk.at(-1, dice.randint(8, 22)),
            promised=day + timedelta(days=dice.randint(5, 8)),
            value=_value(packages, dice),
            packages=packages,
            cancelled_at=desk.at(2, 11) if sale.cancelled else None,
        )


def _sales(day: date, dice: Random) -> Iterator[Sale]:
    weekday, week = day.weekday(), day.toordinal() // 7
    planned = EVERY_WEEK[weekday] + (ODD_WEEKS if week % 2 else EVEN_WEEKS).get(weekday, ())
    yield from planned
    for _ in range(ORDERS[weekday] - len(planned)):
        yield Sale(dice.choice(CATEGORIES), (ordinary,))


def _value(packages: tuple[Package, ...], dice: Random) -> str:
    cheap = any(package.method_class == "letter" for package in packages)
    return f"{dice.randint(2, 8) if cheap else dice.randint(12, 180)}.90"


def _storms(days: list[date]) -> Iterator[Waiver]:
    """Yield the marketplace's waivers for the storms that touch these days."""
    for day in days:
        if day.toordinal() % STORM_EVERY == STORM_BEGINS:
            yield Waiver(
                name=f"ice-storm-{day}",
                first_day=day,
                last_day=day + timedelta(days=STORM_DAYS - 1),
                carriers=frozenset({"ontrac"}),
            )


def _as_of(midnight: datetime, order: Order) -> Order:
    """Return the order as far as it had come by then."""
    packages = tuple(
        replace(
            package,
            statements=tuple(said for said in package.statements if said.at < midnight),
            scans=tuple(scan for scan in package.scans if scan.at < midnight),
        )
        for package in order.packages
    )
    cancelled = order.cancelled_at is not None and order.cancelled_at < midnight
    return replace(order, packages=packages, cancelled_at=order.cancelled_at if cancelled else None)
