"""The carriers that a submission may name, and which of them the account's policy can verify."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from vtr.domain.accounts import Account
from vtr.domain.carriers import Carrier, all_carriers, folded
from vtr.use_cases.policy_in_force import rules_of


class ListedCarrier(NamedTuple):
    """A carrier, and whether the policy in force today supports it."""

    carrier: Carrier
    supported: bool


def list_carriers(account: Account, name: str | None, now: datetime) -> Sequence[ListedCarrier]:
    """Return those of whose names one has *name* in it, the best known of each market first.

    Case, blanks, punctuation and accents make no difference. Without a *name* that is every one.
    """
    # Without its waivers, which say nothing of carriers: so no table is read.
    today = rules_of(account.policy, now.date(), ()).day_of(now)
    rules = rules_of(account.policy, today, ())
    return [
        ListedCarrier(carrier, rules.supports(carrier.code))
        for carrier in all_carriers()
        if name is None or _goes_by(carrier, folded(name))
    ]


def _goes_by(carrier: Carrier, name: str) -> bool:
    return bool(name) and any(name in folded(each) for each in carrier.names)
