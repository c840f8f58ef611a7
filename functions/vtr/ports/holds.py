"""What the use cases need of holds: the record of who held which order, and let it go."""

from collections.abc import Sequence
from typing import Protocol

from vtr.domain.holds import HoldChange


class Holds(Protocol):
    def record(self, change: HoldChange) -> None:
        """Record permanently what was done to an order's hold."""
        ...

    def changes(self, account: str) -> Sequence[HoldChange]:
        """Return all that was ever done to an account's holds, oldest first."""
        ...
