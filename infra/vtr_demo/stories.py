"""Stories of most packages: they arrive and count, or they do not have to.

A story packs one package at a desk. It returns what the shop stated and what the carrier did.
"""

from collections.abc import Callable
from datetime import timedelta

from vtr_demo import labels
from vtr_demo.books import Package, Scan, Statement
from vtr_demo.desk import HOME, Desk
from vtr_demo.labels import Label, mistyped

Story = Callable[[Desk], Package]

ORDINARY = (
    labels.usps, labels.usps, labels.usps, labels.usps_certified, labels.usps_abroad,
    labels.ups, labels.ups, labels.fedex, labels.fedex_ground, labels.dhl,
    labels.amazon, labels.canada_post,
)  # fmt: skip


def ordinary(desk: Desk) -> Package:
    """Packed, scanned at the door or at the depot the day after, delivered."""
    label = desk.print(desk.dice.choice(ORDINARY))
    scans = desk.journey(label, handed_over=desk.dice.choice((0, 0, 0, 1)))
    return packed(label, desk.says(label.carrier, label.number), scans=scans)


def slow_start(desk: Desk) -> Package:
    """The depot scans the package two days after it leaves the shop."""
    label = desk.print(labels.usps)
    return packed(
        label, desk.says(label.carrier, label.number), scans=desk.journey(label, handed_over=2)
    )


def by_ontrac(desk: Desk) -> Package:
    label = desk.print(labels.ontrac)
    return packed(label, desk.says(label.carrier, label.number), scans=desk.journey(label))


def label_of_the_marketplace(desk: Desk) -> Package:
    """Bought from the marketplace, which then knows the number before anybody types it."""
    label = desk.print(labels.ups)
    said = desk.says(label.carrier, label.number, at=desk.at(0, 9))
    return packed(label, said, scans=desk.journey(label), label_source="marketplace")


def typed_in_groups(desk: Desk) -> Package:
    """Blanks and hyphens, as the number is printed on the label; they are dropped."""
    label = desk.print(labels.usps)
    groups = [label.number[start : start + 4] for start in range(0, len(label.number), 4)]
    return packed(
        label, desk.says("usps", desk.dice.choice(" -").join(groups)), scans=desk.journey(label)
    )


def number_used_before(desk: Desk) -> Package:
    """FedEx had this number on another package half a year ago; now it is on this one."""
    label = desk.print(labels.fedex)
    return packed(
        label,
        desk.says("fedex", label.number),
        scans=(*long_ago(desk, label, days=180), *desk.journey(label)),
    )


def misses_the_van(desk: Desk) -> Package:
    """Too late for today's van: the ship date is corrected the same evening."""
    label = desk.print(labels.fedex_ground)
    tomorrow = desk.day + timedelta(days=1)
    return packed(
        label,
        desk.says("fedex", label.number),
        desk.says("fedex", label.number, at=desk.at(0, 21), ship_date=tomorrow),
        scans=desk.journey(label, handed_over=1),
    )


def typo_corrected(desk: Desk) -> Package:
    """A digit is misread, and corrected the next morning."""
    label = desk.print(labels.ups)
    return packed(
        label,
        desk.says("ups", mistyped(label.number)),
        desk.says("ups", label.number, at=desk.at(1, 9)),
        scans=desk.journey(label),
    )


def carrier_corrected(desk: Desk) -> Package:
    """The form still says USPS from the day before; then somebody looks."""
    label = desk.print(labels.ups)
    return packed(
        label,
        desk.says("usps", label.number),
        desk.says("ups", label.number, at=desk.at(1, 9)),
        scans=desk.journey(label),
    )


def box_for_two(desk: Desk) -> Package:
    """Two orders of one customer travel in one box. This one has the box."""
    label = _box(desk)
    return packed(label, desk.says(label.carrier, label.number), scans=desk.journey(label))


def rides_along(desk: Desk) -> Package:
    """And this order has the same number: the box is one parcel."""
    label = _box(desk)
    return packed(label, desk.says(label.carrier, label.number))


def trading_card(desk: Desk) -> Package:
    """A card in a stamped envelope, below ten dollars: there is no number to give."""
    return packed(None, desk.says("usps", ""), method_class="letter")


def garden_bench(desk: Desk) -> Package:
    """Freight, on a pallet."""
    label = desk.print(labels.fedex_freight)
    return packed(label, desk.says("fedex_freight", label.number), method_class="freight")


def packed(
    label: Label | None,
    *statements: Statement,
    scans: tuple[Scan, ...] = (),
    method_class: str = "parcel",
    label_source: str = "seller",
) -> Package:
    return Package(
        labels=(label,) if label else (),
        statements=statements,
        scans=scans,
        method_class=method_class,
        label_source=label_source,
    )


def long_ago(desk: Desk, label: Label, *, days: int) -> tuple[Scan, ...]:
    return (
        Scan(label, desk.at(-days, 16), "accepted", HOME),
        Scan(label, desk.at(3 - days, 14), "delivered", "Reno, NV"),
    )


def _box(desk: Desk) -> Label:
    """Return the day's shared box, which has the last running number of its day."""
    return labels.ups(desk.running - desk.running % 1000 + 999)
