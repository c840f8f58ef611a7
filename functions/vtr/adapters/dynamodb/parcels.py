"""What carriers said and who claims it, in the table ``parcels``."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vtr.adapters.dynamodb.codec import dump_parcel, load_parcel
from vtr.adapters.dynamodb.conditional_writes import save_version
from vtr.adapters.dynamodb.table_keys import parcel_pk
from vtr.adapters.dynamodb.tables import ParcelItem, RawItem
from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel


class DynamoParcels:
    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        try:
            item = ParcelItem.get(parcel_pk(key), consistent_read=consistent)
        except ParcelItem.DoesNotExist:
            return Parcel(key=key)
        return _parcel(key, item.raw)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        wanted = {parcel_pk(key): key for key in keys}
        found = ParcelItem.raw_of(wanted)
        return {(key := wanted[item["pk"]["S"]]): _parcel(key, item) for item in found}

    def save(self, parcel: Parcel) -> Parcel:
        item = ParcelItem(parcel_pk(parcel.key))
        item.parcel = dump_parcel(parcel)
        version = save_version(item, parcel.version, f"a parcel of {parcel.key.carrier}")
        return replace(parcel, version=version)


def _parcel(key: ParcelKey, item: RawItem) -> Parcel:
    return load_parcel(item["parcel"]["S"], key, int(item["version"]["N"]))
