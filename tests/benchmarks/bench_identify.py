"""Whose number is it: ours beside two published packages, accuracy and speed in one table.

Accuracy is measured on ``published_numbers.tsv``: numbers that carriers' documents, open test
suites and public reports publish with their carrier, or (``-``) as nobody's. These were known when
the catalogue was written, so the figures show that nothing is lost, and are no forecast for numbers
yet unseen. The second measure, on the catalogue's own examples, is right for ours by construction.
A package that names the postal standard instead of a post counts as right for every post.

Speed is the best of several rounds over distinct numbers, on one core, with nothing remembered.

    python tests/benchmarks/bench_identify.py
"""

# ruff: noqa: T201 a benchmark prints

import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FUNCTIONS = ROOT / "functions"
sys.path[:0] = [str(FUNCTIONS), str(ROOT / "tests")]

from benchmarks.identify_peers import (  # noqa: E402 once the path is set
    NPM_PEER,
    PYPI_PEER,
    PeerAnswers,
    PeerError,
    ask_npm_peer,
    ask_pypi_peer,
)
from support.chance import share_accepted  # noqa: E402
from vtr.domain.carriers import folded, resolve  # noqa: E402
from vtr.domain.tracking_numbers import identify  # noqa: E402
from vtr.domain.tracking_numbers.catalogue import FORMATS  # noqa: E402

PUBLISHED = Path(__file__).with_name("published_numbers.tsv")
ROUNDS = 7
MIXTURE_SIZE = 20_000
RANDOM_SAMPLE = 20_000
NOBODY = "-"
ANY_POST = "any post"
POSTS = {code for entry in FORMATS if "s10_" in entry.format_id for code in entry.carriers}

# What a day of a United States marketplace brings, in per cent; check digits come after.
MIXTURE = {
    "940011{16}": 40,
    "1Z{6}03{8}": 25,
    "7{11}": 14,
    "{15}": 5,
    "LW{9}CN": 5,
    "TBA3{11}": 4,
    "YT24{14}": 3,
    "{10}": 2,
    "GFUS01{12}": 1,
    "00340434{12}": 1,
}


class Answers(NamedTuple):
    """One package's: for each number, the carriers in first place and all carriers; its speed.

    ``judged_per_second`` is the speed with the verdict read as well, where there are verdicts.
    """

    carriers: list[tuple[set[str], set[str]]]
    per_second: float
    judged_per_second: float = 0


def main() -> None:
    published = [line.split("\t") for line in PUBLISHED.read_text().splitlines()[1:]]
    examples = [
        [number, entry.carriers[0]]
        for entry in FORMATS
        if entry.tier != "D"
        for number in entry.examples
    ]
    numbers = [number for number, _ in (*published, *examples)]
    mixture = _mixture()
    columns = {"this project": _ours(numbers, mixture)}
    for peer, ask in ((PYPI_PEER, ask_pypi_peer), (NPM_PEER, ask_npm_peer)):
        try:
            columns[peer] = _of_peer(ask(numbers, mixture, ROUNDS))
        except PeerError as reason:
            print(f"left out: {peer}: {reason}")
    valid = sum(carrier != NOBODY for _, carrier in published)
    print(f"{valid} published numbers, {len(published) - valid} that are nobody's,", end=" ")
    print(f"{len(examples)} examples; {MIXTURE_SIZE:,} numbers to time\n")
    _print_table(columns, [one for _, one in published], [one for _, one in examples])
    _print_import_time()
    _print_random_acceptance()


def _ours(numbers: Sequence[str], mixture: Sequence[str]) -> Answers:
    found = [identify(number) for number in numbers]

    def identified() -> None:
        for number in mixture:
            identify(number)

    def judged() -> None:
        for number in mixture:
            identify(number).verdict  # noqa: B018 -- reading it is what is timed

    return Answers(
        # Carriers that a number fits equally well share the first place: the remedy names them.
        [(set(one.tied or one.well_formed_for[:1]), set(one.well_formed_for)) for one in found],
        len(mixture) / _best_time(identified),
        len(mixture) / _best_time(judged),
    )


def _of_peer(answers: PeerAnswers) -> Answers:
    codes = [{_code(name)} if name else set() for name in answers.names]
    return Answers([(code, code) for code in codes], answers.per_second)


def _code(name: str) -> str:
    return ANY_POST if folded(name).startswith("s10") else resolve(name) or name


def _best_time(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def _print_table(columns: dict[str, Answers], published: list[str], examples: list[str]) -> None:
    rows: dict[str, list[str]] = {}
    for name, answers in columns.items():
        of_published = _accuracy(answers.carriers[: len(published)], published)
        of_examples = _accuracy(answers.carriers[len(published) :], examples)
        judged = f"{answers.judged_per_second:,.0f}" if answers.judged_per_second else "-"
        for label, cell in {
            "": name,
            **{f"published: {label}": share for label, share in of_published.items()},
            **{f"examples: {label}": share for label, share in of_examples.items()},
            "identifications a second, one core": f"{answers.per_second:,.0f}",
            "... with the verdict read": judged,
        }.items():
            rows.setdefault(label, []).append(cell)
    for label, cells in rows.items():
        print(f"{label:<50}", *(f"{cell:>26}" for cell in cells))


def _accuracy(
    answers: Sequence[tuple[set[str], set[str]]], expected: Sequence[str]
) -> dict[str, str]:
    counts: Counter[str] = Counter()
    for (first, listed), carrier in zip(answers, expected, strict=True):
        right = {carrier, ANY_POST} if carrier in POSTS else {carrier}
        if carrier == NOBODY:
            counts.update({"nobody's": 1, "nobody's accepted": bool(listed)})
        else:
            counts["valid"] += 1
            counts["listed"] += bool(right & listed)
            counts["first"] += bool(right & first)
            counts["only wrong"] += bool(listed and not right & listed)
    shares = {
        "right carrier listed": counts["listed"] / counts["valid"],
        "right carrier first, or in a named tie": counts["first"] / counts["valid"],
        "only wrong carriers listed": counts["only wrong"] / counts["valid"],
    }
    if counts["nobody's"]:
        shares["nobody's numbers accepted"] = counts["nobody's accepted"] / counts["nobody's"]
    return {label: f"{share:.1%}" for label, share in shares.items()}


def _print_import_time() -> None:
    print(f"\nimport time, cumulative, best of {ROUNDS}; the catalogue loads with the first number")
    for module in ("vtr.domain.tracking_numbers", "vtr.domain.carriers"):
        print(f"  {module:<48} {min(_import_times(module)) / 1000:>8.1f} ms")


def _import_times(module: str) -> list[int]:
    """Microseconds from the module's line of ``-X importtime``, everything it imports included."""
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run(  # noqa: S603 -- our own interpreter, our own words
            [sys.executable, "-X", "importtime", "-c", f"import {module}"],
            env={**os.environ, "PYTHONPATH": str(FUNCTIONS)},
            capture_output=True,
            text=True,
            check=True,
        )
        line = next(one for one in done.stderr.splitlines() if one.endswith(f" {module}"))
        times.append(int(line.split("|")[1]))
    return times


def _print_random_acceptance() -> None:
    """The share of random digits that each format accepts, beside what its check digit predicts."""
    dice = random.Random(1)  # noqa: S311 -- a fixed sample, not a secret
    by_id = {entry.format_id: entry for entry in FORMATS}
    print(f"\nrandom digits accepted, of {RANDOM_SAMPLE:,} of each length (and predicted)")
    for length in range(8, 35):
        accepted: Counter[str] = Counter()
        for _ in range(RANDOM_SAMPLE):
            found = identify(_digits(dice, length)).candidates
            accepted.update({one.format_id for one in found if one.tier != "D"})
        for format_id, count in accepted.most_common():
            entry = by_id[format_id]
            print(
                f"  {length:>2} digits  {format_id:<20} {count / RANDOM_SAMPLE:>7.2%}"
                f"  ({share_accepted(entry, length):>7.2%})  {', '.join(entry.carriers)}"
            )


def _mixture() -> list[str]:
    """Distinct numbers with the right check digits, in the proportions of ``MIXTURE``."""
    dice = random.Random(0)  # noqa: S311 -- a fixed sample, not a secret
    numbers: set[str] = set()
    while len(numbers) < MIXTURE_SIZE:
        template = dice.choices(list(MIXTURE), weights=list(MIXTURE.values()))[0]
        number = ""
        while not identify(number).well_formed_for:
            number = re.sub(r"\{(\d+)\}", lambda run: _digits(dice, int(run[1])), template)
        numbers.add(number)
    return sorted(numbers, key=lambda _: dice.random())


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


if __name__ == "__main__":
    main()
