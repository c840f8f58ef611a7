"""Make API keys, where the functions of a stack look for them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from vtr.bootstrap import AwsPorts
from vtr.domain.accounts import Scope
from vtr.use_cases import manage_keys
from vtr_local.home import Home
from vtr_local.ports import local_ports
from vtr_local.record import StackRecord

ACCOUNT = "acme"
POLICY = "amazon-us"
LOCAL_OPERATOR = "this machine"


def create_key(
    ports: AwsPorts,
    *,
    account: str,
    policy: str,
    scopes: Collection[Scope],
    days: int | None = None,
    by: str = LOCAL_OPERATOR,
) -> str:
    """Make a key for *account*, opening the account if it is new; it lasts *days*, or for ever."""
    opened = manage_keys.open_account(ports, account, policy)
    now = datetime.now(UTC)
    ends = now + timedelta(days=days) if days else None
    return manage_keys.create_key(ports, opened, scopes, now, ends, by=by)


def with_local_key(home: Home, record: StackRecord, account: str) -> StackRecord:
    """Return the record with a key of *account* that may do everything, made if there is none."""
    if account in record.keys:
        return record
    key = create_local_key(record, account=account, policy=POLICY, scopes=list(Scope))
    return record.with_key(account, key).save(home)


def create_local_key(
    record: StackRecord, *, account: str, policy: str, scopes: Collection[Scope]
) -> str:
    with local_ports(record) as ports:
        return create_key(ports, account=account, policy=policy, scopes=scopes)
