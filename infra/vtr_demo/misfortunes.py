"""Stories of the packages that do not count, each for its own reason."""

from vtr_demo import labels
from vtr_demo.books import Package, Scan
from vtr_demo.desk import HOME, Desk
from vtr_demo.labels import mistyped
from vtr_demo.stories import long_ago, packed


def blank_number(desk: Desk) -> Package:
    """The form is sent off before the label is printed."""
    label = desk.print(labels.usps)
    return packed(label, desk.says("usps", ""), scans=desk.journey(label))


def two_numbers_in_one_field(desk: Desk) -> Package:
    """Two boxes, one field: "1Z… / 1Z…"."""
    label = desk.print(labels.ups)
    other = desk.print(labels.ups, desk.running + 1)
    return packed(
        label,
        desk.says("ups", f"{label.number} / {other.number}"),
        scans=(*desk.journey(label), *desk.journey(other)),
    )


def cousins_van(desk: Desk) -> Package:
    """It did arrive. No marketplace has ever heard of the carrier."""
    typed = desk.dice.choice(("Cousin Eddie's van", "Bike messenger", "Speedy Pete"))
    return packed(None, desk.says(None, f"EDDIE{desk.running}", typed=typed))


def carrier_from_abroad(desk: Desk) -> Package:
    """A good carrier, scanned at every step, which this marketplace cannot verify."""
    label = desk.print(desk.dice.choice((labels.royal_mail, labels.yunexpress)))
    return packed(label, desk.says(label.carrier, label.number), scans=desk.journey(label))


def number_of_an_old_package(desk: Desk) -> Package:
    """The customer ordered before, and that package's number is copied from the old mail."""
    old = desk.print(labels.usps)
    return packed(old, desk.says("usps", old.number), scans=long_ago(desk, old, days=45))


def same_day_courier(desk: Desk) -> Package:
    """Delivered by tea time; the form is filled in after supper."""
    label = desk.print(labels.lasership)
    scans = (
        Scan(label, desk.at(0, 9), "accepted", HOME),
        Scan(label, desk.at(0, 15), "delivered", HOME),
    )
    return packed(label, desk.says("lasership", label.number), scans=scans)


def typo_corrected_too_late(desk: Desk) -> Package:
    """The right number is given only after the package has arrived."""
    label = desk.print(labels.fedex)
    return packed(
        label,
        desk.says("fedex", mistyped(label.number)),
        desk.says("fedex", label.number, at=desk.at(6, 9)),
        scans=desk.journey(label),
    )


def usps_typed_for_ups(desk: Desk) -> Package:
    """UPS scanned it five times. The form says USPS."""
    label = desk.print(labels.ups)
    return packed(label, desk.says("usps", label.number), scans=desk.journey(label))


def typo(desk: Desk) -> Package:
    """A digit is misread, and nobody notices."""
    label = desk.print(desk.dice.choice((labels.ups, labels.usps, labels.fedex_ground)))
    return packed(
        label, desk.says(label.carrier, mistyped(label.number)), scans=desk.journey(label)
    )


def still_on_the_shelf(desk: Desk) -> Package:
    """The label is printed and the status says "in transit", but the package is on the shelf."""
    label = desk.print(labels.usps)
    scans = (
        Scan(label, desk.at(0, 10), "label_created", HOME),
        Scan(label, desk.at(1, 10), "in_transit"),
    )
    return packed(label, desk.says("usps", label.number), scans=scans)


def scan_taken_back(desk: Desk) -> Package:
    """The depot scanned a whole cage, and took back what was not in it."""
    label = desk.print(labels.dhl)
    scans = (
        Scan(label, desk.at(0, 10), "label_created", HOME),
        Scan(label, desk.at(0, 16), "accepted", HOME),
        Scan(label, desk.at(0, 18), "admin_update", HOME, retracts="accepted"),
    )
    return packed(label, desk.says("dhl", label.number), scans=scans)


def never_scanned(desk: Desk) -> Package:
    """Dropped at a counter without a receipt."""
    label = desk.print(labels.usps_certified)
    return packed(label, desk.says("usps", label.number))
