"""What the codes of carriers and aggregators mean, read from the tables in ``code_tables``.

A table is a file of comma-separated lines, one code a line:

kind       what sort of code it is: the same letters mean different things in different kinds
code       as the source writes it
milestone  what it means for the journey
physical   ``yes`` only where a document or a captured event says that somebody held the package
by         who held it, if not the carrier that reports it
retracts   the code of the earlier scan that this one takes back
basis      what the judgement rests on
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from vtr.domain.scans import Milestone, Physical, PhysicalBy

_FOLDER = f"{__file__.removesuffix('shared/code_tables.py')}code_tables"


class Judgement(NamedTuple):
    """What a code means, and whether it proves that somebody held the package."""

    milestone: Milestone
    physical: Physical
    by: PhysicalBy = PhysicalBy.CARRIER
    retracts: str = ""


UNKNOWN = Judgement(Milestone.UNKNOWN, Physical.AMBIGUOUS)

CodeTable = Mapping[tuple[str, str], Judgement]


@cache
def code_table(name: str) -> CodeTable:
    """Return the table called *name*, keyed by kind and code."""
    # Not by pathlib: nothing else on the way of a scan imports it, and imports are the cold start.
    with open(f"{_FOLDER}/{name}.csv", encoding="utf-8") as lines:  # noqa: PTH123
        next(lines)
        return dict(_row(line.rstrip("\n")) for line in lines)


def _row(line: str) -> tuple[tuple[str, str], Judgement]:
    kind, code, milestone, physical, by, retracts, _basis = line.split(",")
    judgement = Judgement(
        Milestone(milestone), Physical(physical), PhysicalBy(by or "carrier"), retracts
    )
    return (kind, code), judgement
