"""Waivers: the marketplace takes the packages of a named incident out of the rate."""

from datetime import timedelta

from vtr.domain.packages import BucketKey
from vtr.domain.policies import Waiver
from vtr.ports import Ports
from vtr.ports.queues import Recount


def add_waiver(ports: Ports, policy_id: str, waiver: Waiver) -> int:
    """Record a waiver and request a recount of every bucket in it; return how many.

    Nothing is rewritten: whether a package is waived is decided when it is counted or shown.
    """
    ports.waivers.add(policy_id, waiver)
    asked = 0
    for account in ports.accounts.all():
        if account.policy == policy_id:
            recounts = [
                Recount(BucketKey(account.id, waiver.first_day + timedelta(days=ahead), shard))
                for ahead in range((waiver.last_day - waiver.first_day).days + 1)
                for shard in range(account.shards)
            ]
            ports.recounts.send(recounts)
            asked += len(recounts)
    return asked
