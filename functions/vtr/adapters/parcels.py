"""What carriers said and who claims it, in the table ``parcels``."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vtr.adapters.codec import dump_parcel, load_parcel
from vtr.adapters.keys import parcel_key, parcel_pk
from vtr.adapters.tables import ParcelItem
from vtr.adapters.versions import save_version
from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel


class DynamoParcels:
    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        try:
            item = ParcelItem.get(parcel_pk(key), consistent_read=consistent)
        except ParcelItem.DoesNotExist:
            return Parcel(key=key)
        return _parcel(item)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        wanted = {parcel_pk(key) for key in keys}
        parcels = (_parcel(item) for item in ParcelItem.batch_get(wanted))
        return {parcel.key: parcel for parcel in parcels}

    def save(self, parcel: Parcel) -> Parcel:
        item = ParcelItem(parcel_pk(parcel.key))
        item.parcel = dump_parcel(parcel)
        version = save_version(item, parcel.version, f"a parcel of {parcel.key.carrier}")
        return replace(parcel, version=version)


def _parcel(item: ParcelItem) -> Parcel:
    return load_parcel(item.parcel, parcel_key(item.pk), int(item.version))
