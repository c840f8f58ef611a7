"""The rules, without anything around them: one verdict, one merge."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.figures import Figure, cpu_seconds
from support.builders import DUE, a_confirmation, a_delivery, a_label, a_scan, rules, seen
from vtr.domain.verdict import verdict

AS_OF = DUE + timedelta(days=1)


def figures() -> Iterator[Figure]:
    claim, policy = a_confirmation(), rules()
    life = seen(a_label(), a_scan(), a_delivery())
    label, scan = seen(a_label()), seen(a_scan())
    judging, merging = cpu_seconds(
        lambda: verdict(claim, life, policy, AS_OF), lambda: label.merge(scan)
    )
    yield Figure(name="verdict of a package that was delivered", value=judging * 1e6, unit="µs")
    yield Figure(name="merge of two scans' evidence", value=merging * 1e6, unit="µs")
