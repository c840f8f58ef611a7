"""Count what an erasure would take away; change nothing."""

from vtr.domain.accounts import Account
from vtr.domain.erasures import Subject
from vtr.domain.errors import AccountNotFoundError, OrderNotFoundError
from vtr.ports import Ports
from vtr.use_cases.erase import Command, erase_bodies, find_receipt
from vtr.use_cases.erase_order import days_of, ended_days_with, numbers_of, reports_with
from vtr.use_cases.manage_keys import list_keys
from vtr.use_cases.manage_sources import list_sources


def preview_order(
    ports: Ports, account: Account, order_id: str, command: Command
) -> dict[str, int]:
    """Return what ``erase_order`` would erase, by place; nothing, if only its receipt is open."""
    order = ports.orders.get(account.id, order_id, consistent=True)
    if order is None:
        ended = ended_days_with(ports, account, order_id)
        if ended or find_receipt(ports, Subject.ORDER, account.id, order_id):
            return {"ended_days": len(ended)}
        raise OrderNotFoundError(f"There is no order {order_id}. Check the order id.")
    numbers = numbers_of(ports, order, shared=command.shared)
    days = days_of(order, command.clock())
    bodies = erase_bodies(ports, command, numbers, days, dry_run=True)
    return {
        "orders": 1,
        "packages": len(order.packages),
        "reports": len(reports_with(ports, account, order)),
        **bodies._asdict(),
    }


def preview_account(ports: Ports, account_id: str) -> dict[str, int]:
    """Return what ``erase_account`` would erase, by place, but for the bodies.

    It reads every order of every account, as the erasure itself does.
    """
    if ports.accounts.get(account_id, consistent=True) is None:
        if find_receipt(ports, Subject.ACCOUNT, account_id):
            return {}
        raise AccountNotFoundError(
            f"There is no account {account_id}. Check its name; it is case-sensitive."
        )
    packages = [len(order.packages) for order in ports.orders.of_account(account_id)]
    return {
        "accounts": 1,
        "orders": len(packages),
        "packages": sum(packages),
        "reports": len(ports.reports.of_account(account_id)),
        "keys": len(list_keys(ports, account_id)),
        "sources": sum(setup.account == account_id for setup in list_sources(ports)),
    }
