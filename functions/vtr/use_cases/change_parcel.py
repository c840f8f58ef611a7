"""Change a parcel if its version is unchanged."""

from collections.abc import Callable

from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel
from vtr.ports import Ports
from vtr.use_cases.retry_on_conflict import retry_on_conflict


def change_parcel(
    ports: Ports, key: ParcelKey, change: Callable[[Parcel], Parcel], *, only_grows: bool = False
) -> tuple[Parcel, Parcel]:
    """Read a parcel, change it and save it; return it as it was and as it is.

    The first read is eventually consistent. If it is stale, the save conflicts and the parcel is
    read again. "Nothing to change" is confirmed by a strongly consistent read, unless the change
    *only_grows* the parcel: what a stale parcel has already, the current one has too.

    A conflict may be our own earlier attempt whose response was lost. Then the change is already
    there and still counts as made by this call.
    """
    seen: list[Parcel] = []

    def attempt(consistent: bool) -> tuple[Parcel, Parcel]:  # noqa: FBT001 - retry's own call
        before = ports.parcels.get(key, consistent=consistent)
        after = change(before)
        if after == before and not (consistent or only_grows):
            before = ports.parcels.get(key, consistent=True)
            after = change(before)
        if after == before:
            return (seen[0] if seen else before), before
        seen.append(before)
        return before, ports.parcels.save(after)

    return retry_on_conflict(attempt)
