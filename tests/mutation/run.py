"""Put small faults into the code, one at a time, and ask that the tests find them.

``make mutate``, or ``make mutate LAYER=adapters SAMPLE=300``. Prints each mutant that no test
kills, and a score for each layer: how many of the mutants tried are killed. Ends with 1 where a
score is below the layer's floor.
"""

import argparse
import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# Loaded once, for all the forks that try mutants. Nothing of the project may be.
import boto3  # noqa: F401
import hypothesis  # noqa: F401
import moto  # noqa: F401
import msgspec  # noqa: F401
import pynamodb.models  # noqa: F401

from mutation.equivalents import without_equivalents
from mutation.mutants import Mutant, mutants_of
from mutation.names import Names
from mutation.reach import FUNCTIONS, PROJECT, Reach, reach_of
from mutation.trial import Trials
from support.modules import modules

KNOWN = modules(FUNCTIONS)

RULES = (
    *("tests/unit/domain", "tests/unit/use_cases", "tests/unit/test_*.py", "tests/world"),
    "tests/contract/test_item_sizes.py",
)
CONTRACTS = ("tests/contract", "tests/unit/test_ttl_cache.py", "tests/unit/test_web.py")
CLIENTS = ("tests/infra/test_timeouts.py", "tests/integration/test_throttling.py")
STORIES = "tests/simulation/test_simulation.py::test_every_story_ends_as_the_oracle_says[0]"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the code, what its score must reach, and the tests that have to hold it."""

    name: str
    floor: int
    tests: tuple[str, ...]


LAYERS = (
    Layer("domain", 95, RULES),
    Layer("use_cases", 85, ("tests/unit/use_cases", STORIES)),
    Layer("adapters", 85, (*CONTRACTS, *CLIENTS)),
)


def below(package: str) -> dict[str, Path]:
    return {name: path for name, path in sorted(KNOWN.items()) if name.startswith(package)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layer", choices=[layer.name for layer in LAYERS], help="all by default")
    parser.add_argument("--sample", type=int, help="how many mutants of each layer; all by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    layers = [layer for layer in LAYERS if asked.layer in (None, layer.name)]
    return max(score(layer, asked.sample, asked.jobs) for layer in layers)


def score(layer: Layer, sample: int | None, jobs: int) -> int:
    """Try a layer's mutants and print those that survive; return 1 if too many do."""
    mutants = drawn(layer, sample)
    began = time.monotonic()
    killed = len(mutants)
    for survivor in survivors_of(mutants, layer, jobs):
        say(f"survives: {survivor}")
        killed -= 1
    found = 100 * killed / len(mutants)
    say(
        f"{layer.name}: {killed} of {len(mutants)} mutants killed, {found:.1f} %"
        f" (at least {layer.floor} %), in {time.monotonic() - began:.0f} s"
    )
    return int(found < layer.floor)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def drawn(layer: Layer, sample: int | None) -> list[Mutant]:
    """A layer's mutants, or a sample of them: those with the lowest digests.

    So a sample is the same every time, but for the mutants of lines that were changed.
    """
    found = [
        mutant
        for module, path in below(f"vtr.{layer.name}").items()
        for mutant in mutants_of(path.read_text("utf-8"), module)
    ]
    chosen = sorted(without_equivalents(found), key=lambda mutant: mutant.digest)[:sample]
    return sorted(chosen, key=lambda mutant: (mutant.module, mutant.line, mutant.digest))


def survivors_of(mutants: list[Mutant], layer: Layer, jobs: int) -> Iterator[Mutant]:
    """The mutants that no test kills, as they are found: several are tried at a time."""
    reach = watched(layer)
    trials, names = Trials(reach), Names(KNOWN | {file: PROJECT / file for file in reach.files})
    gc.freeze()  # what the forks have in common is not looked through by each
    running: dict[int, tuple[Mutant, list[str]]] = {}
    waiting = list(reversed(mutants))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            process, files = trials.start(mutant, tests_of(mutant, reach, names))
            running[process] = (mutant, files)
        process, status = os.wait()
        mutant, files = running.pop(process)
        if not trials.end(mutant, files, status):
            yield mutant


def watched(layer: Layer) -> Reach:
    """What the layer's tests reach; seen in a fork, for this process must not load the project."""
    tests = [path for name in layer.tests for path in expanded(name)]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=fork) as executor:
        return executor.submit(reach_of, tests, below("vtr")).result()


def expanded(name: str) -> list[str]:
    if "*" not in name:
        return [name]
    return sorted(str(path.relative_to(PROJECT)) for path in PROJECT.glob(name))


def tests_of(mutant: Mutant, reach: Reach, names: Names) -> set[str]:
    """The tests that run the mutant's line; of a line that runs once, those that run its users."""
    tests = reach.of(mutant.module, mutant.line)
    if tests and not names.runs_once(mutant.module, mutant.line):
        return tests
    places = names.places_of(mutant.module, mutant.line)
    return tests.union(
        *(reach.of(*place) for place in places),
        (place for place, _ in places if place in reach.files),  # it is tested by its name
    )


if __name__ == "__main__":
    sys.exit(main())
