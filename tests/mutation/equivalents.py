"""Mutants that do what the code does: ``equivalent.tsv`` has each with the reason."""

import csv
from collections.abc import Iterable
from pathlib import Path

from mutation.mutants import Mutant

TABLE = Path(__file__).with_name("equivalent.tsv")
COLUMNS = ("module", "line", "before", "after")


def without_equivalents(mutants: Iterable[Mutant]) -> list[Mutant]:
    """All mutants but those of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        known = {tuple(row[name] for name in COLUMNS) for row in rows}
    return [one for one in mutants if (one.module, one.code, one.before, one.after) not in known]
