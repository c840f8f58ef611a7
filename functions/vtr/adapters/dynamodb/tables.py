"""PynamoDB items; nothing above ``vtr.adapters`` sees a Model.

orders    pk <account>#<order>                   one item an order: facts, packages, history
parcels   pk <number>                            one item a number: evidence and claims
packages  pk <account>#<anchor day>#<shard>      sk <category>#<order>#<package>
rates     pk <account>                           sk BUCKET#<day>#<shard>  counts of one bucket
                                                    RATE#current          counts by day
                                                    REPORT#<id>           a report asked for
accounts  pk ACCOUNTS#<part>                     sk <account>
          pk KEY#<id>                            sk KEY
          pk KEYS#<account>                      sk <moment>#<key>     what was done to a key
          pk HOLDS#<account>                     sk <moment>#<order>   what was done to a hold
          pk WAIVERS#<policy>                    sk <name>
          pk ERASURES#<subject>                  sk <moment>#<digest>  a receipt
transient pk ALLOWANCE#<account>#<what>#<minute> what is spent of a minute's allowance
          pk USED#<key>                          the last day on which a key was used
          pk IDEMPOTENCY#<hash>                  a response kept for replay (Powertools' own)

``expiration``, in seconds since the epoch, is when DynamoDB may delete an item. It takes days to do
so, and shows the item until then: nothing here relies on its absence.

What belongs together is one JSON text: it is written whole, every attribute adds its name to every
item, and DynamoDB's own maps cost ten times as much to parse.
"""

from collections.abc import Iterable, Iterator, Mapping
from time import sleep
from typing import Any, Self

from botocore.session import Session
from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.connection import Connection
from pynamodb.models import Model

from vtr.adapters.aws_clients import BUDGETS, KeySerializer
from vtr.domain.backoff import backoff
from vtr.domain.errors import ThrottledError


class _Meta:
    """What every table has. ``bootstrap`` sets the table's name once it is known."""

    table_name = ""


BATCH = 100
"""Items that DynamoDB returns per call."""

UNREAD_ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 8, 0.05, 1.0
"""How often the unread rest of a batch is requested, and with which pauses."""

RawItem = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB returns it: each value under the name of its type."""


class _Item(Model):
    """What every item has. Reads bypass PynamoDB's own deserialization, which is ten times slower.

    All numbers are integers. ``raw`` is the item as it was read.
    """

    raw: RawItem

    @classmethod
    def raw_of(cls, pks: Iterable[str], *, consistent: bool = False) -> Iterator[RawItem]:
        """Yield the items that exist, as they are read, in no order; *pks* must be distinct."""
        keys: list[Any] = [{"pk": {"S": pk}} for pk in pks]
        pauses = backoff(UNREAD_ATTEMPTS, first=FIRST_PAUSE_SECONDS, longest=LONGEST_PAUSE_SECONDS)
        while keys:
            found = cls._get_connection().batch_get_item(keys[:BATCH], consistent_read=consistent)
            yield from found["Responses"][cls.Meta.table_name]
            unread = found["UnprocessedKeys"].get(cls.Meta.table_name, {"Keys": []})
            keys = keys[BATCH:] + unread["Keys"]
            if unread["Keys"]:  # DynamoDB asks for backoff after a partial response
                if (pause := next(pauses, None)) is None:
                    raise ThrottledError
                sleep(pause)

    @classmethod
    def from_raw_data(cls, data: RawItem) -> Self:
        item = cls.__new__(cls)
        item.raw = data
        item.attribute_values = {
            name: int(value) if kind == "N" else value
            for name, typed in data.items()
            for kind, value in typed.items()
        }
        return item


class OrderItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    order = UnicodeAttribute()
    version = VersionAttribute()
    expiration = NumberAttribute(null=True)


class ParcelItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    parcel = UnicodeAttribute()
    version = VersionAttribute()
    expiration = NumberAttribute(null=True)


class PackageItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    confirmation = UnicodeAttribute()
    evidence = UnicodeAttribute()
    revision = NumberAttribute()
    parcel_version = NumberAttribute()
    moved = BooleanAttribute(null=True)
    expiration = NumberAttribute(null=True)


class RateItem(_Item):
    """Counts of a bucket, an account's counts by day, or a report that was asked for.

    ``counted_from`` is when a bucket's count began, in microseconds since the epoch. ``version``
    counts the writes of the counts by day.
    """

    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    counts = BinaryAttribute(null=True, legacy_encoding=False)
    counted_from = NumberAttribute(null=True)
    version = NumberAttribute(null=True)
    report = UnicodeAttribute(null=True)
    expiration = NumberAttribute(null=True)


class AccountItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    content = UnicodeAttribute()


class TransientItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    expiration = NumberAttribute()
    taken = NumberAttribute(null=True)
    day = UnicodeAttribute(null=True)


TABLES: dict[str, type[Model]] = {
    "orders": OrderItem,
    "parcels": ParcelItem,
    "packages": PackageItem,
    "rates": RateItem,
    "accounts": AccountItem,
    "transient": TransientItem,
}


def bind_tables(names: Mapping[str, str], session: Session) -> None:
    """Bind the models to the deployed tables, with one client for all of them.

    Otherwise each model creates a client and a session of its own on first use; creating a client
    takes longer than the rest of a cold start.
    """
    budget = BUDGETS["dynamodb"]
    client = Connection(
        connect_timeout_seconds=budget.connect_seconds,
        read_timeout_seconds=budget.read_seconds,
        max_retry_attempts=budget.attempts - 1,
    )
    client._local.session = session  # noqa: SLF001 - PynamoDB has no public way to share one
    # Create the client during init, where CPU is free, not on the first call.
    client.client._serializer = KeySerializer()  # type: ignore[attr-defined]  # noqa: SLF001 - botocore takes none
    for table, name in names.items():
        bound: Any = TABLES[table]
        bound.Meta.table_name = name
        bound._connection = None  # noqa: SLF001 - PynamoDB has no public way to share a client
        connection = bound._get_connection()  # noqa: SLF001
        client.add_meta_table(connection.get_meta_table())
        connection.connection = client
