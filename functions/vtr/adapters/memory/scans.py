"""The ports of scan ingestion, in memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.errors import ConflictError
from vtr.ports.deliveries import ErasedBodies, QuarantinedBody


class MemorySourceSecrets:
    """``secrets`` by source; an account's own source is called ``source/account``."""

    def __init__(self, secrets: Mapping[str, Sequence[str]] | None = None) -> None:
        self.secrets = dict(secrets or {})

    def of(self, source: str, account: str = "") -> Sequence[str]:
        return self.secrets.get(f"{source}/{account}" if account else source, ())

    def refresh(self, source: str) -> bool:  # noqa: ARG002 - memory is always fresh
        return False

    def by_account(self, source: str) -> Mapping[str, Sequence[str]]:
        return {
            name.partition("/")[2]: secrets
            for name, secrets in sorted(self.secrets.items())
            if name.partition("/")[0] == source and secrets
        }

    def save(
        self, source: str, account: str, secrets: Sequence[str], *, was: Sequence[str]
    ) -> None:
        if list(self.of(source, account)) not in (list(was), list(secrets)):
            raise ConflictError(f"{source} was changed at the same moment. Try again.")
        self.secrets[f"{source}/{account}" if account else source] = tuple(secrets)


class MemorySigningKeys:
    """``documents`` are the published ones, by URL."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}

    def of(self, url: str) -> str:
        return self.documents.get(url, "")

    def refresh(self, url: str) -> bool:  # noqa: ARG002 - memory is always fresh
        return False


class MemoryActivations:
    def __init__(self) -> None:
        self.called: list[tuple[str, Mapping[str, str]]] = []

    def call(self, url: str, headers: Mapping[str, str]) -> None:
        self.called.append((url, headers))


class MemoryArchive:
    def __init__(self) -> None:
        self.batches: dict[frozenset[str], Sequence[AcceptedDelivery]] = {}
        self.quarantined: dict[str, AcceptedDelivery] = {}
        self.times_quarantined: Counter[str] = Counter()

    def write(self, deliveries: Sequence[AcceptedDelivery]) -> None:
        self.batches[frozenset(each.delivery_id for each in deliveries)] = tuple(deliveries)

    def read(self, day: date, source: str = "") -> Iterator[AcceptedDelivery]:
        for batch in self.batches.values():
            for each in batch:
                if each.received_at.date() == day and source in {"", each.source}:
                    yield each

    def quarantine(self, delivery: AcceptedDelivery) -> None:
        self.quarantined[delivery.delivery_id] = delivery
        self.times_quarantined[delivery.delivery_id] += 1


class MemoryQuarantine:
    """The quarantine of a ``MemoryArchive``."""

    def __init__(self, archive: MemoryArchive) -> None:
        self._archive = archive

    def bodies(self) -> Iterator[QuarantinedBody]:
        for each in sorted(self._archive.quarantined.values(), key=lambda it: it.received_at):
            yield QuarantinedBody(
                each.delivery_id,
                each.source,
                each.received_at.date(),
                each.received_at,
                (self._version(each.delivery_id),),
            )

    def content(self, body: QuarantinedBody) -> bytes:
        return self._archive.quarantined[body.delivery_id].body

    def remove(self, body: QuarantinedBody) -> None:
        if self._version(body.delivery_id) in body.versions:
            self._archive.quarantined.pop(body.delivery_id, None)

    def _version(self, delivery_id: str) -> str:
        return str(self._archive.times_quarantined[delivery_id])


class MemoryStoredBodies:
    """The bodies of a ``MemoryArchive``; in memory none is in transit."""

    def __init__(self, archive: MemoryArchive) -> None:
        self._archive = archive

    def erase(
        self,
        day: date,
        is_meant: Callable[[AcceptedDelivery], bool],
        *,
        settled: datetime,  # noqa: ARG002 - none is in transit
        dry_run: bool = False,
    ) -> ErasedBodies:
        def meant(each: AcceptedDelivery) -> bool:
            return each.received_at.date() == day and is_meant(each)

        batches, quarantined = self._archive.batches, self._archive.quarantined
        kept = {ids: [each for each in batch if not meant(each)] for ids, batch in batches.items()}
        held = {key: each for key, each in quarantined.items() if not meant(each)}
        erased = ErasedBodies(
            archived=sum(len(batch) - len(kept[ids]) for ids, batch in batches.items()),
            quarantined=len(quarantined) - len(held),
        )
        if not dry_run:
            self._archive.batches = {ids: batch for ids, batch in kept.items() if batch}
            self._archive.quarantined = held
        return erased


class MemorySilentParcels:
    def __init__(self) -> None:
        self.lists: dict[tuple[date, str, int], Sequence[str]] = {}

    def put(self, day: date, carrier: str, run: int, numbers: Sequence[str]) -> None:
        self.lists[day, carrier, run] = tuple(numbers)


class MemoryUnknownCarriers:
    def __init__(self) -> None:
        self._noted: dict[date, dict[tuple[str, str], None]] = {}

    def note(self, day: date, source: str, names: Iterable[str]) -> None:
        self._noted.setdefault(day, {}).update({(source, name): None for name in names})

    def noted(self, day: date) -> Iterator[tuple[str, str]]:
        yield from sorted(self._noted.get(day, {}))
