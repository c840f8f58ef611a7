"""Orders at their end: until when they are kept, and what is refused once a day has ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from vtr.domain.accounts import Account
from vtr.domain.errors import OrderEndedError, OrderNotFoundError
from vtr.domain.orders import Order
from vtr.domain.packages import Confirmation
from vtr.domain.policies import Policy
from vtr.domain.retention import ends_on, expires_at, kept_until
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import is_closed, policy_for, policy_on, policy_today


def with_end(ports: Ports, account: Account, order: Order) -> Order:
    """Return the order with the day until which it is kept: the latest of its packages' days.

    Without packages it is kept as if one were counted on the day of the promise, or of the order.
    """
    ends = [kept_until(claim, policy_for(ports, claim)) for claim in _claims(account, order)]
    if not ends:
        rules, day = _day_of(ports, account, order)
        ends = [ends_on(day, rules), *([order.held_until] if order.held_until else [])]
    return replace(order, kept_until=max(ends))


def open_packages(ports: Ports, account: Account, order: Order, now: datetime) -> list[str]:
    """Return the packages whose days have not ended: the others are archived as they are."""
    claims = _claims(account, order)
    return [claim.package_id for claim in claims if not is_closed(ports, claim, now)]


def shown_claims(ports: Ports, account: Account, order: Order, now: datetime) -> list[Confirmation]:
    """Return the claims of an order's packages that have not ended, or that a hold keeps."""
    return [claim for claim in _claims(account, order) if is_shown(ports, claim, now)]


def is_shown(ports: Ports, claim: Confirmation, now: datetime) -> bool:
    """Whether a claim's package has not ended, or a hold keeps it."""
    rules = policy_for(ports, claim)
    return rules.day_of(now) < kept_until(claim, rules)


def require_kept(ports: Ports, account: Account, order: Order, now: datetime) -> None:
    """Raise ``OrderEndedError`` for an order that has ended, though the store may still have it."""
    kept = with_end(ports, account, order).kept_until
    today = policy_today(ports, account, now)
    if kept is not None and today.day_of(now) >= kept:
        raise OrderEndedError(
            f"order {order.order_id} was kept until {kept}, {today.retention_months} months after "
            "the last day that its packages are counted on. Ask for a report of that day: it has "
            "what they counted as."
        )


def order_not_found(
    ports: Ports, account: Account, order_id: str, now: datetime
) -> OrderNotFoundError:
    months = policy_today(ports, account, now).retention_months
    return OrderNotFoundError(
        f"There is no order {order_id}. Check the order id; an order is kept for {months} months "
        "after the last day that its packages are counted on."
    )


def require_open(
    ports: Ports, account: Account, before: Order | None, after: Order, now: datetime
) -> None:
    """Raise ``OrderEndedError`` for a change of a package whose day has ended, or to such a day."""
    for was, becomes in _changes(account, before, after):
        for claim in (was, becomes):
            if claim is not None and is_closed(ports, claim, now):
                raise package_ended(ports, claim)


def package_ended(ports: Ports, claim: Confirmation) -> OrderEndedError:
    day = policy_for(ports, claim).anchor_day(claim)
    return OrderEndedError(
        f"package {claim.package_id} of order {claim.order_id} is counted on {day}, which has "
        "ended: nothing of that day changes any more. Ask for a report of that day, or ask the "
        "marketplace to set the package right."
    )


def has_expired(order: Order, now: datetime) -> bool:
    """Return whether the store may delete an order at any moment."""
    return order.kept_until is not None and expires_at(order.kept_until) <= now


def _changes(
    account: Account, before: Order | None, after: Order
) -> Iterator[tuple[Confirmation | None, Confirmation]]:
    """Yield the claim of each package that changed, as it was and as it becomes."""
    for package_id, package in after.packages.items():
        known = before.packages.get(package_id) if before else None
        was = before.confirmation(package_id, account.policy) if before and known else None
        becomes = after.confirmation(package_id, account.policy)
        if known != package or was != becomes:
            yield was, becomes


def _claims(account: Account, order: Order) -> list[Confirmation]:
    return [order.confirmation(package_id, account.policy) for package_id in order.packages]


def _day_of(ports: Ports, account: Account, order: Order) -> tuple[Policy, date]:
    facts = order.facts
    rules = policy_on(ports, account.policy, facts.placed_at.date())
    day = max(rules.day_of(facts.placed_at), facts.promised_delivery_date or date.min)
    return policy_on(ports, account.policy, day), day
