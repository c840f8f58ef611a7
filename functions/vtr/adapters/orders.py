"""What sellers said, in the table ``orders``."""

from dataclasses import replace

from vtr.adapters.codec import dump, load
from vtr.adapters.keys import order_pk
from vtr.adapters.tables import OrderItem
from vtr.adapters.versions import save_version
from vtr.domain.packages import Order


class DynamoOrders:
    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None:
        try:
            item = OrderItem.get(order_pk(account, order_id), consistent_read=consistent)
        except OrderItem.DoesNotExist:
            return None
        return replace(load(item.order, Order), version=item.version)

    def save(self, order: Order) -> Order:
        item = OrderItem(order_pk(order.account, order.order_id))
        item.order = dump(replace(order, version=0))
        version = save_version(item, order.version, f"order {order.order_id}")
        return replace(order, version=version)
