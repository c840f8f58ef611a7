"""What sellers are answered at once: whatever raced, it must have been right at some moment."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from simulation.log import OrderSoFar
from simulation.oracle import Oracle
from simulation.played import told
from simulation.story import Cancel, Confirm, Place, Reported, Said
from simulation.translation import facts_of, submission_of
from vtr.domain.errors import (
    CategoryFrozenError,
    DeliveredError,
    OrderBeingErasedError,
    OrderFactsMissingError,
    OrderNotFoundError,
)
from vtr.use_cases import submit

if TYPE_CHECKING:
    from simulation.player import Player


class Answers:
    """Makes sellers' calls and checks the responses. ``recorded`` scans were surely recorded."""

    def __init__(self, player: "Player") -> None:
        self._player = player
        self.recorded: set[Reported] = set()

    def to(self, said: Said, now: datetime) -> None:
        try:
            match said:
                case Confirm():
                    self._confirm(said, now)
                case Place():
                    self._place(said, now)
                case Cancel():
                    self._cancel(said, now)
        except OrderBeingErasedError:
            if not self._player.was_being_erased(said.key, now):
                self._refused(said, "being erased")

    def _place(self, said: Place, now: datetime) -> None:
        account = self._player.accounts[said.account]
        facts, length = facts_of(said.facts), self._player.log.length(said.key)
        try:
            submit.place_order(self._player.stage.ports, account, said.order, facts, now)
        except CategoryFrozenError:
            self._check_frozen(said, length)

    def _cancel(self, said: Cancel, now: datetime) -> None:
        account = self._player.accounts[said.account]
        length = self._player.log.length(said.key)
        try:
            submit.cancel_order(self._player.stage.ports, account, said.order, said.at, now)
        except OrderNotFoundError:
            if not self._player.log.was_unknown(said.key, length):
                self._refused(said, "not found")

    def _confirm(self, said: Confirm, now: datetime) -> None:
        player = self._player
        length, recorded = player.log.length(said.key), frozenset(self.recorded)
        account = player.accounts[said.account]
        try:
            submit.confirm_package(player.stage.ports, account, submission_of(said), now)
        except OrderFactsMissingError:
            if not player.log.was_unknown(said.key, length) or said.facts is not None:
                self._refused(said, "order unknown")
        except CategoryFrozenError:
            self._check_frozen(said, length)
        except DeliveredError:
            if not self._was_delivered(said, length, now, recorded):
                self._refused(said, "delivered")
        else:
            self._check_acceptance(said, length)
            if self._must_be_refused(said, length, now, recorded):
                player.played.differs(f"acceptance of {told(said)}", "delivered", "accepted")

    def _check_frozen(self, said: Place | Confirm, length: int) -> None:
        """It is frozen if another one held at some moment of the call."""
        held = {order.facts.category for order in self._player.log.since(said.key, length) if order}
        if said.facts is None or not held - {said.facts.category}:
            self._refused(said, "category frozen")

    def _check_acceptance(self, said: Confirm, length: int) -> None:
        """What was accepted was written, or was said already at some moment of the call."""
        log = self._player.log
        if log.has(said, since=length):
            return
        if not any(_says(order, said) for order in log.since(said.key, length)):
            self._player.played.differs(
                f"acceptance of {told(said)}", "written, or said before", "neither"
            )

    def _was_delivered(
        self, said: Confirm, length: int, now: datetime, recorded: Iterable[Reported]
    ) -> bool:
        """Whether the carrier had delivered what the package named, at some moment of the call.

        With the scans recorded before the call, or with all that were sent during it.
        """
        claims = [
            order.claim(said.package)
            for order in self._player.log.since(said.key, length)
            if order is not None and said.package in order.packages
        ]
        story, edited_at = self._player.story, said.stated_at or now
        return any(
            Oracle(story, [], scans, []).delivered_before(claim, edited_at)
            for scans in (recorded, self._player.scans)
            for claim in claims
        )

    def _must_be_refused(
        self, said: Confirm, length: int, now: datetime, recorded: Iterable[Reported]
    ) -> bool:
        """Whether an edit came after a delivery that was known, and nothing raced it."""
        log = self._player.log
        before = log.order(said.key, length) if length else None
        alone = log.has(said, since=length) and log.length(said.key) == length + 1
        if not alone or said.stated_at or before is None or said.package not in before.packages:
            return False
        claim = before.claim(said.package)
        return not claim.said.says_the_same_as(said) and all(
            Oracle(self._player.story, [], scans, []).delivered_before(claim, now)
            for scans in (recorded, self._player.scans)
        )

    def _refused(self, said: Said, why: str) -> None:
        self._player.played.differs(f"refusal of {told(said)}", "accepted", why)


def _says(order: OrderSoFar | None, said: Confirm) -> bool:
    statements = order.packages.get(said.package) if order else None
    if not statements:
        return False
    return said.stated_at is not None or statements[-1].said.says_the_same_as(said)
