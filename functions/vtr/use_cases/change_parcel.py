"""Change a parcel on the version that it was read at."""

from collections.abc import Callable

from vtr.domain.errors import ConflictError
from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel
from vtr.ports import Ports

ATTEMPTS = 6


def change_parcel(
    ports: Ports, key: ParcelKey, change: Callable[[Parcel], Parcel], *, only_grows: bool = False
) -> tuple[Parcel, Parcel]:
    """Read a parcel, change it and write it back; answers it as it was and as it is.

    The first read is the cheap one. Should it be stale, the write fails on the version and the
    parcel is read again for certain; and so it is before "nothing to change" is believed, unless
    the change *only_grows* what an older parcel had less of.

    A write that fails on the version may be our own: it took effect, its answer was lost, and the
    client sent it again. So what is then found done counts as changed since it was first read.
    """
    first: Parcel | None = None
    for attempt in range(ATTEMPTS):
        before = ports.parcels.get(key, consistent=attempt > 0)
        after = change(before)
        if after == before and (attempt > 0 or only_grows):
            return first or before, before
        if after == before:
            continue
        try:
            return before, ports.parcels.save(after)
        except ConflictError:
            if attempt == ATTEMPTS - 1:
                raise
            first = first or before
    raise AssertionError  # the last attempt returns or raises
