"""What comes out, held against the oracle: rates, their history, packages and a report."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from simulation.oracle import Expected, Oracle, PackageName
from simulation.stage import CrashError, ThrottledError, TimedOutError
from vtr.domain.accounts import Account
from vtr.domain.packages import BucketKey
from vtr.domain.rates import Rate
from vtr.domain.verdict import JudgedPackage
from vtr.use_cases.read_packages import PackageFilter, list_packages
from vtr.use_cases.read_rates import read_history, read_rate
from vtr.use_cases.recount import rows_of
from vtr.use_cases.request_report import request_report
from vtr.use_cases.write_report import write_report

if TYPE_CHECKING:
    from simulation.player import Player

DAYS_BEFORE, DAYS = 3, 20
"""The anchor days that a story's packages can have, from its beginning."""

HISTORY_DAYS = 3
RUNS = 8
"""The runs of a report in foul weather; one more, in fair weather, completes it."""

OUT_OF_TIME = 0.3
"""How often a run of a report is out of time after a page."""


def compare_all(player: "Player", oracle: Oracle) -> None:
    """Compare everything, after the day rollover and when all is settled."""
    player.stage.calm += 1
    _compare_packages(player, oracle)
    _compare_erased(player)
    compare_rates(player, oracle, "after the turn of the day", with_reasons=True)
    _compare_history(player, oracle)
    player.stage.calm -= 1
    account = player.accounts[sorted(player.accounts)[player.story.seed % len(player.accounts)]]
    _compare_report(player, account, oracle)


def compare_rates(player: "Player", oracle: Oracle, when: str, *, with_reasons: bool) -> None:
    now = player.stage.clock.now
    for name, account in player.accounts.items():
        rate = read_rate(player.stage.ports, account, now)
        expected = oracle.counts(name, now)
        _compare_counts(player, f"rate of {name} {when}", expected, rate, with_reasons=with_reasons)


def _compare_history(player: "Player", oracle: Oracle) -> None:
    now = player.stage.clock.now
    for name, account in player.accounts.items():
        for past in read_history(player.stage.ports, account, HISTORY_DAYS, now):
            expected = oracle.counts(name, now, today=past.day)
            what = f"rate of {name} on {past.day}"
            _compare_counts(player, what, expected, past.rate, with_reasons=True)


def _compare_counts(
    player: "Player",
    what: str,
    expected: dict[str, Counter[str]],
    rate: Rate,
    *,
    with_reasons: bool,
) -> None:
    wanted = {
        category: {each: n for each, n in tally.items() if with_reasons or each.islower()}
        for category, tally in expected.items()
    }
    found = {}
    for category, tally in rate.categories.items():
        counted = {str(state): n for state, n in tally.states.items() if n}
        if with_reasons:
            counted |= {str(reason): n for reason, n in tally.reasons.items() if n}
        if counted:
            found[category] = counted
    if wanted != found:
        player.played.differs(what, wanted, found)


def _compare_packages(player: "Player", oracle: Oracle) -> None:
    """Every package is counted on one day, and listed once with its reason."""
    now = player.stage.clock.now
    expected = oracle.packages(now)
    found: dict[PackageName, Expected] = {}
    for name, account in player.accounts.items():
        days = _days_of(player, account)
        for package in _listed(player, account, now):
            claim, verdict = package.confirmation, package.verdict
            key = name, claim.order_id, claim.package_id
            if key in found or len(days.get(key, ())) != 1:
                player.played.differs(f"days of {'/'.join(key)}", "one", days.get(key))
                continue
            day = days[key][0]
            found[key] = Expected(day, claim.category, str(verdict.state), str(verdict.reason))
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            player.played.differs(f"package {'/'.join(key)}", expected.get(key), found.get(key))


def _compare_erased(player: "Player") -> None:
    """No claim, mark or row of an order is left that was erased and not confirmed since."""
    left = repr(player.stage.held())
    for account, order in player.erased():
        if repr(order) in left:
            player.played.differs(f"traces of {account}/{order}", "none", "some")


def _days_of(player: "Player", account: Account) -> dict[PackageName, list[date]]:
    """The days on which each package is counted."""
    days: dict[PackageName, list[date]] = {}
    first, last = _range(player)
    for day in range((last - first).days + 1):
        for shard in range(account.shards):
            bucket = BucketKey(account.id, first + timedelta(days=day), shard)
            for row in rows_of(player.stage.ports, bucket):
                key = account.id, row.key.order_id, row.key.package_id
                days.setdefault(key, []).append(bucket.day)
    return days


def _listed(player: "Player", account: Account, now: datetime) -> Iterator[JudgedPackage]:
    first, last = _range(player)
    wanted = PackageFilter(first_day=first, last_day=last)
    page = list_packages(player.stage.ports, account, wanted, now, limit=3)
    yield from page.packages
    while page.after is not None:
        page = list_packages(player.stage.ports, account, wanted, now, after=page.after, limit=3)
        yield from page.packages


def _compare_report(player: "Player", account: Account, oracle: Oracle) -> None:
    """A report that is asked for now, written in several runs through all weathers."""
    began = player.stage.clock.now
    document = document_of(player, account, _range(player))
    expected = oracle.packages(began), oracle.packages(player.stage.clock.now)
    ours = [key for key in expected[0] if key[0] == account.id]
    if sorted(document) != sorted((order, package) for _, order, package in ours):
        player.played.differs(f"lines of a report of {account.id}", ours, document)
        return
    for key in ours:
        found = document[key[1:]]
        if found not in {tuple(each[key][1:]) for each in expected}:
            player.played.differs(f"line of {'/'.join(key)}", expected[0][key], found)


def document_of(
    player: "Player", account: Account, days: tuple[date, date]
) -> dict[tuple[str, str], tuple[str, str, str]]:
    """A report's category, state and reason by order and package."""
    stage = player.stage
    preempt, stage.preempt = stage.preempt, lambda: None  # nothing else happens meanwhile
    report = request_report(stage.memory, account, *days, stage.clock.now)
    for run in range(RUNS + 1):
        stage.calm += run == RUNS
        with suppress(CrashError, ThrottledError, TimedOutError):
            out_of_time = (lambda: stage.random.random() < OUT_OF_TIME) if run < RUNS else _never
            write_report(stage.ports, account, report.id, stage.clock.now, out_of_time)
        stage.calm -= run == RUNS
    stage.preempt = preempt
    text = gzip.decompress(stage.memory.report_files.documents[report.document_key]).decode()
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    found = {
        (line["Order ID"], line["Package ID"]): (line["Category"], line["State"], line["Reason"])
        for line in lines
    }
    if len(found) != len(lines):
        player.played.differs(f"lines of a report of {account.id}", len(found), len(lines))
    return found


def _range(player: "Player") -> tuple[date, date]:
    first = player.story.begins - timedelta(days=DAYS_BEFORE)
    return first, first + timedelta(days=DAYS)


def _never() -> bool:
    return False
