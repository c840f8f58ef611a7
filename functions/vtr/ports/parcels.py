"""What the use cases need of parcels."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from vtr.domain.packages import ParcelKey
from vtr.domain.parcels import Parcel


class Parcels(Protocol):
    """What carriers said, and who claims it."""

    def get(self, key: ParcelKey, *, consistent: bool = False) -> Parcel:
        """Return the parcel; an empty one of version 0 if nothing is known."""
        ...

    def get_many(self, keys: Iterable[ParcelKey]) -> Mapping[ParcelKey, Parcel]: ...

    def save(self, parcel: Parcel) -> Parcel:
        """Save the parcel if its version is unchanged; return it with its new version.

        Raise ``ConflictError`` if it was written in between.
        """
        ...

    def delete(self, parcel: Parcel) -> None:
        """Delete the parcel if its version is unchanged, or if it is gone already.

        Raise ``ConflictError`` if it was written in between.
        """
        ...

    def delete_former(self, key: ParcelKey) -> None:
        """Delete what lies under the parcel's former keys, if its present key has all of it."""
        ...
