"""Whose scans are whose: the stated carrier's own, its partners', or another carrier's."""

from typing import NamedTuple

from vtr.domain.carriers import is_carrier
from vtr.domain.carriers.families import families_named
from vtr.domain.evidence import Evidence
from vtr.domain.number_reuse import NumberUse, uses_of
from vtr.domain.packages import Confirmation
from vtr.domain.policies import Policy
from vtr.domain.tracking_numbers import FormCheck, identify, shows_handover


class ScanOwners(NamedTuple):
    """The families that scanned a number: the stated carrier's, its partners', and others'."""

    own: frozenset[str]
    partners: frozenset[str]
    others: frozenset[str]

    def uses(self, evidence: Evidence, policy: Policy) -> list[NumberUse]:
        return uses_of(evidence, policy.reuse_gap, self.own, self.partners)

    def uses_of_others(self, evidence: Evidence, policy: Policy) -> list[NumberUse]:
        return uses_of(evidence, policy.reuse_gap, self.others) if self.others else []

    def first_of_others(self, evidence: Evidence, use: NumberUse) -> str:
        """The other family to name for a *use*: one that held the package, the first to do so."""
        _, _, family = min(
            (not period.physical, period.first_scan_at, key.family)
            for key, period in evidence.periods.items()
            if key.family in self.others
            and use.first_scan_at <= period.first_scan_at <= use.last_event_at
        )
        return family


NOBODY = ScanOwners(frozenset(), frozenset(), frozenset())


def owners_of(confirmation: Confirmation, evidence: Evidence) -> ScanOwners:
    """Return whose scans a number has, as it looks to the seller who stated a carrier.

    A family is a partner where the number itself shows that one hands over to the other; or where
    a source names several numbers of one parcel, of which one is the stated carrier's. A family
    that is no carrier we know is neither: what is not known is not held against anybody.
    """
    scanned = evidence.families
    if not scanned or confirmation.carrier is None:
        return NOBODY
    own = families_named(confirmation.carrier, confirmation.carrier_stated)
    foreign = scanned - own
    if not foreign:
        return ScanOwners(own, frozenset(), frozenset())
    numbers = evidence.numbers | {confirmation.tracking_number}
    if len(numbers) > 1 and (scanned & own or _is_one_of(confirmation, numbers)):
        return ScanOwners(own, foreign, frozenset())
    partners = frozenset(
        family
        for family in foreign
        if any(shows_handover(number, one, family) for number in numbers for one in own)
    )
    return ScanOwners(own, partners, frozenset(filter(is_carrier, foreign - partners)))


def _is_one_of(confirmation: Confirmation, numbers: frozenset[str]) -> bool:
    """Whether one of a parcel's numbers is the stated carrier's by its form."""
    return any(
        identify(number, confirmation.carrier).verdict is FormCheck.WELL_FORMED
        for number in numbers
    )
