"""Holds and who placed them, in the table ``accounts``."""

from collections.abc import Sequence

from vtr.adapters.dynamodb.codec import dump, load
from vtr.adapters.dynamodb.table_keys import hold_change_sk, hold_changes_pk
from vtr.adapters.dynamodb.tables import AccountItem
from vtr.domain.holds import HoldChange


class DynamoHolds:
    def record(self, change: HoldChange) -> None:
        sk = hold_change_sk(change.at, change.order_id)
        AccountItem(hold_changes_pk(change.account), sk, content=dump(change)).save()

    def changes(self, account: str) -> Sequence[HoldChange]:
        found = AccountItem.query(hold_changes_pk(account), consistent_read=True)
        return [load(item.content, HoldChange) for item in found]
