"""Admit a new order's product category among those of its account."""

from vtr.domain.accounts import Account
from vtr.ports import Ports
from vtr.use_cases.authenticate import account_of
from vtr.use_cases.retry_on_conflict import retry_on_conflict


def admit_category(ports: Ports, account: Account, category: str) -> None:
    """Remember a category that is new; raise ``TooManyCategoriesError`` where it is one too many.

    Counts are kept by category, so their number is bounded. Nearly every order's is known, and
    nothing is read or written.
    """
    known = account if category in account.categories else account_of(ports, account.id)
    if category in known.categories:
        return
    retry_on_conflict(lambda _: ports.accounts.add_category(account.id, category))
