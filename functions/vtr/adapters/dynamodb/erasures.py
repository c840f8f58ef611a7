"""The receipts of erasures, in the table ``accounts``."""

from collections.abc import Sequence

from vtr.adapters.dynamodb.codec import dump, load
from vtr.adapters.dynamodb.table_keys import erasure_sk, erasures_pk
from vtr.adapters.dynamodb.tables import AccountItem
from vtr.domain.erasures import Erasure, Subject


class DynamoErasures:
    def save(self, erasure: Erasure) -> None:
        sk = erasure_sk(erasure.began_at, erasure.digest)
        AccountItem(erasures_pk(erasure.subject), sk, content=dump(erasure)).save()

    def of(self, subject: Subject) -> Sequence[Erasure]:
        found = AccountItem.query(erasures_pk(subject), consistent_read=True)
        return [load(item.content, Erasure) for item in found]
