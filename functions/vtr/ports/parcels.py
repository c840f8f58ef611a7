"""What the use cases need of parcels."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel


class Parcels(Protocol):
    """What carriers said, and who claims it."""

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        """The parcel; an empty one of version 0 where nothing is known."""
        ...

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]: ...

    def save(self, parcel: Parcel) -> Parcel:
        """Write a parcel read at ``parcel.version``; answers it with its new version.

        Raises ConflictError if it was written in between.
        """
        ...
