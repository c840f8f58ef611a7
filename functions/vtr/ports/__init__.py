"""What the use cases need of the world. Each port has an in-memory and an AWS adapter.

Reads are eventually consistent, at half the price, unless ``consistent`` is set. Every write is
conditional on the version that was read, so a stale read costs a retry and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for type checks: no function uses every port, and a cold start would pay for all of them.
    from vtr.ports.accounts import Accounts, Allowances, Erasures, Keys, Waivers
    from vtr.ports.deliveries import (
        Activations,
        Archive,
        Deliveries,
        Quarantine,
        SigningKeys,
        SilentParcels,
        SourceSecrets,
        StoredBodies,
        UnknownCarriers,
    )
    from vtr.ports.ended_days import EndedDays
    from vtr.ports.holds import Holds
    from vtr.ports.orders import Orders
    from vtr.ports.packages import Packages
    from vtr.ports.parcels import Parcels
    from vtr.ports.queues import RecountQueue, ReportQueue
    from vtr.ports.rates import Rates
    from vtr.ports.reports import ReportFiles, Reports


class Ports(Protocol):
    """Everything that a use case may reach; each port is created on first use."""

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
    def holds(self) -> Holds: ...
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
    def ended_days(self) -> EndedDays: ...
    @property
    def source_secrets(self) -> SourceSecrets: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def activations(self) -> Activations: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def quarantine(self) -> Quarantine: ...
    @property
    def stored_bodies(self) -> StoredBodies: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def silent_parcels(self) -> SilentParcels: ...
    @property
    def unknown_carriers(self) -> UnknownCarriers: ...
