"""What the use cases need of the world to take scans in: deliveries, sources, carriers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from vtr.domain.deliveries import AcceptedDelivery


class Deliveries(Protocol):
    """Webhook bodies that were accepted and are not yet recorded."""

    def send(self, delivery: AcceptedDelivery, *, archived: bool = False, parts: int = 1) -> None:
        """Make a delivery durable; once this returns it survives a crash.

        *archived* where the archive has it already. It is handed out once for each of its *parts*,
        and each time a slice of its scans is to be recorded.
        """
        ...


class Archive(Protocol):
    """Every body that was dealt with, as it came."""

    def write(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        """Keep deliveries; the same ones together once more change nothing."""
        ...

    def read(self, day: date, source: str = "") -> Iterator[AcceptedDelivery]:
        """What was received on a day (UTC), by one source or by all."""
        ...

    def quarantine(self, delivery: AcceptedDelivery) -> None:
        """Lay a body that cannot be read aside, for a person to look at."""
        ...


class SourceSecrets(Protocol):
    """What sources prove themselves with; *account* is whose own source is meant, if any's."""

    def of(self, source: str, account: str = "") -> Sequence[str]:
        """The live secrets of a source, newest first; none where it is not set up.

        What was read less than five minutes ago may be answered again.
        """
        ...

    def refresh(self, source: str) -> bool:
        """Forget what was read; False where that was too short a while ago to ask again."""
        ...

    def by_account(self, source: str) -> Mapping[str, Sequence[str]]:
        """All that is set up of a source now; the marketplace's under no account."""
        ...

    def save(self, source: str, account: str, secrets: Sequence[str]) -> None:
        """Set the live secrets; none at all removes the source."""
        ...


class SigningKeys(Protocol):
    """Documents in which sources publish the keys that they sign with."""

    def of(self, url: str) -> str:
        """The document, as it was a while ago or as it is now."""
        ...

    def refresh(self, url: str) -> bool:
        """Forget what was read; False where that was too short a while ago to ask again."""
        ...


class Activations(Protocol):
    def call(self, url: str, headers: Mapping[str, str]) -> None:
        """POST to where a new subscription is to be activated."""
        ...


class SilentParcels(Protocol):
    """The parcels that should have moved and have not, for whoever asks the carriers."""

    def put(self, day: date, carrier: str, numbers: Sequence[str]) -> None:
        """List a carrier's; another list of the same day is replaced."""
        ...
