"""Silence: parcels that should have moved by now, but for which no carrier has reported a scan.

Some carriers do not resend a missed event, so missing scans must be looked for. A parcel should
have been scanned by the end of the day after it was sent. It is found by the day on which its
package is counted; the parcel itself is read only if the package's row shows no movement.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil

from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey, PackageRow
from vtr.domain.policies import Anchor, Policy
from vtr.domain.verdict import Reason
from vtr.ports import Ports
from vtr.use_cases.judge import judge, judged
from vtr.use_cases.policy_in_force import policy_for, policy_on
from vtr.use_cases.recount import rows_of

HANDED_OVER_WITHIN = timedelta(days=1)
"""After the end of the day that the seller stated; the alarm must allow for weekends."""

DAYS_WATCHED = 7
"""What has not moved for longer is for its seller to correct, and shows in the rate."""

RUNS = timedelta(minutes=30)
"""How often the watch is called. A round of it takes in every account once."""

ROUND = 12
"""Runs in a round of six hours."""

ACCOUNTS_A_RUN = 1_000
"""Where there are no more, the first run of a round takes them all in, and every carrier has as
many parcels as there can be. More are shared out over the runs."""

FEWEST = 20
SILENT_SHARE = 0.9
"""A carrier is silent as a whole if this share of one day's parcels, of at least this many, is."""

_SILENT = frozenset({Reason.NO_SCAN, Reason.LABEL_ONLY})
_MOVED = frozenset({Reason.VALID, Reason.INSUFFICIENT_SCANS, Reason.UPLOADED_AFTER_DELIVERY})


@dataclass(frozen=True, slots=True)
class Cohort:
    """The parcels of one carrier that were sent on one day and should have moved by now."""

    expected: int
    silent: int

    @property
    def is_silent(self) -> bool:
        return self.expected >= FEWEST and self.silent >= SILENT_SHARE * self.expected


@dataclass(slots=True)
class CarrierSilence:
    """Expected scans of one carrier by day of sending, and the numbers without one."""

    carrier: str
    expected: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    silent: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def numbers(self) -> Sequence[str]:
        """The silent numbers, in order of the day of sending."""
        return [number for day in sorted(self.silent) for number in sorted(set(self.silent[day]))]

    @property
    def is_silent(self) -> bool:
        """Whether the whole carrier is silent, by the latest day with enough parcels to judge."""
        cohorts = (
            Cohort(self.expected[day], len(self.silent.get(day, ())))
            for day in sorted(self.expected, reverse=True)
        )
        latest = next((each for each in cohorts if each.expected >= FEWEST), None)
        return latest is not None and latest.is_silent


@dataclass(frozen=True, slots=True)
class Watch:
    """What one run found, by carrier; ``unwatched``: the buckets for which it had no time."""

    carriers: Sequence[CarrierSilence]
    unwatched: int


def run_of(tick: datetime) -> int:
    """Return which run of its round is called at a tick of the schedule, counted from midnight."""
    return int(tick.timestamp()) // int(RUNS.total_seconds()) % ROUND


def watch_silence(
    ports: Ports, run: int, now: datetime, out_of_time: Callable[[], bool]
) -> Watch | None:
    """List the parcels of a run's accounts that should have moved and have not, by carrier.

    None if the round has no accounts left for this run. When *out_of_time* the run lists what it
    has found so far; it must not be cut off, for then it would be tried again, twice, from the
    beginning.
    """
    accounts = list(ports.accounts.all())
    runs = min(max(ceil(len(accounts) / ACCOUNTS_A_RUN), 1), ROUND)
    if run >= runs:
        return None
    mine = [account for account in accounts if account.rollover_slice(runs) == run]
    found: dict[str, CarrierSilence] = {}
    unwatched = 0
    for bucket in _buckets(ports, mine, now):
        if unwatched or out_of_time():
            unwatched += 1
            continue
        rows = [row for row in rows_of(ports, bucket) if _is_watched(ports, row, now)]
        for carrier, sent, number, moved in _parcels_in(ports, rows, now):
            silence = found.setdefault(carrier, CarrierSilence(carrier))
            silence.expected[sent] += 1
            if not moved:
                silence.silent[sent].append(number)
    for silence in found.values():
        ports.silent_parcels.put(now.date(), silence.carrier, run, silence.numbers)
    return Watch(sorted(found.values(), key=lambda silence: silence.carrier), unwatched)


def _buckets(ports: Ports, accounts: Sequence[Account], now: datetime) -> Iterator[BucketKey]:
    """Yield the buckets of these accounts in which what should have moved is counted."""
    for account in accounts:
        for day in _days(policy_on(ports, account.policy, now.date()), now):
            for shard in range(account.shards):
                yield BucketKey(account.id, day, shard)


def _days(rules: Policy, now: datetime) -> Iterator[date]:
    """Yield the anchor days on which parcels sent in the watched days are counted."""
    today = rules.day_of(now)
    ahead = 0 if rules.anchor is Anchor.SHIP_DATE else rules.window_days
    for days in range(-DAYS_WATCHED, ahead + 1):
        yield today + timedelta(days=days)


def _is_watched(ports: Ports, row: PackageRow, now: datetime) -> bool:
    sent, rules = row.confirmation.ship_date, policy_for(ports, row.confirmation)
    day_ends = datetime.combine(sent + timedelta(days=1), time.min, rules.zone)
    lately = sent >= rules.day_of(now) - timedelta(days=DAYS_WATCHED)
    return lately and day_ends + HANDED_OVER_WITHIN <= now


def _parcels_in(
    ports: Ports, rows: Sequence[PackageRow], now: datetime
) -> Iterator[tuple[str, date, str, bool]]:
    """Yield carrier, day of sending, number and whether it moved, for what should have moved."""
    reasons = {row.key: judged(ports, row, now).verdict.reason for row in rows}
    # A pending package's row is not written for every scan, so read the parcel.
    quiet = [row for row in rows if reasons[row.key] in _SILENT]
    keys = {row.confirmation.parcel for row in quiet}
    parcels = ports.parcels.get_many([key for key in keys if key is not None])
    for row in quiet:
        key = row.confirmation.parcel
        if key is not None and key in parcels:
            fresh = judge(ports, row.confirmation, parcels[key])
            reasons[row.key] = judged(ports, fresh, now).verdict.reason
    for row in rows:
        said, reason = row.confirmation, reasons[row.key]
        if said.carrier and said.parcel and reason in _SILENT | _MOVED:
            yield said.carrier, said.ship_date, said.tracking_number, reason in _MOVED
