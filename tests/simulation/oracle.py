"""What must come out: the whole log read at once, by the rules and by nothing else.

Brute force and plain: every statement that was accepted and every scan that was told, judged from
scratch. It shares no code with what it checks.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from simulation.laws import LAWS, REUSE_GAP, TOLERANCE, Law
from simulation.story import Cancel, Confirm, Event, Facts, Place, Reported, Story, Waive

LIFE_GAP = timedelta(days=80)
LATEST = {"offset": timedelta(0), "local": timedelta(hours=14), "date": timedelta(hours=38)}
PENDING = {"CARRIER_MISMATCH", "FORMAT_MISMATCH", "LABEL_ONLY", "INSUFFICIENT_SCANS", "NO_SCAN"}


class Expected(NamedTuple):
    """How one package must be counted."""

    day: date
    category: str
    state: str
    reason: str


class Statement(NamedTuple):
    at: datetime
    said: Confirm


@dataclass
class Claims:
    """What one account said of one order, everything together."""

    account: str
    order: str
    facts: Facts
    packages: dict[str, list[Statement]] = field(default_factory=dict)
    cancelled: bool = False


@dataclass(frozen=True)
class Claim:
    account: str
    order: str
    package: str
    facts: Facts
    said: Confirm
    since: datetime


@dataclass(frozen=True)
class Life:
    scans: tuple[Reported, ...]

    @property
    def begins(self) -> datetime:
        return min(scan.occurred_at for scan in self.scans)

    @property
    def ends(self) -> datetime:
        return max(scan.occurred_at for scan in self.scans)

    def physical(self, *, partners: bool) -> int:
        return len(
            {
                scan.occurred_at
                for scan in self.scans
                if scan.physical == "yes" and (partners or not scan.partner)
            }
        )

    @property
    def delivered_by(self) -> datetime | None:
        """The latest that the first delivery may have been."""
        found = [
            (scan.occurred_at, scan.occurred_at + LATEST[scan.trust])
            for scan in self.scans
            if scan.kind == "delivered" and scan.physical == "yes" and not scan.partner
        ]
        return min(found)[1] if found else None


class Oracle:
    """``accepted``: every event that a seller's order was written for, and when, in that order."""

    def __init__(
        self,
        story: Story,
        accepted: list[tuple[datetime, Event]],
        scans: set[Reported],
        waivers: list[Waive],
    ) -> None:
        self.story = story
        self.waivers = waivers
        self.scans: dict[tuple[str, str], list[Reported]] = {}
        for scan in scans:
            if not scan.test:
                self.scans.setdefault((scan.carrier, scan.number), []).append(scan)
        self.orders = read_orders(accepted)
        self.claims = [self._claim(o, p) for o in self.orders.values() for p in o.packages]

    def packages(self, now: datetime) -> dict[tuple[str, str, str], Expected]:
        return {
            (claim.account, claim.order, claim.package): self.judge(claim, now)
            for claim in self.claims
        }

    def counts(
        self, account: str, now: datetime, today: date | None = None
    ) -> dict[str, Counter[str]]:
        """States and reasons by category, over the window; a reason where it is unconfirmed."""
        law = self._law(account)
        last = (today or now.astimezone(ZoneInfo(law.zone)).date()) - timedelta(days=law.lag)
        first = last - timedelta(days=law.window - 1)
        counts: dict[str, Counter[str]] = {}
        for (owner, _, _), found in self.packages(now).items():
            if owner == account and first <= found.day <= last:
                tally = counts.setdefault(found.category, Counter())
                tally[found.state] += 1
                if found.state == "unconfirmed":
                    tally[found.reason] += 1
        return counts

    def judge(self, claim: Claim, now: datetime) -> Expected:
        law = self._law(claim.account)
        day = self.anchor_day(claim)
        reason = self._reason(claim, law, day)
        if reason == "VALID":
            state = "valid"
        elif reason in {"EXEMPT", "WAIVED"}:
            state = "exempt"
        elif reason in PENDING and now < self._due(law, day):
            state = "pending"
        else:
            state = "unconfirmed"
        return Expected(day, claim.facts.category, state, reason)

    def delivered_before(self, claim: Claim, moment: datetime) -> bool:
        """Whether the carrier delivered, beyond doubt, what the package names before a moment."""
        life, _ = self._life(claim, self._law(claim.account))
        return life is not None and life.delivered_by is not None and life.delivered_by < moment

    def _reason(self, claim: Claim, law: Law, day: date) -> str:  # noqa: C901, PLR0911 - the table
        said = claim.said
        cheap = claim.facts.value is not None and claim.facts.value < Decimal(10)
        if said.method == "freight" or (said.method == "letter" and cheap):
            return "EXEMPT"
        if any(self._waives(waiver, claim, day) for waiver in self.waivers):
            return "WAIVED"
        if not said.label.number:
            return "INVALID_ID"
        if said.label.carrier is None:
            return "CARRIER_UNKNOWN"
        if law.supported is not None and said.label.carrier not in law.supported:
            return "CARRIER_UNSUPPORTED"
        life, ended_before = self._life(claim, law)
        if ended_before or (not law.sharing and self._held_by_other(claim)):
            return "REUSED_NUMBER"
        if life and life.delivered_by and life.delivered_by < claim.since:
            return "UPLOADED_AFTER_DELIVERY"
        later = day >= self.story.begins + timedelta(days=law.changes_after)
        required = law.required_later if later else law.required
        physical = life.physical(partners=law.partners) if life else 0
        if physical >= required:
            return "VALID"
        if life is None and said.label.form == "other":
            return "CARRIER_MISMATCH"
        if life is None and said.label.form == "malformed":
            return "FORMAT_MISMATCH"
        if life is not None and physical == 0:
            return "LABEL_ONLY"
        return "INSUFFICIENT_SCANS" if physical else "NO_SCAN"

    def _waives(self, waiver: Waive, claim: Claim, day: date) -> bool:
        return (
            waiver.law == self.story.accounts[claim.account]
            and waiver.first <= day <= waiver.last
            and (not waiver.carriers or claim.said.label.carrier in waiver.carriers)
        )

    def _held_by_other(self, claim: Claim) -> bool:
        """The order that has named the number for longest holds it."""
        rivals = [
            (other.since, other.account, other.order)
            for other in self.claims
            if other.said.label.parcel == claim.said.label.parcel
        ]
        return min(rivals)[1:] != (claim.account, claim.order)

    def _life(self, claim: Claim, law: Law) -> tuple[Life | None, bool]:
        """The use of the number that the order falls in, and whether there were only older."""
        parcel = claim.said.label.parcel
        lives = lives_of(self.scans.get(parcel, [])) if parcel else []
        sent_by = max(claim.facts.placed_at, self._due(law, claim.said.ship))
        older = False
        for life in lives:
            if life.ends < claim.facts.placed_at - TOLERANCE:
                older = True
            elif life.begins <= sent_by + REUSE_GAP:
                return life, False
        return None, older

    def anchor_day(self, claim: Claim) -> date:
        law = self._law(claim.account)
        if law.anchor == "promised_delivery_date":
            return claim.facts.promised or claim.said.ship
        if law.anchor == "confirmed_at":
            return claim.since.astimezone(ZoneInfo(law.zone)).date()
        return claim.said.ship

    def _due(self, law: Law, day: date) -> datetime:
        midnight = day + timedelta(days=1 + law.grace_days)
        return datetime.combine(midnight, time(0), ZoneInfo(law.zone)).astimezone(UTC)

    def _law(self, account: str) -> Law:
        return LAWS[self.story.accounts[account]]

    def _claim(self, order: Claims, package: str) -> Claim:
        return claim_of(order, package)


def claim_of(order: Claims, package: str) -> Claim:
    """What holds of one package: the last thing said, and since when number and carrier stand."""
    statements = order.packages[package]
    last = statements[-1]
    since = last.at
    for statement in reversed(statements):
        if _names(statement.said) != _names(last.said):
            break
        since = statement.at
    return Claim(order.account, order.order, package, order.facts, last.said, since)


def read_orders(accepted: list[tuple[datetime, Event]]) -> dict[tuple[str, str], Claims]:
    """Every order as it stands after everything that was accepted."""
    orders: dict[tuple[str, str], Claims] = {}
    for at, event in accepted:
        if not isinstance(event, Place | Confirm | Cancel):
            continue
        key = event.account, event.order
        facts = None if isinstance(event, Cancel) else event.facts
        if key not in orders:
            assert facts is not None
            orders[key] = Claims(*key, facts)
        order = orders[key]
        if isinstance(event, Cancel):
            order.cancelled = True
        if isinstance(event, Place):
            order.facts = event.facts
        if isinstance(event, Confirm):
            order.facts = _stated(order.facts, event.facts)
            _say(order.packages.setdefault(event.package, []), at, event)
    return orders


def _stated(known: Facts, facts: Facts | None) -> Facts:
    """Facts that come inline leave those alone that they do not state."""
    if facts is None:
        return known
    return Facts(
        placed_at=facts.placed_at,
        category=facts.category,
        promised=facts.promised or known.promised,
        value=known.value if facts.value is None else facts.value,
    )


def _say(statements: list[Statement], at: datetime, said: Confirm) -> None:
    """One more statement, by its own time; saying again what holds already is none.

    What is said without a time is said after all before it, whatever the machine's clock shows.
    """
    if said.stated_at is None and statements and says_the_same(statements[-1].said, said):
        return
    if said.stated_at is None and statements:
        at = max(at, statements[-1].at + timedelta(microseconds=1))
    statements.append(Statement(said.stated_at or at, said))
    statements.sort(key=lambda statement: statement.at)


def says_the_same(one: Confirm, other: Confirm) -> bool:
    return (one.label[:4], one.ship, one.method) == (other.label[:4], other.ship, other.method)


def _names(said: Confirm) -> tuple[str, str]:
    """Carrier and number as far as they can be read, else as typed."""
    label = said.label
    return label.carrier or label.carrier_typed, label.number or label.number_typed


def lives_of(scans: list[Reported]) -> list[Life]:
    """The uses of a number: by the carrier's own ids, else by a long silence."""
    uses: list[list[Reported]] = []
    for scan in sorted(scans, key=lambda scan: scan.occurred_at):
        latest = uses[-1][-1] if uses else None
        if (
            latest is None
            or scan.occurred_at - latest.occurred_at > LIFE_GAP
            or scan.unique_id != latest.unique_id
        ):
            uses.append([])
        uses[-1].append(scan)
    return [Life(tuple(use)) for use in uses]
