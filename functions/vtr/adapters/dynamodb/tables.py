"""PynamoDB items; nothing above ``vtr.adapters`` sees a Model.

orders    pk <account>#<order>                   one item an order: facts, packages, history
parcels   pk <carrier>#<number>                  one item a parcel: evidence and claims
packages  pk <account>#<anchor day>#<shard>      sk <category>#<order>#<package>
rates     pk <account>                           sk BUCKET#<day>#<shard>  counts of one bucket
                                                    RATE#current          counts by day
                                                    REPORT#<id>           a report asked for
accounts  pk ACCOUNTS#<part>                     sk <account>
          pk KEY#<id>                            sk KEY
          pk KEYS#<account>                      sk <moment>#<key>     what was done to a key
          pk WAIVERS#<policy>                    sk <name>
transient pk ALLOWANCE#<account>#<what>#<minute> what is taken of a minute's allowance
          pk USED#<key>                          the last day on which a key was used
          pk IDEMPOTENCY#<hash>                  an answer kept for repetition (Powertools' own)

What belongs together is one JSON text: it is written whole, an attribute costs its name in every
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

from vtr.adapters.aws_clients import KeySerializer
from vtr.domain.backoff import backoff
from vtr.domain.errors import ThrottledError

CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 5


class _Meta:
    """What every table has. ``bootstrap`` puts the table's name in when it is known."""

    table_name = ""
    connect_timeout_seconds = CONNECT_TIMEOUT_SECONDS
    read_timeout_seconds = READ_TIMEOUT_SECONDS


BATCH = 100
"""Items that DynamoDB answers at once."""

UNREAD_ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 8, 0.05, 1.0
"""How often what was left unread of a batch is asked for again, and after which pauses."""

RawItem = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB answers it: each value under the name of its type."""


class _Item(Model):
    """What every item has: it is read past PynamoDB's general way, which takes ten times as long.

    Numbers are whole: nothing here is kept as a fraction. ``raw`` is the item as it was read.
    """

    raw: RawItem

    @classmethod
    def raw_of(cls, pks: Iterable[str], *, consistent: bool = False) -> Iterator[RawItem]:
        """Those items that are there, as they are read, in no order; *pks* differ."""
        keys: list[Any] = [{"pk": {"S": pk}} for pk in pks]
        pauses = backoff(UNREAD_ATTEMPTS, first=FIRST_PAUSE_SECONDS, longest=LONGEST_PAUSE_SECONDS)
        while keys:
            found = cls._get_connection().batch_get_item(keys[:BATCH], consistent_read=consistent)
            yield from found["Responses"][cls.Meta.table_name]
            unread = found["UnprocessedKeys"].get(cls.Meta.table_name, {"Keys": []})
            keys = keys[BATCH:] + unread["Keys"]
            if unread["Keys"]:  # as DynamoDB asks of who was answered in part
                if (pause := next(pauses, None)) is None:
                    raise ThrottledError(f"{cls.Meta.table_name} gives no more reads for now.")
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


class ParcelItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    parcel = UnicodeAttribute()
    version = VersionAttribute()


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


class RateItem(_Item):
    """Counts of a bucket, an account's counts by day, or a report that was asked for.

    ``counted_from`` is when a bucket's count began, in microseconds since the epoch; ``version``
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


class AccountItem(_Item):
    class Meta(_Meta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    content = UnicodeAttribute()


class TransientItem(_Item):
    """``expiration``, in seconds since the epoch, is when DynamoDB may forget the item."""

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
    """Give the models the names of the deployed tables, and one client for all of them.

    Left alone, each model makes a client of its own when it is first used, in a session of its
    own, and a client takes longer to make than all else that a function does when it starts.
    """
    client = Connection(
        connect_timeout_seconds=CONNECT_TIMEOUT_SECONDS,
        read_timeout_seconds=READ_TIMEOUT_SECONDS,
    )
    client._local.session = session  # noqa: SLF001 - PynamoDB has no public way to share one
    # Made now, not by the first call: it may be that a function starts.
    client.client._serializer = KeySerializer()  # type: ignore[attr-defined]  # noqa: SLF001 - botocore takes none
    for table, name in names.items():
        bound: Any = TABLES[table]
        bound.Meta.table_name = name
        bound._connection = None  # noqa: SLF001 - PynamoDB has no public way to share a client
        connection = bound._get_connection()  # noqa: SLF001
        client.add_meta_table(connection.get_meta_table())
        connection.connection = client
