"""Every stored webhook body, to be erased: the archive's batches are written again without some.

For an operator's command alone: no function may delete an object. Objects are looked at side by
side, each in a stream, so that neither a day nor a batch has to fit in memory.
"""

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from vtr.adapters.s3.archive import delivery_in, prefix_of
from vtr.adapters.s3.rewriting import rewrite
from vtr.adapters.s3.versions import Stored, delete_versions, stored_under
from vtr.domain.deliveries import AcceptedDelivery
from vtr.ports.deliveries import ErasedBodies

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

AT_ONCE = 8
"""Objects that are looked at side by side: the client keeps ten connections open."""

IsMeant = Callable[[AcceptedDelivery], bool]


class _Batch(NamedTuple):
    """An object of the archive, and which deliveries in any version of it are meant."""

    stored: Stored
    etag: str
    meant: frozenset[str]


class _Single(NamedTuple):
    """An object that is one body."""

    stored: Stored
    source: str

    @property
    def delivery_id(self) -> str:
        return self.stored.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class S3StoredBodies:
    _s3: "S3Client"
    _bucket: str

    def erase(
        self, day: date, is_meant: IsMeant, *, settled: datetime, dry_run: bool = False
    ) -> ErasedBodies:
        """Erase the archive's last: it alone says whose a quarantined body is."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            archived = self._stored(prefix_of(day))
            looked_at = pool.map(partial(self._look, is_meant), archived)
            batches = [batch for batch in looked_at if batch.meant]
            ids = frozenset[str]().union(*(batch.meant for batch in batches))
            pick = partial(self._is_meant, day, is_meant, ids)
            quarantined = _picked(pool, pick, self._quarantined(day))
            in_transit = (each for each in self._in_transit(day) if each.stored.stored_at < settled)
            transferred = _picked(pool, pick, in_transit)
            if not dry_run:
                for _ in pool.map(self._delete, [*quarantined, *transferred]):
                    pass
                for _ in pool.map(self._rewrite, batches):
                    pass
        count = sum(len(batch.meant) for batch in batches)
        return ErasedBodies(count, len(quarantined), len(transferred))

    def _stored(self, prefix: str) -> list[Stored]:
        return stored_under(self._s3, self._bucket, prefix)

    def _quarantined(self, day: date) -> Iterator[_Single]:
        for stored in self._stored(prefix_of(day, root="quarantine")):
            yield _Single(stored, stored.key.split("/")[2].removeprefix("source="))

    def _in_transit(self, day: date) -> Iterator[_Single]:
        for stored in self._stored(f"deliveries/{day}/"):
            yield _Single(stored, stored.key.split("/")[2])

    def _look(self, is_meant: IsMeant, stored: Stored) -> _Batch:
        """Look at every version: a run that was cut off may have left an older one."""
        meant: set[str] = set()
        etags = []
        for version in stored.versions:
            found = self._s3.get_object(Bucket=self._bucket, **stored.named(version))
            etags.append(found["ETag"])
            body: Any = found["Body"]  # a stream, though not typed as one
            with gzip.open(body) as lines:
                meant |= {each.delivery_id for each in map(delivery_in, lines) if is_meant(each)}
        return _Batch(stored, etags[0], frozenset(meant))

    def _is_meant(self, day: date, is_meant: IsMeant, ids: frozenset[str], single: _Single) -> bool:
        if single.delivery_id in ids:
            return True
        newest = single.stored.named(single.stored.versions[0])
        body = self._s3.get_object(Bucket=self._bucket, **newest)["Body"].read()
        received = datetime.combine(day, time(), UTC)
        return is_meant(
            AcceptedDelivery(
                source=single.source,
                body=body,
                delivery_id=single.delivery_id,
                received_at=received,
            )
        )

    def _delete(self, single: _Single) -> None:
        delete_versions(self._s3, self._bucket, single.stored.key)

    def _rewrite(self, batch: _Batch) -> None:
        if batch.stored.hidden:
            delete_versions(self._s3, self._bucket, batch.stored.key)
            return

        def is_kept(line: bytes) -> bool:
            return delivery_in(line).delivery_id not in batch.meant

        rewrite(self._s3, self._bucket, batch.stored.key, is_kept, etag=batch.etag)


def _picked(
    pool: ThreadPoolExecutor, pick: Callable[[_Single], bool], found: Iterator[_Single]
) -> list[_Single]:
    singles = list(found)
    picked = pool.map(pick, singles)
    return [single for single, is_picked in zip(singles, picked, strict=True) if is_picked]
