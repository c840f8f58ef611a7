"""How a story ends for good: months later its days end one by one, and then it is forgotten.

Before its end everything is as it was; after it a package is refused, archived and reported as it
was; held orders stay. Once all has expired, and DynamoDB has got round to it, nothing is left.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from simulation.comparison import document_of
from simulation.laws import LAWS, MARGIN, Law
from simulation.oracle import Expected, PackageName
from simulation.story import Confirm, Deliver, Reported
from simulation.translation import submission_of
from vtr.domain.accounts import Account
from vtr.domain.errors import OrderEndedError, OrderNotFoundError
from vtr.domain.packages import BucketKey
from vtr.domain.verdict import JudgedPackage
from vtr.use_cases.read_packages import read_order
from vtr.use_cases.submit import confirm_package

if TYPE_CHECKING:
    from simulation.player import Player

MOMENT = timedelta(seconds=1)
LONG_AFTER = timedelta(days=1500)
"""By then even the scans that came last are forgotten."""

LOST_NIGHTS = 0.2
"""How often the schedule fails for a night; the next ones make up for it."""


class Ending:
    """Plays on from where a story is settled, and what its packages count as stays."""

    def __init__(self, player: "Player") -> None:
        self._player = player
        self._ports = player.stage.ports
        self._random = Random(player.story.seed)  # noqa: S311 - the same every time
        oracle = player.oracle()
        self._expected = oracle.packages(datetime.max.replace(tzinfo=UTC))
        self._holds = [hold for hold in player.story.holds if player.log.order(hold.key)]
        self._held = {hold.key: hold.until for hold in self._holds}

    def play(self) -> None:
        player = self._player
        for hold in self._holds:
            player.play_on(hold, player.stage.clock.now)
        lost = False
        for moment, account, day in self._nights():
            self._reach(moment - MOMENT)
            self._check_orders(account)
            self._reach(moment)
            self._check_orders(account)
            self._check_refusals(account)
            lost = not lost and self._random.random() < LOST_NIGHTS
            if not lost:
                player.turn_all()
            self._late_scan(account, day)
            if player.played.differences:
                return
        self._check_archives()
        self._expire()

    # --- what passes

    def _reach(self, moment: datetime) -> None:
        self._player.stage.clock.reach(moment)
        self._player.stage.forget(share=0.5)

    def _nights(self) -> Iterator[tuple[datetime, Account, date]]:
        """Each midnight at which a day of an account ends, and two more after its last."""
        nights = []
        for account in self._player.accounts.values():
            law = LAWS[account.policy]
            days = sorted({e.day for key, e in self._expected.items() if key[0] == account.id})
            ends = {law.end_of(day): day for day in days}
            for end, day in list(ends.items()):
                for later in (1, 2):
                    ends.setdefault(end + timedelta(days=later), day)
            nights += [(_midnight(end, law), account, day) for end, day in ends.items()]
        yield from sorted(nights, key=lambda night: (night[0], night[1].id))

    def _late_scan(self, account: Account, day: date) -> None:
        """A carrier scans a number again, or reports only now what happened then."""
        for key, expected in sorted(self._expected.items()):
            if key[0] != account.id or expected.day != day or key[:2] in self._held:
                continue
            label = self._said(key).label
            if label.parcel is None or label.parcel in self._held_parcels():
                continue
            now = self._player.stage.clock.now
            then = _midnight(day, LAWS[account.policy])
            if label.linked or self._random.random() < 0.5 or self._is_claimed(label.parcel, now):
                then = now
            scan = Reported(
                carrier=label.carrier or "",
                number=label.number,
                kind="transit",
                code="DP",
                occurred_at=then,
                physical="yes",
                tracked=label.tracked,
            )
            self._player.play_on(Deliver(at=now, subject="late", scans=(scan,)), now)

    def _is_claimed(self, parcel: str, now: datetime) -> bool:
        """Whether a package names the parcel that has not ended, or one that goes by two names."""
        linked = {self._said(key).label.linked for key in self._expected}
        return parcel in linked or any(
            self._said(key).label.parcel == parcel
            and self._is_shown(key, (now - timedelta(days=1)).date())
            for key in self._expected
        )

    def _held_parcels(self) -> set[str | None]:
        return {self._said(key).label.parcel for key in self._expected if key[:2] in self._held}

    def _said(self, key: PackageName) -> Confirm:
        order = self._player.log.order(key[:2])
        assert order is not None
        return order.claim(key[2]).said

    # --- what must hold

    def _ends(self, key: PackageName) -> date:
        return self._law(key[0]).end_of(self._expected[key].day)

    def _is_shown(self, key: PackageName, today: date) -> bool:
        return today < max(self._ends(key), self._held.get(key[:2], date.min))

    def _check_orders(self, account: Account) -> None:
        """An order is read with the packages that are kept; when none is, it has ended."""
        now = self._player.stage.clock.now
        today = now.astimezone(self._law(account.id).time_zone).date()
        orders = {key[:2] for key in self._expected if key[0] == account.id}
        for order in sorted(orders):
            wanted = {
                key: expected
                for key, expected in self._expected.items()
                if key[:2] == order and self._is_shown(key, today)
            }
            found = self._read(account, order[1], now)
            if wanted != found:
                self._player.played.differs(f"order {'/'.join(order)} at its end", wanted, found)

    def _read(
        self, account: Account, order: str, now: datetime
    ) -> dict[PackageName, Expected | None]:
        self._player.stage.calm += 1
        try:
            _, packages = read_order(self._ports, account, order, now)
        except (OrderEndedError, OrderNotFoundError):
            return {}
        finally:
            self._player.stage.calm -= 1
        return {
            (account.id, order, package): self._as_expected((account.id, order, package), judged)
            for package, judged in packages.items()
        }

    def _as_expected(self, key: PackageName, judged: JudgedPackage) -> Expected | None:
        known = self._expected.get(key)
        verdict = judged.verdict
        category = judged.confirmation.category
        return known and Expected(known.day, category, str(verdict.state), str(verdict.reason))

    def _check_refusals(self, account: Account) -> None:
        """What has ended is not edited, and is not confirmed again, for as long as it is known."""
        now = self._player.stage.clock.now
        today = now.astimezone(self._law(account.id).time_zone).date()
        self._player.stage.calm += 1
        for key in sorted(key for key in self._expected if key[0] == account.id):
            known = self._player.stage.memory.orders.get(key[0], key[1])
            if known is None or today < self._ends(key):
                continue
            try:
                said = submission_of(self._said(key))
                confirm_package(self._ports, account, said, now)
            except OrderEndedError:
                continue
            self._player.played.differs(f"edit of {'/'.join(key)}", "ended", "accepted")
        self._player.stage.calm -= 1

    def _check_archives(self) -> None:
        """Each package is archived once, on its day, and a report says what it said before."""
        player = self._player
        for account in player.accounts.values():
            days = [e.day for key, e in self._expected.items() if key[0] == account.id]
            if not days:
                continue
            wanted = {key: e for key, e in self._expected.items() if key[0] == account.id}
            found: list[tuple[PackageName, Expected]] = []
            for bucket in player.stage.memory.ended_days.buckets(account.id, min(days), max(days)):
                for each in player.stage.memory.ended_days.read(bucket):
                    claim, verdict = each.confirmation, each.verdict
                    key = account.id, claim.order_id, claim.package_id
                    state, reason = str(verdict.state), str(verdict.reason)
                    found.append((key, Expected(bucket.day, claim.category, state, reason)))
            if Counter(wanted.items()) != Counter(found):
                player.played.differs(f"archive of {account.id}", wanted, sorted(found))
            lines = document_of(player, account, (min(days), max(days)))
            said = {key[1:]: tuple(expected[1:]) for key, expected in wanted.items()}
            if lines != said:
                player.played.differs(f"report of ended days of {account.id}", said, lines)

    def _expire(self) -> None:
        """Nothing goes before it expires, and nothing stays for ever."""
        stage = self._player.stage
        for key, expected in sorted(self._expected.items(), key=lambda each: self._ends(each[0])):
            expires = datetime.combine(self._ends(key), time(), UTC) + MARGIN
            if expires - MOMENT < stage.clock.now:
                continue
            stage.clock.reach(expires - MOMENT)
            stage.forget()
            if key not in self._stored(expected.day, key[0]):
                self._player.played.differs(f"row of {'/'.join(key)}", "there", "expired too early")
        for name, _ in self._held:
            account = self._player.accounts[name]
            stage.forget()
            self._check_orders(account)
        stage.clock.reach(stage.clock.now + LONG_AFTER)
        stage.forget()
        if left := stage.stored():
            self._player.played.differs("what is left in the end", "nothing", left)

    def _stored(self, day: date, account: str) -> set[PackageName]:
        packages = self._player.stage.memory.packages
        found: set[PackageName] = set()
        for shard in range(self._player.story.shards):
            page = packages.page(BucketKey(account, day, shard), limit=1000)
            found |= {(account, row.key.order_id, row.key.package_id) for row in page.rows}
        return found

    def _law(self, account: str) -> Law:
        return LAWS[self._player.story.accounts[account]]


def _midnight(day: date, law: Law) -> datetime:
    return datetime.combine(day, time(), law.time_zone).astimezone(UTC)
