"""Submissions: record what sellers say of orders and packages, and judge it at once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vtr.domain.accounts import Account
from vtr.domain.errors import (
    DeliveredError,
    OrderBeingErasedError,
    OrderFactsMissingError,
    VtrError,
)
from vtr.domain.orders import Order, OrderFacts
from vtr.domain.packages import Confirmation, Package
from vtr.domain.partitioning import shard_of
from vtr.domain.policies import Policy
from vtr.domain.submissions import (
    Submission,
    check_cancellation,
    check_facts,
    check_submission,
)
from vtr.domain.verdict import JudgedPackage, verdict
from vtr.ports import Ports
from vtr.use_cases.admit_category import admit_category
from vtr.use_cases.ended_orders import (
    open_packages,
    order_not_found,
    package_ended,
    require_kept,
    require_open,
    with_end,
)
from vtr.use_cases.policy_in_force import is_closed, policy_for, policy_on
from vtr.use_cases.project import project
from vtr.use_cases.retry_on_conflict import retry_on_conflict


@dataclass(frozen=True, slots=True)
class Submitted:
    """The result of a submission; ``created`` if the package or the order is new."""

    order: Order
    packages: dict[str, JudgedPackage]
    created: bool


def confirm_package(
    ports: Ports, account: Account, submission: Submission, now: datetime
) -> Submitted:
    """Confirm a package, or edit it. A repeated submission repairs one that was cut off."""
    rules = policy_on(ports, account.policy, submission.ship_date)

    def change(order: Order | None) -> Order:
        return _confirmed(ports, account, order, submission, rules, now)

    before, after = change_order(ports, account, submission.order_id, change, now)
    created = before is None or submission.package_id not in before.packages
    is_open = set(open_packages(ports, account, after, now))
    touched = [each for each in _touched(submission, before, after) if each in is_open]
    packages = {each: project(ports, account, before, after, each, now) for each in touched}
    return Submitted(after, packages, created)


def _touched(submission: Submission, before: Order | None, after: Order) -> Collection[str]:
    """Return the packages to judge: all of the order's, if inline facts may have changed.

    If nothing changed now, the first run may have changed facts and then been cut off.
    """
    facts_changed = before is not None and before.facts != after.facts
    if submission.facts is not None and (facts_changed or before == after):
        return after.packages
    return (submission.package_id,)


def place_order(
    ports: Ports, account: Account, order_id: str, facts: OrderFacts, now: datetime
) -> Submitted:
    """Record or change the facts of an order, and judge its packages again."""
    check_facts(facts, now)

    def change(order: Order | None) -> Order:
        if order is None:
            return Order(account=account.id, order_id=order_id, facts=facts)
        return _counted_on_anchor_days(ports, account, order.with_facts(facts))

    return _change_whole_order(ports, account, order_id, change, now)


def cancel_order(
    ports: Ports, account: Account, order_id: str, cancelled_at: datetime, now: datetime
) -> Submitted:
    """Flag an order as cancelled. Its packages keep counting: a cancellation is a refund."""

    def change(order: Order | None) -> Order:
        if order is None:
            raise order_not_found(ports, account, order_id, now)
        check_cancellation(cancelled_at, order.facts, now)
        return order.cancelled(cancelled_at)

    return _change_whole_order(ports, account, order_id, change, now)


def _change_whole_order(
    ports: Ports,
    account: Account,
    order_id: str,
    change: Callable[[Order | None], Order],
    now: datetime,
) -> Submitted:
    before, after = change_order(ports, account, order_id, change, now)
    packages = {
        package_id: project(ports, account, before, after, package_id, now)
        for package_id in open_packages(ports, account, after, now)
    }
    return Submitted(after, packages, created=before is None)


def change_order(
    ports: Ports,
    account: Account,
    order_id: str,
    change: Callable[[Order | None], Order],
    now: datetime,
) -> tuple[Order | None, Order]:
    """Read an order, change it and save it, if it changed; return it as it was and as it is.

    What has ended stays as it is: a change of it is refused.

    The first read is eventually consistent. If it is stale, the save conflicts. "No change" and
    refusals are confirmed by a strongly consistent read.
    """

    def attempt(consistent: bool) -> tuple[Order | None, Order]:  # noqa: FBT001 - retry's own call
        before = ports.orders.get(account.id, order_id, consistent=consistent)
        try:
            _require_not_being_erased(before)
            if before is not None:
                require_kept(ports, account, before, now)
            after = with_end(ports, account, change(before))
            require_kept(ports, account, after, now)
            require_open(ports, account, before, after, now)
        except VtrError:
            if consistent:
                raise
            return attempt(consistent=True)
        if after == before:
            return (before, after) if consistent else attempt(consistent=True)
        if before is None:  # here, so that what was refused leaves no category behind
            admit_category(ports, account, after.facts.category)
        return before, ports.orders.save(after)

    return retry_on_conflict(attempt)


def _require_not_being_erased(order: Order | None) -> None:
    if order is not None and order.erasing_since is not None:
        raise OrderBeingErasedError(
            f"order {order.order_id} is being erased since {order.erasing_since:%Y-%m-%dT%H:%MZ}. "
            "If it is an order of its own, send it again in half an hour."
        )


def _confirmed(
    ports: Ports,
    account: Account,
    order: Order | None,
    submission: Submission,
    rules: Policy,
    now: datetime,
) -> Order:
    order = _with_inline_facts(account, order, submission)
    known = order.packages.get(submission.package_id)
    if known is not None:
        _refuse_after_end(ports, order.confirmation(known.package_id, account.policy), now)
    check_submission(submission, order.facts, rules, now)
    statement = submission.statement(rules, _moment_of(known, now))
    if known is None:
        shard = shard_of(order.order_id, submission.package_id, account.shards)
        package = Package(package_id=submission.package_id, shard=shard, history=(statement,))
    elif submission.confirmed_at is None and statement.says_the_same_as(known.current):
        package = known
    else:
        package = known.stating(statement)
        if package.current != known.current and not statement.says_the_same_as(known.current):
            _refuse_after_delivery(ports, account, order, known, statement.confirmed_at)
    return _counted_on_anchor_days(ports, account, order.with_package(package))


def _moment_of(known: Package | None, now: datetime) -> datetime:
    """Return now, but after every earlier statement: the clocks of two machines differ."""
    if known is None:
        return now
    return max(now, known.current.confirmed_at + timedelta(microseconds=1))


def _with_inline_facts(account: Account, order: Order | None, submission: Submission) -> Order:
    if order is None and submission.facts is None:
        raise OrderFactsMissingError(
            f"order {submission.order_id} is not known yet. Send its facts with the package as "
            "`order` (placed_at and category), or PUT the order first."
        )
    if order is None:
        assert submission.facts is not None  # noqa: S101 - narrows the type; checked just above
        return Order(account=account.id, order_id=submission.order_id, facts=submission.facts)
    if submission.facts is None:
        return order
    stated = {
        name: value
        for name in OrderFacts.__slots__
        if (value := getattr(submission.facts, name)) is not None
    }
    return order.with_facts(replace(order.facts, **stated))


def _counted_on_anchor_days(ports: Ports, account: Account, order: Order) -> Order:
    for package in order.packages.values():
        claim = order.confirmation(package.package_id, account.policy)
        day = policy_for(ports, claim).anchor_day(claim)
        order = order.with_package(package.counted_on(day))
    return order


def _refuse_after_end(ports: Ports, claim: Confirmation, now: datetime) -> None:
    if is_closed(ports, claim, now):
        raise package_ended(ports, claim)


def _refuse_after_delivery(
    ports: Ports, account: Account, order: Order, package: Package, edited_at: datetime
) -> None:
    """Refuse an edit made after the carrier delivered the parcel that the package named before."""
    claim = order.confirmation(package.package_id, account.policy)
    if claim.parcel is None:
        return
    rules = policy_for(ports, claim)
    evidence = ports.parcels.get(claim.parcel, consistent=True).evidence_for(claim, rules)
    delivered = verdict(claim, evidence, rules, edited_at).delivered
    if delivered is not None and edited_at > delivered.latest_at:
        raise DeliveredError(
            f"package {package.package_id} of order {order.order_id} was delivered at "
            f"{delivered.at:%Y-%m-%dT%H:%MZ}; carrier, number and ship date stay as they were. "
            "Confirm the next packages before they are delivered."
        )
