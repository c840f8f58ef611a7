"""Read rates: today's, and those of past days as judged now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from vtr.domain.accounts import Account
from vtr.domain.rates import Rate, by_day, rate
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import policy_on, policy_today


@dataclass(frozen=True, slots=True)
class PastRate:
    """The rate of the window that ended on a day, judged with what is known now."""

    day: date
    rate: Rate


def read_rate(ports: Ports, account: Account, now: datetime) -> Rate:
    rules = policy_today(ports, account, now)
    days = ports.rates.days(account.id).days
    return rate(days, rules, now, rules_of=partial(policy_on, ports, account.policy))


def read_history(ports: Ports, account: Account, days: int, now: datetime) -> list[PastRate]:
    """Return the rates of the last *days* days, oldest first; today's is the last."""
    rules, rules_of = policy_today(ports, account, now), partial(policy_on, ports, account.policy)
    today = rules.day_of(now)
    first, _ = rules.window(today - timedelta(days=days - 1))
    counted = by_day(ports.rates.buckets(account.id, first, today))
    ends = [today - timedelta(days=back) for back in reversed(range(days))]
    return [PastRate(end, rate(counted, rules, now, end, rules_of)) for end in ends]
