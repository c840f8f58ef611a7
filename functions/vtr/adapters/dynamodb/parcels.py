"""Parcels: what carriers said, and who claims it, in the table ``parcels``."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import reduce

from vtr.adapters.dynamodb.codec import (
    dump_end,
    dump_parcel,
    load_end,
    load_former_parcel,
    load_parcel,
)
from vtr.adapters.dynamodb.conditional_writes import delete_version, save_new, save_version
from vtr.adapters.dynamodb.table_keys import parcel_pk
from vtr.adapters.dynamodb.tables import ParcelItem, RawItem
from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerParcel(Parcel):
    """A parcel found under keys that it had before; its next save is under the present one.

    ``version`` is that of its former item, from which the new one goes on, so that rows judged by
    it stay older than those judged by the new one.
    """


class DynamoParcels:
    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        try:
            item = ParcelItem.get(parcel_pk(key), consistent_read=consistent)
        except ParcelItem.DoesNotExist:
            return self._former(key, consistent=consistent) or Parcel(key=key)
        return _parcel(key, item.raw)

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]:
        wanted = {parcel_pk(key): key for key in keys}
        found = {
            (key := wanted[item["pk"]["S"]]): _parcel(key, item)
            for item in ParcelItem.raw_of(wanted)
        }
        missing = [key for key in wanted.values() if key not in found]
        owners = {pk: key for key in missing for pk in key.former}
        for item in ParcelItem.raw_of(owners):
            key = owners[pk := item["pk"]["S"]]
            former = _former_parcel(key, pk, item)
            found[key] = _joined(found[key], former) if key in found else former
        return found

    def save(self, parcel: Parcel) -> Parcel:
        item = ParcelItem(parcel_pk(parcel.key))
        item.parcel = dump_parcel(parcel)
        item.expiration = dump_end(parcel.kept_until)
        what = f"the parcel {parcel.key.number}"
        if isinstance(parcel, FormerParcel):
            version = save_new(item, parcel.version, what)
            held = {each.name: getattr(parcel, each.name) for each in fields(Parcel)}
            return Parcel(**{**held, "version": version})
        return replace(parcel, version=save_version(item, parcel.version, what))

    def delete(self, parcel: Parcel) -> None:
        item = ParcelItem(parcel_pk(parcel.key))
        delete_version(item, parcel.version, f"the parcel {parcel.key.number}")

    def delete_former(self, key: ParcelKey) -> None:
        with suppress(ParcelItem.DoesNotExist):
            ParcelItem.get(parcel_pk(key), consistent_read=True)
            for pk in key.former:
                ParcelItem(pk).delete(add_version_condition=False)

    def _former(self, key: ParcelKey, *, consistent: bool) -> FormerParcel | None:
        """What lies under the parcel's former keys, as one; looked for where it is not present."""
        found = []
        for pk in key.former:
            with suppress(ParcelItem.DoesNotExist):
                item = ParcelItem.get(pk, consistent_read=consistent)
                found.append(_former_parcel(key, pk, item.raw))
        return reduce(_joined, found) if found else None


def _parcel(key: ParcelKey, item: RawItem) -> Parcel:
    known = load_parcel(item["parcel"]["S"], key, int(item["version"]["N"]))
    return replace(known, kept_until=load_end(item))


def _former_parcel(key: ParcelKey, pk: str, item: RawItem) -> FormerParcel:
    carrier = pk.partition("#")[0]
    former = load_former_parcel(item["parcel"]["S"], key, int(item["version"]["N"]), carrier)
    return FormerParcel(**{each.name: getattr(former, each.name) for each in fields(Parcel)})


def _joined(one: Parcel, other: Parcel) -> FormerParcel:
    claims = [*one.claims.values(), *other.claims.values()]
    claims.sort(key=lambda claim: claim.revision)
    return FormerParcel(
        key=one.key,
        evidence=one.evidence.merge(other.evidence),
        claims={claim.key: claim for claim in claims},
        withdrawn={**other.withdrawn, **one.withdrawn},
        version=max(one.version, other.version),
    )
