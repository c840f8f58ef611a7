"""Plausibility checks for the values of a submission."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from vtr.domain.carriers import resolve
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import Statement
from vtr.domain.policies import Policy
from vtr.domain.tracking_numbers import is_readable, normalise

CLOCK_SKEW = timedelta(minutes=5)
OLDEST_ORDER = timedelta(days=730)
FURTHEST_PROMISE = timedelta(days=400)
LARGEST_AMOUNT = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One confirmation as it was sent.

    ``facts`` come inline with the first confirmation of an order. ``confirmed_at`` is stated only
    when a history is imported; otherwise it is the time of arrival.
    """

    order_id: str
    package_id: str
    carrier: str
    tracking_number: str
    ship_date: date
    method_class: str = "parcel"
    label_source: str = "seller"
    facts: OrderFacts | None = None
    confirmed_at: datetime | None = None

    def statement(self, policy: Policy, now: datetime) -> Statement:
        readable = is_readable(self.tracking_number, policy.allowed_punctuation)
        return Statement(
            confirmed_at=self.confirmed_at or now,
            carrier_stated=self.carrier,
            carrier=resolve(self.carrier),
            number_stated=self.tracking_number,
            tracking_number=normalise(self.tracking_number) if readable else "",
            ship_date=self.ship_date,
            method_class=self.method_class,
            label_source=self.label_source,
        )


def check_submission(
    submission: Submission, facts: OrderFacts, policy: Policy, now: datetime
) -> None:
    """Raise ``InvalidRequestError`` with every implausible value."""
    problems = list(_facts(submission.facts, now, "order.")) if submission.facts else []
    if not problems:  # dates are compared with the order's only if those are plausible
        problems.extend(_ship_date(submission, facts, policy, now))
        problems.extend(_confirmed_at(submission, facts, now))
    if problems:
        raise InvalidRequestError(*problems)


def check_facts(facts: OrderFacts, now: datetime) -> None:
    """Raise ``InvalidRequestError`` with every implausible fact of an order."""
    problems = list(_facts(facts, now, ""))
    if problems:
        raise InvalidRequestError(*problems)


def check_cancellation(cancelled_at: datetime, facts: OrderFacts, now: datetime) -> None:
    """Raise ``InvalidRequestError`` for a time at which the order cannot have been cancelled."""
    remedy = "Send the moment of the cancellation, or leave it out for now."
    if cancelled_at > now + CLOCK_SKEW:
        rule = "must not be in the future"
    elif cancelled_at < facts.placed_at:
        rule = "must not be before the order was placed"
    else:
        return
    raise InvalidRequestError(FieldProblem("cancelled_at", rule, remedy))


def _ship_date(
    submission: Submission, facts: OrderFacts, policy: Policy, now: datetime
) -> Iterator[FieldProblem]:
    today = policy.day_of(now)
    remedy = "Send the day on which the package left."
    if submission.ship_date > today + timedelta(days=policy.future_ship_days):
        rule = f"must be at most {policy.future_ship_days} days ahead"
        yield FieldProblem("ship_date", rule, remedy)
    if submission.ship_date < today - timedelta(days=policy.past_ship_days):
        yield FieldProblem("ship_date", f"must be at most {policy.past_ship_days} days ago", remedy)
    placed = policy.day_of(facts.placed_at)
    if submission.ship_date < placed - timedelta(days=1):
        yield FieldProblem("ship_date", f"must not be before the order ({placed})", remedy)


def _confirmed_at(
    submission: Submission, facts: OrderFacts, now: datetime
) -> Iterator[FieldProblem]:
    confirmed_at = submission.confirmed_at
    if confirmed_at is None:
        return
    remedy = "Send the moment at which the seller confirmed."
    if confirmed_at > now + CLOCK_SKEW:
        yield FieldProblem("confirmed_at", "must not be in the future", remedy)
    if confirmed_at < facts.placed_at:
        yield FieldProblem("confirmed_at", "must not be before the order was placed", remedy)


def _facts(facts: OrderFacts, now: datetime, prefix: str) -> Iterator[FieldProblem]:
    remedy = "Send the moment at which the order was placed."
    if facts.placed_at > now + CLOCK_SKEW:
        yield FieldProblem(f"{prefix}placed_at", "must not be in the future", remedy)
        return
    if facts.placed_at < now - OLDEST_ORDER:
        yield FieldProblem(f"{prefix}placed_at", "must be at most 730 days ago", remedy)
        return
    if facts.value is not None and not _is_amount(facts.value.amount):
        rule = "must be an amount from 0 to 10⁹"
        yield FieldProblem(f"{prefix}value.amount", rule, "Send what the buyer paid.")
    promised = facts.promised_delivery_date
    if promised is None:
        return
    placed = facts.placed_at.date()
    # Dates are in the marketplace's zone and the time is in UTC: allow a day either way.
    if not placed - timedelta(days=1) <= promised <= placed + FURTHEST_PROMISE:
        yield FieldProblem(
            f"{prefix}promised_delivery_date",
            "must be within 400 days after the order was placed",
            "Send the day by which delivery was promised, or leave it out.",
        )


def _is_amount(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT
