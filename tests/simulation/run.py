"""Play any number of stories: ``python -m simulation.run --seeds 1000 --first 0 --processes 2``.

Ends with one line of JSON: seeds, events, differences. A story that ends differently from the
oracle is printed, cut down to what it takes; its seed plays it again exactly.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from typing import NamedTuple

from simulation.play import play, shortest

LOT = 25
"""Stories that a process plays before it says how they went."""

TOLD = 3
"""How many failing stories are printed in full."""

PROGRESS_SECONDS = 60


class Ending(NamedTuple):
    seed: int
    events: int
    differences: int


def run(seeds: Sequence[int], processes: int) -> dict[str, int]:
    counts = {"seeds": 0, "events": 0, "differences": 0}
    failing: list[int] = []
    said = time.monotonic()
    for ending in _endings(seeds, processes):
        counts["seeds"] += 1
        counts["events"] += ending.events
        counts["differences"] += ending.differences
        if ending.differences:
            failing.append(ending.seed)
            if len(failing) <= TOLD:
                _say(f"seed {ending.seed}\n{shortest(ending.seed).told()}")
        if time.monotonic() - said > PROGRESS_SECONDS:
            said = time.monotonic()
            _say(json.dumps(counts))
    if failing:
        _say(f"failing seeds: {failing}")
    return counts


def _endings(seeds: Sequence[int], processes: int) -> Iterator[Ending]:
    lots = [seeds[start : start + LOT] for start in range(0, len(seeds), LOT)]
    if processes == 1:
        yield from chain.from_iterable(map(_played, lots))
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from chain.from_iterable(pool.map(_played, lots))


def _played(seeds: Sequence[int]) -> list[Ending]:
    endings = []
    for seed in seeds:
        played = play(seed)
        endings.append(Ending(seed, played.events, len(played.differences)))
    return endings


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000, help="how many stories to play")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    counts = run(seeds, 1 if asked.seeds <= LOT else asked.processes)
    sys.stdout.write(f"{json.dumps(counts)}\n")
    return 1 if counts["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
