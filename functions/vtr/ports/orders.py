"""What the use cases need of orders."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from vtr.domain.orders import Order


class Orders(Protocol):
    """What sellers said."""

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None: ...

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Order]:
        """Return those of these orders (account, id) that exist; strongly consistent."""
        ...

    def save(self, order: Order) -> Order:
        """Save the order if its version is unchanged; return it with its new version.

        Raise ``ConflictError`` if it was written in between.
        """
        ...

    def delete(self, order: Order) -> None:
        """Delete the order if its version is unchanged, or if it is gone already.

        Raise ``ConflictError`` if it was written in between.
        """
        ...

    def of_account(self, account: str) -> Iterator[Order]:
        """Yield every order of an account; strongly consistent.

        No index leads to them: every order of every account is read. For an operator alone; no
        function may do it.
        """
        ...
