"""What the use cases need of the world. Each port has an in-memory and an AWS adapter.

Reads are eventually consistent unless ``consistent`` is asked for: half the price, and every
write is conditional on the version that was read, so a stale read costs a retry and no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from vtr.domain.evidence import Evidence
from vtr.domain.orders import Order
from vtr.domain.packages import BucketKey, Confirmation, ParcelKey, RowKey
from vtr.domain.parcels import Parcel
from vtr.domain.rates import DayCounts
from vtr.domain.reports import Report
from vtr.use_cases.ports.accounts import Accounts, Allowances, Keys, Waivers
from vtr.use_cases.ports.scans import (
    Activations,
    Archive,
    Deliveries,
    PublishedKeys,
    SilentParcels,
    SourceSecrets,
)

R = TypeVar("R")


class Orders(Protocol):
    """What sellers said."""

    def get(self, account: str, order_id: str, *, consistent: bool = False) -> Order | None: ...

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Order]:
        """The orders of these accounts and ids that are there; strongly consistent."""
        ...

    def save(self, order: Order) -> Order:
        """Write an order read at ``order.version``; answers it with its new version.

        Raises ConflictError if it was written in between.
        """
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A package as it is counted: the claim, and the evidence that its verdict was read from.

    Of two writes of one row the later stands: by ``confirmation.revision``, then by
    ``parcel_version``. ``moved``: the package is counted on another day since; the row stays
    as a gravestone, so that a late writer does not bring it back.
    """

    key: RowKey
    confirmation: Confirmation
    evidence: Evidence
    parcel_version: int
    moved: bool = False


class RowClaim(NamedTuple):
    """A row's claim, without the evidence: for lists and reports, which read that from parcels."""

    key: RowKey
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class RowPage(Generic[R]):
    """Rows of one bucket in key order; ``more`` where the bucket holds further ones."""

    rows: Sequence[R]
    more: bool


class Packages(Protocol):
    """The join of the two truths, by account and anchor day. Derived; may be rebuilt."""

    def get(self, key: RowKey, *, consistent: bool = False) -> Row | None: ...

    def put(self, row: Row) -> None:
        """Write a row unless a later one is there already."""
        ...

    def page(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[Row]:
        """One page of a bucket, strongly consistent, gravestones left out."""
        ...

    def claims(
        self,
        bucket: BucketKey,
        *,
        after: RowKey | None = None,
        category: str | None = None,
        limit: int | None = None,
    ) -> RowPage[RowClaim]:
        """The same page's claims."""
        ...


class BucketCount(NamedTuple):
    """What a bucket was counted as, by a count that began at ``counted_from``."""

    counts: DayCounts
    counted_from: datetime


class DaySums(NamedTuple):
    """An account's counts by day; ``version`` counts their writes, none if they never were."""

    days: Mapping[date, DayCounts]
    version: int = 0


class Rates(Protocol):
    """Counts by bucket, and by day over all buckets."""

    def bucket(self, key: BucketKey) -> BucketCount | None:
        """The last count of a bucket; strongly consistent."""
        ...

    def put_bucket(self, key: BucketKey, counts: DayCounts, counted_from: datetime) -> None:
        """Overwrite a bucket's counts, unless a count begun later than *counted_from* is there."""
        ...

    def buckets(self, account: str, first: date, last: date) -> Mapping[BucketKey, DayCounts]:
        """Every bucket counted for these anchor days, both included; strongly consistent."""
        ...

    def days(self, account: str, *, consistent: bool = False) -> DaySums:
        """The counts by day that the rate is read from; one read."""
        ...

    def put_days(self, account: str, sums: DaySums) -> None:
        """Overwrite the counts by day; ``ConflictError`` unless their version is as it was read."""
        ...


class Reports(Protocol):
    def get(self, account: str, report_id: str) -> Report | None: ...

    def save(self, report: Report) -> None: ...


@dataclass(frozen=True, slots=True)
class Recount:
    """A bucket to count again; ``reconcile`` judges every row afresh from the two truths."""

    bucket: BucketKey
    reconcile: bool = False

    @property
    def group(self) -> str:
        """What is counted one after the other: ``recount#acme#0``.

        A bucket's counts keep their order, and a large account's shards are counted side by side.
        """
        what = "reconcile" if self.reconcile else "recount"
        return f"{what}#{self.bucket.account}#{self.bucket.shard}"


class RecountQueue(Protocol):
    def send(self, recounts: Iterable[Recount]) -> None:
        """Ask for recounts, each at most once a time slot, to run once the slot is over."""
        ...

    def rest(self, rows: int) -> timedelta:
        """How long a bucket of so many rows rests between two counts, by the slot."""
        ...


class ReportQueue(Protocol):
    def send(self, account: str, report_id: str) -> None: ...


class ReportFiles(Protocol):
    """Report documents, uploaded part by part."""

    def begin(self, key: str, filename: str) -> str: ...

    def add_part(self, key: str, upload_id: str, number: int, content: bytes) -> str: ...

    def complete(self, key: str, upload_id: str, parts: Sequence[str]) -> None: ...

    def abort(self, key: str, upload_id: str) -> None: ...

    def url(self, key: str, expires_in: int) -> str: ...


class Ports(Protocol):
    """Everything that a use case may reach; each is made when it is first asked for."""

    @property
    def orders(self) -> Orders: ...
    @property
    def parcels(self) -> Parcels: ...
    @property
    def packages(self) -> Packages: ...
    @property
    def rates(self) -> Rates: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def allowances(self) -> Allowances: ...
    @property
    def waivers(self) -> Waivers: ...
    @property
    def recounts(self) -> RecountQueue: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def report_queue(self) -> ReportQueue: ...
    @property
    def report_files(self) -> ReportFiles: ...
    @property
    def source_secrets(self) -> SourceSecrets: ...
    @property
    def published_keys(self) -> PublishedKeys: ...
    @property
    def activations(self) -> Activations: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def silent_parcels(self) -> SilentParcels: ...
