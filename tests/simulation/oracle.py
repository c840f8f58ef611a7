"""What must come out: the whole log read at once, by the rules and by nothing else.

Brute force and plain: everything that was written down and every scan that was sent, judged from
scratch. It shares no code with what it checks.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from simulation.laws import HAND_OVERS, LAWS, REUSE_GAP, TOLERANCE, Law
from simulation.lives import Life, family, lives_of, period_of
from simulation.log import Claim
from simulation.story import Reported, Story, Waive

PENDING = {"CARRIER_MISMATCH", "FORMAT_MISMATCH", "LABEL_ONLY", "INSUFFICIENT_SCANS", "NO_SCAN"}
PackageName = tuple[str, str, str]


class Expected(NamedTuple):
    """How one package must be counted."""

    day: date
    category: str
    state: str
    reason: str


class Judgement(NamedTuple):
    """What is so for good: only whether a package is due depends on the moment."""

    day: date
    category: str
    reason: str
    due: datetime

    def at(self, now: datetime) -> Expected:
        return Expected(self.day, self.category, self._state(now), self.reason)

    def _state(self, now: datetime) -> str:
        if self.reason == "VALID":
            return "valid"
        if self.reason in {"EXEMPT", "WAIVED"}:
            return "exempt"
        return "pending" if self.reason in PENDING and now < self.due else "unconfirmed"


class Oracle:
    """Knows what sellers claim, what carriers reported and which waivers hold, and nothing else."""

    def __init__(
        self, story: Story, claims: list[Claim], scans: Iterable[Reported], waivers: list[Waive]
    ) -> None:
        self._story = story
        self._waivers = waivers
        self._claims = claims
        self._scans = [scan for scan in scans if not scan.test]
        self._numbers = _linked(self._scans)
        self._judged = {claim.key: self._judge(claim) for claim in claims}

    def packages(self, now: datetime) -> dict[PackageName, Expected]:
        return {key: judgement.at(now) for key, judgement in self._judged.items()}

    def counts(
        self, account: str, now: datetime, today: date | None = None
    ) -> dict[str, Counter[str]]:
        """States and reasons by category, over the window; a reason where it is unconfirmed."""
        law = self._law(account)
        last = (today or now.astimezone(law.time_zone).date()) - timedelta(days=law.lag)
        first = last - timedelta(days=law.window - 1)
        counts: dict[str, Counter[str]] = {}
        for (owner, _, _), judgement in self._judged.items():
            if owner == account and first <= judgement.day <= last:
                found = judgement.at(now)
                tally = counts.setdefault(found.category, Counter())
                tally[found.state] += 1
                if found.state == "unconfirmed":
                    tally[found.reason] += 1
        return counts

    def delivered_before(self, claim: Claim, moment: datetime) -> bool:
        """Whether the carrier delivered, beyond doubt, what the package names before a moment."""
        life, _ = self._life(claim, self._law(claim.account), self._told(claim, own=True))
        return life is not None and life.delivered_by is not None and life.delivered_by < moment

    def _judge(self, claim: Claim) -> Judgement:
        law = self._law(claim.account)
        day = self._anchor_day(claim, law)
        reason = self._reason(claim, law, day)
        return Judgement(day, claim.facts.category, reason, self._due(law, day))

    def _reason(self, claim: Claim, law: Law, day: date) -> str:  # noqa: C901, PLR0911 - the table
        said, label = claim.said, claim.said.label
        cheap = claim.facts.value is not None and claim.facts.value < Decimal(10)
        if said.method == "freight" or (said.method == "letter" and cheap):
            return "EXEMPT"
        if any(self._waives(waiver, claim, day) for waiver in self._waivers):
            return "WAIVED"
        if not label.number:
            return "INVALID_ID"
        if label.carrier is None:
            return "CARRIER_UNKNOWN"
        if law.supported is not None and label.carrier not in law.supported:
            return "CARRIER_UNSUPPORTED"
        life, ended_before = self._life(claim, law, self._told(claim, own=True))
        other, _ = self._life(claim, law, self._told(claim, own=False))
        if ended_before or (not law.sharing and self._held_by_other(claim)):
            return "REUSED_NUMBER"
        if life and life.delivered_by and life.delivered_by < claim.since:
            return "UPLOADED_AFTER_DELIVERY"
        own = {family(label.carrier)}
        physical = life.physical_scans(own, law.partners) if life else 0
        if physical >= law.required_on(day, self._story.begins):
            return "VALID"
        held = life is not None and life.held
        if not held and other and other.held:
            return "CARRIER_MISMATCH"
        if life is None:
            if other or label.form == "other":
                return "CARRIER_MISMATCH"
            return "FORMAT_MISMATCH" if label.form == "malformed" else "NO_SCAN"
        return "INSUFFICIENT_SCANS" if held else "LABEL_ONLY"

    def _told(self, claim: Claim, *, own: bool) -> list[Reported]:
        """The scans of the parcel's numbers: by the stated carrier and its partners, or by others.

        A partner is one to whom a number shows the hand-over, or any where the parcel's numbers
        were named together and one of them is the stated carrier's. Who is no carrier is nobody.
        """
        label = claim.said.label
        if label.parcel is None or label.carrier is None:
            return []
        numbers = self._numbers.get(label.parcel, frozenset({label.parcel}))
        first = self._law(claim.account).first_evidence(claim.since.date())
        oldest = period_of(datetime.combine(first, time(0), UTC))
        scans = [
            scan
            for scan in self._scans
            if scan.parcel in numbers and period_of(scan.occurred_at) >= oldest
        ]
        mine = family(label.carrier)
        is_one = len(numbers) > 1 and (
            label.form == "fits" or any(family(scan.carrier) == mine for scan in scans)
        )
        shown = {mine}.union(
            *(HAND_OVERS.get(number, set()) for number in numbers | {label.number})
            if any(mine in HAND_OVERS.get(number, ()) for number in numbers | {label.number})
            else ()
        )
        if own:
            return [scan for scan in scans if is_one or family(scan.carrier) in shown]
        others = [scan for scan in scans if not (is_one or family(scan.carrier) in shown)]
        return [scan for scan in others if scan.carrier != "pigeon_post"]

    def _waives(self, waiver: Waive, claim: Claim, day: date) -> bool:
        return (
            waiver.law == self._story.accounts[claim.account]
            and waiver.first <= day <= waiver.last
            and (not waiver.carriers or claim.said.label.carrier in waiver.carriers)
        )

    def _held_by_other(self, claim: Claim) -> bool:
        """The order that has named the number for longest holds it."""
        parcel = claim.said.label.parcel
        rivals = [
            (other.since, other.account, other.order)
            for other in self._claims
            if other.said.label.parcel == parcel
            and family(other.said.label.carrier or "") == family(claim.said.label.carrier or "")
        ]
        return min(rivals)[1:] != (claim.account, claim.order)

    def _life(self, claim: Claim, law: Law, scans: list[Reported]) -> tuple[Life | None, bool]:
        """The use of the number that the order falls in, and whether there were only older."""
        sent_by = max(claim.facts.placed_at, self._due(law, claim.said.ship))
        older = False
        for life in lives_of(scans):
            if life.ends < claim.facts.placed_at - TOLERANCE:
                older = True
            elif life.begins <= sent_by + REUSE_GAP:
                return life, False
        return None, older

    def _anchor_day(self, claim: Claim, law: Law) -> date:
        if law.anchor == "promised_delivery_date":
            return claim.facts.promised or claim.said.ship
        if law.anchor == "confirmed_at":
            return claim.since.astimezone(law.time_zone).date()
        return claim.said.ship

    def _due(self, law: Law, day: date) -> datetime:
        midnight = datetime.combine(day + timedelta(days=1), time(0), law.time_zone)
        return midnight.astimezone(UTC) + timedelta(days=law.grace_days)

    def _law(self, account: str) -> Law:
        return LAWS[self._story.accounts[account]]


def _linked(scans: list[Reported]) -> dict[str, frozenset[str]]:
    """Each number that was named with another one, and all that are one parcel with it."""
    groups: dict[str, frozenset[str]] = {}
    for scan in scans:
        if scan.linked:
            one = groups.get(scan.parcel, frozenset({scan.parcel}))
            other = groups.get(scan.linked, frozenset({scan.linked}))
            groups |= dict.fromkeys(one | other, one | other)
    return groups
