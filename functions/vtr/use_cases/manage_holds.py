"""Holds: keep an order beyond its end, for as long as an appeal is open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from vtr.domain.accounts import Account
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.holds import HoldChange, HoldEvent, holds_in
from vtr.domain.orders import Order
from vtr.ports import Ports
from vtr.use_cases.ended_orders import has_expired, order_not_found, with_end
from vtr.use_cases.project import project
from vtr.use_cases.retry_on_conflict import retry_on_conflict


def place_hold(
    ports: Ports,
    account: Account,
    order_id: str,
    until: date,
    now: datetime,
    *,
    by: str,
    reason: str = "",
) -> Order:
    """Keep an order, its packages and their parcels until a day, though they end before.

    What has ended stays closed to edits and scans. The order is written again with its packages'
    claims and rows, all of which expire later; a hold of the same order is replaced.
    """
    if until <= now.date():
        remedy = "Name a day to come; a hold is ended by vtr hold remove."
        raise InvalidRequestError(FieldProblem("until", "must be later than today", remedy))
    change = HoldChange(
        at=now,
        account=account.id,
        order_id=order_id,
        event=HoldEvent.PLACED,
        by=by,
        until=until,
        reason=reason,
    )
    return _changed(ports, account, change, lambda order: replace(order, held_until=until), now)


def remove_hold(
    ports: Ports, account: Account, order_id: str, now: datetime, *, by: str, reason: str = ""
) -> Order:
    """Let an order end as if it had never been held."""
    change = HoldChange(
        at=now,
        account=account.id,
        order_id=order_id,
        event=HoldEvent.REMOVED,
        by=by,
        reason=reason,
    )
    return _changed(ports, account, change, lambda order: replace(order, held_until=None), now)


def list_holds(ports: Ports, account: str) -> list[HoldChange]:
    """Return the holds of an account's orders, the one that ends first before the others."""
    return holds_in(ports.holds.changes(account))


def _changed(
    ports: Ports,
    account: Account,
    change: HoldChange,
    apply: Callable[[Order], Order],
    now: datetime,
) -> Order:
    """Record the change, then make it: nothing is kept, or let go, without a record of who did it.

    The claim of every package changes with the order's, ended or not, and so do parcels and rows.
    """
    _known(ports, account, change.order_id, now)
    ports.holds.record(change)

    def attempt(_: bool) -> tuple[Order, Order]:  # noqa: FBT001 - retry's own call
        before = _known(ports, account, change.order_id, now)
        after = with_end(ports, account, apply(before))
        return before, before if after == before else ports.orders.save(after)

    before, after = retry_on_conflict(attempt)
    for package_id in after.packages:
        project(ports, account, before, after, package_id, now)
    return after


def _known(ports: Ports, account: Account, order_id: str, now: datetime) -> Order:
    order = ports.orders.get(account.id, order_id, consistent=True)
    if order is None or order.erasing_since is not None or has_expired(order, now):
        raise order_not_found(ports, account, order_id, now)
    return order
