"""Orders: the unit in which a seller's statements are written.

An order's facts, its packages and the whole history of statements about them change atomically.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from vtr.domain.errors import (
    CategoryFrozenError,
    OrderFullError,
    PackageNotFoundError,
    TooManyPackagesError,
)
from vtr.domain.packages import Confirmation, Money, Package

MAX_HISTORY_BYTES = 250_000
"""Statements that an order may hold. An item of DynamoDB takes 400 KB, facts and names included."""

MAX_PACKAGES = 100
"""Packages an order may have. An order is one item, and items must not grow without bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What the marketplace knows of an order. The category is the item's at the time of order."""

    placed_at: datetime
    category: str
    promised_delivery_date: date | None = None
    value: Money | None = None
    origin: str | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of one account: facts, packages, cancellation. ``version`` counts its writes.

    ``erasing_since`` is when its erasure began; until that ends, only the erasure reads it.
    A hold keeps it until ``held_until``, if its packages end before. It is kept until the day
    ``kept_until``.
    """

    account: str
    order_id: str
    facts: OrderFacts
    packages: Mapping[str, Package] = field(default_factory=dict)
    cancelled_at: datetime | None = None
    erasing_since: datetime | None = None
    held_until: date | None = None
    version: int = 0
    kept_until: date | None = None

    def package(self, package_id: str) -> Package:
        try:
            return self.packages[package_id]
        except KeyError:
            raise PackageNotFoundError(
                f"order {self.order_id} has no package {package_id}. "
                "Check the package id, or confirm the package first."
            ) from None

    def with_facts(self, facts: OrderFacts) -> "Order":
        if facts.category != self.facts.category:
            raise CategoryFrozenError(
                f"order {self.order_id} was placed in the category {self.facts.category!r}, which "
                f"stays. Send category {self.facts.category!r}."
            )
        return replace(self, facts=facts)

    def with_package(self, package: Package) -> "Order":
        if package.package_id not in self.packages and len(self.packages) >= MAX_PACKAGES:
            raise TooManyPackagesError(
                f"order {self.order_id} has {MAX_PACKAGES} packages, the most it can have. "
                "Split the order."
            )
        changed = replace(self, packages={**self.packages, package.package_id: package})
        if changed.history_bytes > MAX_HISTORY_BYTES and package.package_id in self.packages:
            raise OrderFullError(
                f"order {self.order_id} has {self.history_bytes} bytes of statements, and at most "
                f"{MAX_HISTORY_BYTES} are kept. Settle what is true of its packages and ask the "
                "marketplace to set them right."
            )
        if changed.history_bytes > MAX_HISTORY_BYTES:
            raise TooManyPackagesError(
                f"order {self.order_id} has as many packages and edits as it can have. "
                "Split the order."
            )
        return changed

    @property
    def history_bytes(self) -> int:
        """About how much the statements about its packages take in store."""
        return sum(
            statement.bytes for package in self.packages.values() for statement in package.history
        )

    def cancelled(self, at: datetime) -> "Order":
        """Return the order flagged as cancelled; the earliest cancellation counts."""
        return replace(self, cancelled_at=min(at, self.cancelled_at or at))

    def confirmation(self, package_id: str, policy_id: str) -> Confirmation:
        package = self.package(package_id)
        current = package.current
        return Confirmation(
            account=self.account,
            policy=policy_id,
            order_id=self.order_id,
            package_id=package_id,
            shard=package.shard,
            revision=self.version,
            placed_at=self.facts.placed_at,
            category=self.facts.category,
            carrier_stated=current.carrier_stated,
            carrier=current.carrier,
            number_stated=current.number_stated,
            tracking_number=current.tracking_number,
            ship_date=current.ship_date,
            confirmed_at=package.tracking_confirmed_at,
            promised_delivery_date=self.facts.promised_delivery_date,
            value=self.facts.value,
            origin=self.facts.origin,
            destination=self.facts.destination,
            method_class=current.method_class,
            label_source=current.label_source,
            cancelled_at=self.cancelled_at,
            held_until=self.held_until,
        )
