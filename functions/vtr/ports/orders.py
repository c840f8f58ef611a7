"""What the use cases need of orders."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from vtr.domain.orders import Order


class Orders(Protocol):
    """What sellers said."""

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None: ...

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Order]:
        """The orders of these accounts and ids that are there; strongly consistent."""
        ...

    def save(self, order: Order) -> Order:
        """Write an order read at ``order.version``; answers it with its new version.

        Raises ConflictError if it was written in between.
        """
        ...
