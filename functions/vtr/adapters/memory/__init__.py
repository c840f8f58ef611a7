"""Every port in memory: for tests, for the simulation, and for the demo's oracle.

The stores keep the promises of the AWS adapters, conditional writes included: one contract suite
runs against both.
"""

from dataclasses import dataclass, field

from vtr.adapters.dynamodb.allowances import SharedAllowances
from vtr.adapters.memory.accounts import (
    MemoryAccounts,
    MemoryCounters,
    MemoryErasures,
    MemoryHolds,
    MemoryKeys,
    MemoryWaivers,
)
from vtr.adapters.memory.queues import MemoryDeliveries, MemoryRecounts, MemoryReportQueue
from vtr.adapters.memory.scans import (
    MemoryActivations,
    MemoryArchive,
    MemoryQuarantine,
    MemorySigningKeys,
    MemorySilentParcels,
    MemorySourceSecrets,
    MemoryStoredBodies,
    MemoryUnknownCarriers,
)
from vtr.adapters.memory.stores import (
    MemoryEndedDays,
    MemoryOrders,
    MemoryPackages,
    MemoryParcels,
    MemoryRates,
    MemoryReportFiles,
    MemoryReports,
)


@dataclass(frozen=True, slots=True)
class MemoryPorts:
    orders: MemoryOrders = field(default_factory=MemoryOrders)
    parcels: MemoryParcels = field(default_factory=MemoryParcels)
    packages: MemoryPackages = field(default_factory=MemoryPackages)
    rates: MemoryRates = field(default_factory=MemoryRates)
    reports: MemoryReports = field(default_factory=MemoryReports)
    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    holds: MemoryHolds = field(default_factory=MemoryHolds)
    allowances: SharedAllowances = field(default_factory=lambda: SharedAllowances(MemoryCounters()))
    waivers: MemoryWaivers = field(default_factory=MemoryWaivers)
    recounts: MemoryRecounts = field(default_factory=MemoryRecounts)
    deliveries: MemoryDeliveries = field(default_factory=MemoryDeliveries)
    report_queue: MemoryReportQueue = field(default_factory=MemoryReportQueue)
    report_files: MemoryReportFiles = field(default_factory=MemoryReportFiles)
    ended_days: MemoryEndedDays = field(default_factory=MemoryEndedDays)
    source_secrets: MemorySourceSecrets = field(default_factory=MemorySourceSecrets)
    signing_keys: MemorySigningKeys = field(default_factory=MemorySigningKeys)
    activations: MemoryActivations = field(default_factory=MemoryActivations)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    erasures: MemoryErasures = field(default_factory=MemoryErasures)
    silent_parcels: MemorySilentParcels = field(default_factory=MemorySilentParcels)
    unknown_carriers: MemoryUnknownCarriers = field(default_factory=MemoryUnknownCarriers)

    @property
    def quarantine(self) -> MemoryQuarantine:
        return MemoryQuarantine(self.archive)

    @property
    def stored_bodies(self) -> MemoryStoredBodies:
        return MemoryStoredBodies(self.archive)
