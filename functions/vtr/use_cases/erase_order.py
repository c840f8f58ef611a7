"""Erase an order: what its seller said of it, wherever that is, and the bodies about its parcels.

First it is cleared: it counts no more and nobody can write it. A writer who read it before may
still bring a row or a claim back, so tombstones and withdrawn claims hold its places until none can
be left; then these are deleted too. The order itself, by which all of it is found, is deleted last.

What carriers scanned stays with the numbers: that is theirs, and says nothing of a person.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.erasures import Days, Erasure, Subject, emptied
from vtr.domain.errors import ConflictError, FieldProblem, InvalidRequestError, OrderNotFoundError
from vtr.domain.evidence import NO_EVIDENCE
from vtr.domain.orders import Order
from vtr.domain.packages import (
    BucketKey,
    Package,
    PackageKey,
    PackageRow,
    ParcelKey,
    RowKey,
    parcel_numbered,
)
from vtr.domain.parcels import Parcel
from vtr.domain.reports import Report
from vtr.domain.tracking_numbers import canonical_number
from vtr.ports import Ports
from vtr.ports.queues import Recount
from vtr.use_cases.erase import (
    Command,
    begin,
    end,
    erase_bodies,
    erase_reports,
    find_receipt,
    note,
)
from vtr.use_cases.policy_in_force import policy_for, row_key
from vtr.use_cases.project import update_parcel
from vtr.use_cases.retry_on_conflict import retry_on_conflict

BEFORE_ORDER = timedelta(days=7)
"""Bodies about an order's parcels are looked for from so long before its first day on: clocks
differ, and a label may be made before the order is sent to us."""


def erase_order(ports: Ports, account: Account, order_id: str, command: Command) -> Erasure:
    """Erase an order; return the receipt. Whoever confirms it afterwards makes a new order.

    Of one that has expired, or that a run deleted which was cut off at its end, what is archived of
    ended days is erased. Raise ``OrderNotFoundError`` if nothing is known of it.
    """
    names = account.id, order_id
    if ports.orders.get(account.id, order_id, consistent=True) is None:
        return _erase_ended_order(ports, account, order_id, command)
    receipt = begin(ports, command, Subject.ORDER, *names)
    order = clear_order(ports, account, order_id, command.clock())
    command.wait()
    numbers = numbers_of(ports, order, shared=command.shared)
    reports = erase_reports(ports, reports_with(ports, account, order))
    ended = erase_ended_days(ports, account, order_id)
    receipt = note(ports, receipt, packages=len(order.packages), reports=reports, ended=ended)
    days = days_of(order, command.clock())
    bodies = erase_bodies(ports, command, numbers, days)
    receipt = note(ports, receipt, **bodies._asdict())
    forget_order(ports, account, order, command.clock())
    ports.orders.delete(order)
    return end(ports, note(ports, receipt, orders=1), command.clock())


def _erase_ended_order(ports: Ports, account: Account, order_id: str, command: Command) -> Erasure:
    names = account.id, order_id
    known = find_receipt(ports, Subject.ORDER, *names) is not None
    if not known and not ended_days_with(ports, account, order_id):
        raise OrderNotFoundError(f"There is no order {order_id}. Check the order id.")
    receipt = begin(ports, command, Subject.ORDER, *names)
    ended = erase_ended_days(ports, account, order_id)
    return end(ports, note(ports, receipt, orders=1, ended=ended), command.clock())


def erase_ended_days(ports: Ports, account: Account, order_id: str) -> int:
    """Erase an order's packages from the archive of ended days; return how many.

    Every archived bucket is read: of one whose erasure was cut off, older versions may be left.
    """
    buckets = sorted(ports.ended_days.buckets(account.id, date.min, date.max))
    return sum(ports.ended_days.erase(bucket, order_id) for bucket in buckets)


def ended_days_with(ports: Ports, account: Account, order_id: str) -> list[BucketKey]:
    """Return the archived buckets with a package of an order; all of the account's are read."""
    return [
        bucket
        for bucket in sorted(ports.ended_days.buckets(account.id, date.min, date.max))
        if any(each.confirmation.order_id == order_id for each in ports.ended_days.read(bucket))
    ]


def clear_order(ports: Ports, account: Account, order_id: str, now: datetime) -> Order:
    """Take an order out of all counts, and close it; return it as it is closed.

    Its claims leave every parcel that it ever named, and every row of it becomes a tombstone
    without content.
    """
    order = _closed(ports, account, order_id, now)
    buckets: set[BucketKey] = set()
    for package in order.packages.values():
        key = PackageKey(account.id, order_id, package.package_id)
        for parcel in package.parcels:
            buckets |= _withdraw(ports, parcel, key, order.version, now)
        for row in _rows_of(ports, account, order, package):
            _write_tombstone(ports, account, order, row)
            buckets.add(row.bucket)
    ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])
    return order


def forget_order(ports: Ports, account: Account, order: Order, now: datetime) -> None:
    """Delete what held the places of a cleared order; only once no writer can be left.

    Raise ``ConflictError`` if it is not the order that was cleared: another run was faster, and
    who has confirmed it since made a new one.
    """
    if ports.orders.get(account.id, order.order_id, consistent=True) != order:
        raise ConflictError(
            f"order {order.order_id} was erased by another run meanwhile. See vtr erase receipts."
        )
    for package in order.packages.values():
        key = PackageKey(account.id, order.order_id, package.package_id)
        for parcel in package.parcels:
            _forget(ports, parcel, key, now)
        for row in _rows_of(ports, account, order, package):
            ports.packages.delete(row)


def numbers_of(ports: Ports, order: Order, *, shared: bool) -> set[str]:
    """Return every number of an order's parcels, as it was stated and as it is tracked.

    Those of a parcel that another account claims, too, are left out unless they may be *shared*:
    that account may need what the carrier sent.
    """
    said = [
        (parcel_numbered(canonical_number(each.tracking_number, each.carrier)), each)
        for package in order.packages.values()
        for each in package.history
        if each.tracking_number
    ]
    parcels = ports.parcels.get_many({key for key, _ in said})
    taken = {
        key
        for key, parcel in parcels.items()
        if not shared and any(claim.account != order.account for claim in parcel.claims)
    }
    numbers = {
        number
        for key, each in said
        if key not in taken
        for number in (key.number, each.tracking_number)
    }
    linked = (parcel.evidence.numbers for key, parcel in parcels.items() if key not in taken)
    return numbers.union(*linked)


def days_of(order: Order, now: datetime) -> Days:
    """Return the days on which bodies about an order's parcels may have come."""
    said = [said for package in order.packages.values() for said in package.history]
    first = min([order.facts.placed_at.date(), *(each.ship_date for each in said)])
    return Days(min(first, now.date()) - BEFORE_ORDER, now.date())


def reports_with(ports: Ports, account: Account, order: Order) -> list[Report]:
    """Return the reports whose documents may have a line about an order."""
    days = {
        row.bucket.day
        for package in order.packages.values()
        for row in _rows_of(ports, account, order, package)
    }
    return [
        report
        for report in ports.reports.of_account(account.id)
        if report.category in {None, order.facts.category}
        and any(report.first_day <= day <= report.last_day for day in days)
    ]


def require_not_held(order: Order, now: datetime) -> None:
    """Raise ``InvalidRequestError`` for an order that is kept for an open appeal."""
    if order.held_until is not None and order.held_until > now.date():
        rule = f"{order.order_id} is held until {order.held_until}"
        raise InvalidRequestError(FieldProblem("order", rule, "Remove the hold first."))


def _closed(ports: Ports, account: Account, order_id: str, now: datetime) -> Order:
    """Save that the order is being erased: from now on, no submission changes it."""

    def attempt(_: bool) -> Order:  # noqa: FBT001 - retry's own call
        order = ports.orders.get(account.id, order_id, consistent=True)
        if order is None:
            raise OrderNotFoundError(f"There is no order {order_id}. Check the order id.")
        if order.erasing_since is not None:
            return order
        require_not_held(order, now)
        return ports.orders.save(replace(order, erasing_since=now))

    return retry_on_conflict(attempt)


def _rows_of(ports: Ports, account: Account, order: Order, package: Package) -> Iterator[RowKey]:
    """Yield every place at which a package may have been counted.

    A policy that changed may have moved it since it was last written.
    """
    claim = order.confirmation(package.package_id, account.policy)
    days = {*package.days, policy_for(ports, claim).anchor_day(claim)}
    yield from (row_key(claim, day) for day in sorted(days))


def _withdraw(
    ports: Ports, parcel: ParcelKey, key: PackageKey, revision: int, now: datetime
) -> set[BucketKey]:
    def leave(known: Parcel) -> Parcel:
        return known.unclaimed(key, revision)

    return update_parcel(ports, parcel, leave, now, repeated=True)[1]


def _write_tombstone(ports: Ports, account: Account, order: Order, row: RowKey) -> None:
    claim = emptied(order.confirmation(row.package_id, account.policy))
    ports.packages.put(
        PackageRow(
            key=row,
            confirmation=claim,
            evidence=NO_EVIDENCE,
            parcel_version=0,
            is_tombstone=True,
            kept_until=order.kept_until,
        )
    )


def _forget(ports: Ports, parcel: ParcelKey, key: PackageKey, now: datetime) -> None:
    """Take a package out of a parcel; delete one of which nothing is left, and its former ones."""
    left, buckets = update_parcel(ports, parcel, lambda known: known.forgetting(key), now)
    if buckets:
        ports.recounts.send([Recount(bucket) for bucket in sorted(buckets)])
    ports.parcels.delete_former(parcel)
    if left.version and left.is_empty:
        with suppress(ConflictError):  # somebody has just said something of the number
            ports.parcels.delete(left)
