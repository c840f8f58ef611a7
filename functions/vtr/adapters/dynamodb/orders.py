"""Orders: what sellers said, in the table ``orders``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from vtr.adapters.dynamodb.codec import dump, dump_end, load, load_end
from vtr.adapters.dynamodb.conditional_writes import delete_version, save_version
from vtr.adapters.dynamodb.table_keys import order_pk
from vtr.adapters.dynamodb.tables import OrderItem, RawItem
from vtr.domain.orders import Order


class DynamoOrders:
    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:
        try:
            item = OrderItem.get(order_pk(account, order_id), consistent_read=consistent)
        except OrderItem.DoesNotExist:
            return None
        return _order(item.raw)

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Order]:
        wanted = {order_pk(account, order_id) for account, order_id in keys}
        orders = map(_order, OrderItem.raw_of(wanted, consistent=True))
        return {(order.account, order.order_id): order for order in orders}

    def save(self, order: Order) -> Order:
        item = OrderItem(order_pk(order.account, order.order_id))
        item.order = dump(replace(order, version=0, kept_until=None))
        item.expiration = dump_end(order.kept_until)
        version = save_version(item, order.version, f"order {order.order_id}")
        return replace(order, version=version)

    def delete(self, order: Order) -> None:
        item = OrderItem(order_pk(order.account, order.order_id))
        delete_version(item, order.version, f"order {order.order_id}")

    def of_account(self, account: str) -> Iterator[Order]:
        mine = OrderItem.pk.startswith(order_pk(account, ""))
        for item in OrderItem.scan(mine, consistent_read=True):
            yield _order(item.raw)


def _order(item: RawItem) -> Order:
    known = load(item["order"]["S"], Order)
    return replace(known, version=int(item["version"]["N"]), kept_until=load_end(item))
