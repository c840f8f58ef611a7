"""Erase an account: its orders and their packages, its counts, reports, keys and secrets.

It is closed first, so that nothing is accepted or counted meanwhile; the account itself, by which a
run that was cut off is taken up again, is deleted last. What was done to its keys, and by whom,
stays on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vtr.domain.accounts import Account
from vtr.domain.erasures import Days, Erasure, Subject
from vtr.domain.errors import AccountNotFoundError
from vtr.domain.packages import BucketKey
from vtr.ports import Ports
from vtr.use_cases.erase import (
    Command,
    begin,
    end,
    erase_bodies,
    erase_reports,
    find_receipt,
    note,
)
from vtr.use_cases.erase_order import (
    clear_order,
    days_of,
    forget_order,
    numbers_of,
    require_not_held,
)
from vtr.use_cases.manage_keys import list_keys, revoke_key
from vtr.use_cases.manage_sources import list_sources, remove_source
from vtr.use_cases.retry_on_conflict import retry_on_conflict


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of an account, by id, and what is looked for in bodies on their behalf."""

    ids: Sequence[str]
    packages: int
    numbers: frozenset[str]
    days: Days


def erase_account(ports: Ports, account_id: str, command: Command) -> Erasure:
    """Erase an account; return the receipt. An account may be opened anew under its name.

    One that is gone already, by a run that was cut off at its end, is only recorded as done. Raise
    ``AccountNotFoundError`` if there never was one.
    """
    account = ports.accounts.get(account_id, consistent=True)
    if account is None:
        unfinished = find_receipt(ports, Subject.ACCOUNT, account_id)
        if unfinished is None:
            raise AccountNotFoundError(
                f"There is no account {account_id}. Check its name; it is case-sensitive."
            )
        return end(ports, note(ports, unfinished, accounts=1), command.clock())
    _require_no_hold(ports, account_id, command.clock())
    receipt = begin(ports, command, Subject.ACCOUNT, account_id)
    receipt = note(ports, receipt, keys=_close(ports, account, command))
    command.wait()  # functions have the account in memory, and requests are on their way
    orders = _clear(ports, account, command)
    command.wait()
    receipt = note(ports, receipt, **_erase_content(ports, account, orders, command))
    sources = _remove_sources(ports, account_id)
    for key, _ in list_keys(ports, account_id):
        ports.keys.delete(key.id)
    ports.accounts.delete(account_id)
    return end(ports, note(ports, receipt, sources=sources, accounts=1), command.clock())


def _require_no_hold(ports: Ports, account_id: str, now: datetime) -> None:
    for order in ports.orders.of_account(account_id):
        require_not_held(order, now)


def _close(ports: Ports, account: Account, command: Command) -> int:
    """Close an account and revoke its keys; return how many keys it has."""
    now = command.clock()
    retry_on_conflict(lambda _: ports.accounts.close(account.id, now))
    keys = [key for key, _ in list_keys(ports, account.id)]
    for key in keys:
        if key.is_live(now):
            revoke_key(ports, key.id, now, by=command.by)
    return len(keys)


def _clear(ports: Ports, account: Account, command: Command) -> _Orders:
    """Take every order out of all counts. No index finds them: the whole table is read."""
    now = command.clock()
    ids: list[str] = []
    numbers: set[str] = set()
    packages, days = 0, Days(now.date(), now.date())
    for found in ports.orders.of_account(account.id):
        order = clear_order(ports, account, found.order_id, now)
        ids.append(order.order_id)
        packages += len(order.packages)
        numbers |= numbers_of(ports, order, shared=command.shared)
        days = days.spanning(days_of(order, now))
    return _Orders(ids, packages, frozenset(numbers), days)


def _erase_content(
    ports: Ports, account: Account, orders: _Orders, command: Command
) -> dict[str, int]:
    reports = ports.reports.of_account(account.id)
    erased = erase_reports(ports, reports, with_jobs=True)
    bodies = erase_bodies(ports, command, orders.numbers, orders.days, account=account.id)
    _forget(ports, account, orders.ids, command.clock())
    counts = _erase_counts(ports, account)
    ended = sorted(ports.ended_days.buckets(account.id, date.min, date.max))
    for bucket in ended:
        ports.ended_days.delete(bucket)
    return {
        **bodies._asdict(),
        "orders": len(orders.ids),
        "packages": orders.packages,
        "reports": erased,
        "counts": counts,
        "ended_days": len(ended),
    }


def _forget(ports: Ports, account: Account, ids: Sequence[str], now: datetime) -> None:
    for order_id in ids:
        order = ports.orders.get(account.id, order_id, consistent=True)
        if order is not None:
            forget_order(ports, account, order, now)
            ports.orders.delete(order)


def _erase_counts(ports: Ports, account: Account) -> int:
    """Delete all counts, and rows that no order knew, in each bucket that was ever counted."""
    for bucket in _buckets(ports, account):
        ports.packages.delete_bucket(bucket)
    return ports.rates.delete_account(account.id)


def _buckets(ports: Ports, account: Account) -> Sequence[BucketKey]:
    return sorted(ports.rates.buckets(account.id, date.min, date.max))


def _remove_sources(ports: Ports, account_id: str) -> int:
    mine = [setup.source for setup in list_sources(ports) if setup.account == account_id]
    for source in mine:
        remove_source(ports, source, account_id)
    return len(mine)
