"""Judge a package by what its parcel holds."""

from datetime import datetime

from vtr.domain.evidence import NO_EVIDENCE, Evidence
from vtr.domain.packages import Confirmation, PackageRow
from vtr.domain.parcels import Parcel
from vtr.domain.policies import Policy
from vtr.domain.retention import kept_until
from vtr.domain.verdict import JudgedPackage, verdict
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import policy_for, row_key


def judge(ports: Ports, confirmation: Confirmation, parcel: Parcel | None) -> PackageRow:
    """Return the row of one package, from its confirmation and its parcel."""
    rules = policy_for(ports, confirmation)
    return PackageRow(
        key=row_key(confirmation, rules.anchor_day(confirmation)),
        confirmation=confirmation,
        evidence=_evidence(confirmation, parcel, rules),
        parcel_version=parcel.version if parcel else 0,
        kept_until=kept_until(confirmation, rules),
    )


def judge_by(
    ports: Ports, confirmation: Confirmation, parcel: Parcel | None, as_of: datetime
) -> JudgedPackage:
    """Return a package, judged by what its parcel holds."""
    rules = policy_for(ports, confirmation)
    evidence = _evidence(confirmation, parcel, rules)
    return JudgedPackage(confirmation, verdict(confirmation, evidence, rules, as_of))


def judge_to_show(
    ports: Ports, confirmation: Confirmation, parcel: Parcel | None, as_of: datetime
) -> JudgedPackage:
    """Return a package as ``judge_by`` does, with how many others name its number."""
    shared_with = parcel.packages_besides(confirmation) if parcel else 0
    return judge_by(ports, confirmation, parcel, as_of)._replace(shared_with=shared_with)


def judged(ports: Ports, row: PackageRow, as_of: datetime) -> JudgedPackage:
    rules = policy_for(ports, row.confirmation)
    return JudgedPackage(row.confirmation, verdict(row.confirmation, row.evidence, rules, as_of))


def _evidence(confirmation: Confirmation, parcel: Parcel | None, rules: Policy) -> Evidence:
    return parcel.evidence_for(confirmation, rules) if parcel else NO_EVIDENCE
