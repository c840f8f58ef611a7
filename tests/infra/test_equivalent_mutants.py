"""The mutants that nobody has to kill: each is of a line that is there, and has its reason."""

import csv
from pathlib import Path

from support.modules import modules

PROJECT = Path(__file__).parents[2]
TABLE = PROJECT / "tests" / "mutation" / "equivalent.tsv"


def test_every_equivalent_mutant_is_of_a_line_that_is_there_and_says_why() -> None:
    known = modules(PROJECT / "functions")
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows
    for row in rows:
        lines = [line.strip() for line in known[row["module"]].read_text("utf-8").splitlines()]
        assert row["line"] in lines, row
        assert row["before"] in row["line"], row
        assert row["why"], row
