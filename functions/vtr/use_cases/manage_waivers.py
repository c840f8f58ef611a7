"""Waivers: the marketplace takes the packages of a named incident out of the rate."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.domain.packages import BucketKey
from vtr.domain.policies import Waiver
from vtr.ports import Ports
from vtr.ports.queues import Recount


def add_waiver(ports: Ports, policy_id: str, waiver: Waiver) -> int:
    """Record a waiver and request a recount of every bucket in it; return how many.

    One of the same name is replaced, and the days that it covered are recounted too. Nothing is
    rewritten: whether a package is waived is decided when it is counted or shown.
    """
    replaced = waivers_named(ports, policy_id, waiver.name)
    ports.waivers.add(policy_id, waiver)
    return _recount(ports, policy_id, [*replaced, waiver])


def remove_waiver(ports: Ports, policy_id: str, name: str) -> int:
    """Remove a waiver and request a recount of every bucket in it; return how many."""
    removed = waivers_named(ports, policy_id, name)
    if not removed:
        raise InvalidRequestError(
            FieldProblem("name", f"{policy_id} has no waiver {name}", "See vtr waivers list.")
        )
    ports.waivers.remove(policy_id, name)
    return _recount(ports, policy_id, removed)


def waivers_named(ports: Ports, policy_id: str, name: str) -> Sequence[Waiver]:
    """Return the waiver of this name, if there is one, as it is stored now."""
    ports.waivers.refresh()
    return [each for each in ports.waivers.of(policy_id) if each.name == name]


def buckets_in(ports: Ports, policy_id: str, waivers: Iterable[Waiver]) -> Iterator[BucketKey]:
    """Yield every bucket, of every account under the policy, that one of the waivers covers."""
    days = sorted({day for waiver in waivers for day in _days(waiver)})
    for account in ports.accounts.all():
        if account.policy == policy_id:
            for day in days:
                for shard in range(account.shards):
                    yield BucketKey(account.id, day, shard)


def _recount(ports: Ports, policy_id: str, waivers: Iterable[Waiver]) -> int:
    recounts = [Recount(bucket) for bucket in buckets_in(ports, policy_id, waivers)]
    ports.recounts.send(recounts)
    return len(recounts)


def _days(waiver: Waiver) -> Iterator[date]:
    for ahead in range((waiver.last_day - waiver.first_day).days + 1):
        yield waiver.first_day + timedelta(days=ahead)
