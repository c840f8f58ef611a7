"""What the use cases need to ingest scans: deliveries, sources, carriers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from vtr.domain.deliveries import AcceptedDelivery


class Deliveries(Protocol):
    """Webhook bodies that were accepted and are not yet recorded."""

    def send(self, delivery: AcceptedDelivery, *, archived: bool = False, parts: int = 1) -> None:
        """Make a delivery durable; once this returns it survives a crash.

        *archived*: the archive has it already. It is delivered once for each of its *parts*; each
        time a slice of its scans is to be recorded.
        """
        ...


class Archive(Protocol):
    """Every processed body, as it was received."""

    def write(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        """Store a batch of deliveries; storing the same batch again changes nothing."""
        ...

    def read(self, day: date, source: str = "") -> Iterator[AcceptedDelivery]:
        """Yield what was received on a day (UTC), from one source or from all."""
        ...

    def quarantine(self, delivery: AcceptedDelivery) -> None:
        """Quarantine a body that cannot be read, for a person to look at."""
        ...


class QuarantinedBody(NamedTuple):
    """A body in the quarantine, without its content.

    ``day``: the day (UTC) on which it was received. ``since``: when it was last quarantined.
    ``versions``: every time that it was quarantined, as far as it was listed.
    """

    delivery_id: str
    source: str
    day: date
    since: datetime
    versions: tuple[str, ...]


class Quarantine(Protocol):
    """The bodies that could not be read, for a person to look at and to send again."""

    def bodies(self) -> Iterator[QuarantinedBody]:
        """Yield every body, day by day."""
        ...

    def content(self, body: QuarantinedBody) -> bytes:
        """Return a body as it was sent."""
        ...

    def remove(self, body: QuarantinedBody) -> None:
        """Remove a body as it was listed; one that was quarantined again since then stays."""
        ...


class ErasedBodies(NamedTuple):
    """How many bodies were deleted, by where they lay."""

    archived: int = 0
    quarantined: int = 0
    transferred: int = 0

    def plus(self, other: "ErasedBodies") -> "ErasedBodies":
        return ErasedBodies(*map(sum, zip(self, other, strict=True)))


class StoredBodies(Protocol):
    """Every body that is stored, wherever: the archive, the quarantine, bodies in transit."""

    def erase(
        self,
        day: date,
        is_meant: Callable[[AcceptedDelivery], bool],
        *,
        settled: datetime,
        dry_run: bool = False,
    ) -> ErasedBodies:
        """Delete the bodies of a day (UTC) that are meant, with all versions; return how many.

        The other bodies of a batch stay, in their order. One in transit is deleted only if it was
        stored before *settled*: a later one may not be recorded yet. *dry_run* counts alone.
        """
        ...


class SourceSecrets(Protocol):
    """The secrets that authenticate sources; *account*, if any, is whose own source is meant."""

    def of(self, source: str, account: str = "") -> Sequence[str]:
        """Return the live secrets of a source, newest first; none if it is not set up.

        They may be cached for up to five minutes.
        """
        ...

    def refresh(self, source: str) -> bool:
        """Forget what was read; False where that was too short a while ago to ask again."""
        ...

    def by_account(self, source: str) -> Mapping[str, Sequence[str]]:
        """Return all live secrets of a source now; the marketplace's under the empty account."""
        ...

    def save(
        self, source: str, account: str, secrets: Sequence[str], *, was: Sequence[str]
    ) -> None:
        """Set the live secrets; an empty sequence removes the source.

        *was*: those that were read. Raise ``ConflictError`` if another writer has set others.
        """
        ...


class SigningKeys(Protocol):
    """Documents in which sources publish the keys that they sign with."""

    def of(self, url: str) -> str:
        """Return the document; it may be cached for a while."""
        ...

    def refresh(self, url: str) -> bool:
        """Forget what was read; False where that was too short a while ago to ask again."""
        ...


class Activations(Protocol):
    def call(self, url: str, headers: Mapping[str, str]) -> None:
        """POST to the URL that activates a new subscription."""
        ...


class UnknownCarriers(Protocol):
    """Names of carriers that sources sent and no table knows, by day, kept for a month."""

    def note(self, day: date, source: str, names: Iterable[str]) -> None:
        """Note the names, in the form that codes have; the same ones again change nothing."""
        ...

    def noted(self, day: date) -> Iterator[tuple[str, str]]:
        """Return what was noted on a day: each source with a name."""
        ...


class SilentParcels(Protocol):
    """The parcels that should have moved and have not, for those who ask the carriers."""

    def put(self, day: date, carrier: str, run: int, numbers: Sequence[str]) -> None:
        """Store a carrier's list; it replaces that of the same day and run."""
        ...
