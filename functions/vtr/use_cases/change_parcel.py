"""Change a parcel if its version is unchanged."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import months_kept, policy_for
from vtr.use_cases.retry_on_conflict import retry_on_conflict


def change_parcel(
    ports: Ports,
    key: ParcelKey,
    change: Callable[[Parcel], Parcel],
    now: datetime,
    *,
    only_grows: bool = False,
) -> tuple[Parcel, Parcel]:
    """Read a parcel, change it and save it; return it as it was and as it is.

    What has expired is as if it were not there, and falls away with the next write.

    The first read is eventually consistent. If it is stale, the save conflicts and the parcel is
    read again. "Nothing to change" is confirmed by a strongly consistent read, unless the change
    *only_grows* the parcel: what a stale parcel has already, the current one has too.

    A conflict may be our own earlier attempt whose response was lost. Then the change is already
    there and still counts as made by this call.
    """
    seen: list[Parcel] = []

    def attempt(consistent: bool) -> tuple[Parcel, Parcel]:  # noqa: FBT001 - retry's own call
        before = parcel_now(ports, key, now, consistent=consistent)
        after = change(before)
        if after == before and not (consistent or only_grows):
            before = parcel_now(ports, key, now, consistent=True)
            after = change(before)
        if after == before:
            return (seen[0] if seen else before), before
        seen.append(before)
        kept = after.kept(partial(policy_for, ports), months_kept(), now)
        return before, ports.parcels.save(kept)

    return retry_on_conflict(attempt)


def parcel_now(ports: Ports, key: ParcelKey, now: datetime, *, consistent: bool) -> Parcel:
    """Return a parcel without what has expired: the store takes days to delete that."""
    known = ports.parcels.get(key, consistent=consistent)
    return known.without_expired(partial(policy_for, ports), months_kept(), now)
