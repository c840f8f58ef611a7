"""Everything that sellers said and that was written down, and how their orders stand by it.

It is read whole, from its beginning, every time; it shares no code with what it checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from simulation.story import Confirm, Erase, Facts, Place, Said

OrderKey = tuple[str, str]


class Statement(NamedTuple):
    at: datetime
    said: Confirm


@dataclass(frozen=True)
class Claim:
    """What holds of one package: the last thing said, since when number and carrier stand."""

    account: str
    order: str
    package: str
    facts: Facts
    said: Confirm
    since: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return self.account, self.order, self.package


@dataclass
class OrderSoFar:
    """What one account said of one order, everything together."""

    account: str
    order: str
    facts: Facts
    packages: dict[str, list[Statement]] = field(default_factory=dict)

    def take(self, at: datetime, said: Said) -> None:
        if isinstance(said, Place):
            self.facts = said.facts
        if isinstance(said, Confirm):
            self.facts = _stated(self.facts, said.facts)
            _say(self.packages.setdefault(said.package, []), at, said)

    def claim(self, package: str) -> Claim:
        statements = self.packages[package]
        last = statements[-1]
        since = last.at
        for statement in reversed(statements):
            if statement.said.label.names != last.said.label.names:
                break
            since = statement.at
        return Claim(self.account, self.order, package, self.facts, last.said, since)


class Log:
    """What was written for which order, and when, in the order in which it was written."""

    def __init__(self) -> None:
        self._said: dict[OrderKey, list[tuple[datetime, Said | Erase]]] = {}

    def write(self, at: datetime, said: Said | Erase) -> None:
        self._said.setdefault(said.key, []).append((at, said))

    def length(self, key: OrderKey) -> int:
        return len(self._said.get(key, ()))

    def has(self, said: Said, since: int) -> bool:
        """Whether this was written, and not before the log of its order had a certain length."""
        return any(logged is said for _, logged in self._said.get(said.key, ())[since:])

    def order(self, key: OrderKey, length: int | None = None) -> OrderSoFar | None:
        """An order as it stands, or as it stood when its log had this length.

        What was said of it before it was erased is void. So is what is said without facts of an
        order that there is not: it should have been refused, and the store has one order more.
        """
        order: OrderSoFar | None = None
        for at, said in self._said.get(key, [])[:length]:
            if isinstance(said, Erase):
                order = None
                continue
            if order is None:
                if not isinstance(said, Place | Confirm) or said.facts is None:
                    continue
                order = OrderSoFar(*key, said.facts)
            order.take(at, said)
        return order

    def was_unknown(self, key: OrderKey, length: int) -> bool:
        """Whether there was no such order at some moment since its log had this length."""
        return any(order is None for order in self.since(key, length))

    def since(self, key: OrderKey, length: int) -> Iterator[OrderSoFar | None]:
        """An order as it stood at each moment since its log had this length."""
        for end in range(length, self.length(key) + 1):
            yield self.order(key, end)

    def claims(self) -> list[Claim]:
        orders = (self.order(key) for key in self._said)
        return [order.claim(package) for order in orders if order for package in order.packages]


def _stated(known: Facts, facts: Facts | None) -> Facts:
    """Facts that come inline leave those alone that they do not state."""
    if facts is None:
        return known
    return Facts(
        placed_at=facts.placed_at,
        category=facts.category,
        promised=facts.promised or known.promised,
        value=known.value if facts.value is None else facts.value,
    )


def _say(statements: list[Statement], at: datetime, said: Confirm) -> None:
    """One more statement, by its own time; saying again what holds already is none.

    What is said without a time is said after all before it, whatever the machine's clock shows.
    """
    if said.stated_at is None and statements:
        if statements[-1].said.says_the_same_as(said):
            return
        at = max(at, statements[-1].at + timedelta(microseconds=1))
    statements.append(Statement(said.stated_at or at, said))
    statements.sort(key=lambda statement: statement.at)
