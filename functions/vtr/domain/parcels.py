"""A parcel: a number, what its scans prove, and which packages claim it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from vtr.domain.carriers.families import family_of
from vtr.domain.evidence import NO_EVIDENCE, Evidence
from vtr.domain.packages import Confirmation, PackageKey, ParcelKey
from vtr.domain.policies import Policy, Sharing
from vtr.domain.retention import expires_at, first_period, forgotten_on, kept_until

T = TypeVar("T")

RulesOf = Callable[[Confirmation], Policy]
"""The policy that judges a package."""

MAX_CLAIMS = 100
"""Claims a parcel may have. A number that more packages share names no parcel."""

MAX_CLAIM_BYTES = 100_000
"""What these claims may take in store: three times what a hundred of ordinary texts do."""

MAX_WITHDRAWN = 200
"""Packages that left, kept by the latest. A placeholder such as ``PENDING`` is named and left
without end; a writer who is later than that many others leaves a claim that counts for nothing,
since its row is older than the package's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Where seller and carrier meet. ``version`` counts its writes.

    ``withdrawn`` says of each package that has left the parcel at which revision it did, so that
    a writer who is late does not bring its claim back. ``kept_until`` is the day until which some
    claim, or some evidence, is kept.
    """

    key: ParcelKey
    evidence: Evidence = NO_EVIDENCE
    claims: Mapping[PackageKey, Confirmation] = field(default_factory=dict)
    withdrawn: Mapping[PackageKey, int] = field(default_factory=dict)
    version: int = 0
    kept_until: date | None = None

    def scanned(self, evidence: Evidence) -> "Parcel":
        return replace(self, evidence=self.evidence.merge(evidence))

    def claimed(self, confirmation: Confirmation) -> "Parcel":
        """The parcel with a claim; of two claims of one package the later revision stands.

        One claim beyond the limit changes nothing: that number cannot be one parcel's, and its
        package is told so.
        """
        known = self.claims.get(confirmation.key)
        if known is not None and known.revision >= confirmation.revision:
            return self
        if known is None and self._is_full_for(confirmation):
            return self
        if self.withdrawn.get(confirmation.key, 0) > confirmation.revision:
            return self
        claims = {**self.claims, confirmation.key: confirmation}
        return replace(self, claims=claims, withdrawn=_without(self.withdrawn, confirmation.key))

    def unclaimed(self, key: PackageKey, before_revision: int) -> "Parcel":
        """The parcel without the claim of a package that has since named another parcel.

        One that had left before has left anew: it may have been back, and its claim be late.
        """
        known = self.claims.get(key)
        latest = known.revision if known is not None else self.withdrawn.get(key, 0)
        if latest >= before_revision:
            return self
        return replace(
            self,
            claims=_without(self.claims, key),
            withdrawn=_latest({**_without(self.withdrawn, key), key: before_revision}),
        )

    def forgetting(self, key: PackageKey) -> "Parcel":
        """The parcel without a word of a package, not even that it left.

        Only once no writer can be left who read the package's claim: one would bring it back.
        """
        if key not in self.claims and key not in self.withdrawn:
            return self
        claims, withdrawn = _without(self.claims, key), _without(self.withdrawn, key)
        return replace(self, claims=claims, withdrawn=withdrawn)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything of the number that still holds."""
        return self.evidence == NO_EVIDENCE and not self.claims and not self.withdrawn

    def evidence_for(self, confirmation: Confirmation, policy: Policy) -> Evidence:
        """The evidence as one package sees it: another order may hold the parcel."""
        held = (confirmation.key not in self.claims and self._is_full_for(confirmation)) or (
            policy.sharing is Sharing.FORBIDDEN and self._held_by_other(confirmation, policy)
        )
        seen = self.evidence.since(
            first_period(confirmation.confirmed_at.date(), policy.retention_months)
        )
        return replace(seen, held_by_other=True) if held else seen

    def without_expired(self, rules_of: RulesOf, months: int, now: datetime) -> "Parcel":
        """The parcel without expired claims, and without evidence that no claim can read.

        A claim also stays while it may be the one that holds the number against another that stays.
        No package kept for *months* or less is judged otherwise by what is left.
        """
        if self.kept_until is not None and expires_at(self.kept_until) <= now:
            return replace(self, evidence=NO_EVIDENCE, claims={}, withdrawn={})
        claims = self._unexpired(rules_of, now)
        kept = self if len(claims) == len(self.claims) else replace(self, claims=claims)
        evidence = kept.readable(kept.evidence, months, now)
        return kept if evidence is kept.evidence else replace(kept, evidence=evidence)

    def _unexpired(self, rules_of: RulesOf, now: datetime) -> Mapping[PackageKey, Confirmation]:
        gaps = {
            key: rules.reuse_gap
            for key, claim in self.claims.items()
            if expires_at(kept_until(claim, rules := rules_of(claim))) > now
        }
        return {
            key: claim
            for key, claim in self.claims.items()
            if key in gaps
            or any(
                abs(self.claims[other].placed_at - claim.placed_at) <= gap
                for other, gap in gaps.items()
            )
        }

    def readable(self, evidence: Evidence, months: int, now: datetime) -> Evidence:
        """The part of *evidence* that a claim of this parcel may read, or one that is made now."""
        since = min([now, *(claim.confirmed_at for claim in self.claims.values())])
        return evidence.since(first_period(since.date(), months))

    def kept(self, rules_of: RulesOf, months: int, now: datetime) -> "Parcel":
        """The parcel with the day until which it is kept: its claims' and its evidence's latest."""
        ends = [kept_until(claim, rules_of(claim)) for claim in self.claims.values()]
        ends += [forgotten_on(key.number, months) for key in self.evidence.periods]
        return replace(self, kept_until=max([now.date(), *ends]))

    def packages_besides(self, confirmation: Confirmation) -> int:
        """How many other packages of the same account name the parcel."""
        return sum(
            claim.account == confirmation.account and key != confirmation.key
            for key, claim in self.claims.items()
        )

    def _is_full_for(self, confirmation: Confirmation) -> bool:
        """Whether one more claim is beyond the limit, in number or in bytes."""
        claims = (*self.claims.values(), confirmation)
        return len(claims) > MAX_CLAIMS or sum(each.bytes for each in claims) > MAX_CLAIM_BYTES

    def _held_by_other(self, confirmation: Confirmation, policy: Policy) -> bool:
        """The order that named the number first holds it, as long as its use can last."""
        reuse_gap, placed_at = policy.reuse_gap, confirmation.placed_at
        family = family_of(confirmation.carrier or "")
        rivals = (
            claim
            for claim in self.claims.values()
            if abs(claim.placed_at - placed_at) <= reuse_gap
            and family_of(claim.carrier or "") == family
        )
        claims = (*rivals, confirmation)
        first = min(claims, key=lambda claim: (claim.confirmed_at, claim.account, claim.order_id))
        return (first.account, first.order_id) != (confirmation.account, confirmation.order_id)


def _without(mapping: Mapping[PackageKey, T], key: PackageKey) -> Mapping[PackageKey, T]:
    return {other: value for other, value in mapping.items() if other != key}


def _latest(withdrawn: Mapping[PackageKey, int]) -> Mapping[PackageKey, int]:
    """Those that left last: a mapping keeps the order in which they did."""
    return dict(list(withdrawn.items())[-MAX_WITHDRAWN:])
