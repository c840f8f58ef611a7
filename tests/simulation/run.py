"""Play any number of stories: ``python -m simulation.run --seeds 1000 --first 0 --processes 2``.

Ends with one line of JSON: seeds, events, differences. A story that ends differently from the
oracle is told, cut down to what it takes; its seed plays it again exactly.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from simulation.play import Played, play, shortest

TOLD = 3
"""So many failing stories are told in full."""


def played(seed: int) -> tuple[int, int, int]:
    found = play(seed)
    return seed, found.events, len(found.differences)


def tell(seed: int) -> str:
    """A failing story, as short as it gets."""
    failed: Played = shortest(seed)
    return f"seed {seed}\n{failed.told()}"


def run(seeds: Iterable[int], processes: int) -> dict[str, int]:
    seeds = list(seeds)
    with ProcessPoolExecutor(processes) as pool:
        results = list(pool.map(played, seeds, chunksize=max(1, min(50, len(seeds) // processes))))
    failing = [seed for seed, _, differences in results if differences]
    for seed in failing[:TOLD]:
        sys.stderr.write(f"{tell(seed)}\n")
    if failing:
        sys.stderr.write(f"failing seeds: {failing}\n")
    return {
        "seeds": len(results),
        "events": sum(events for _, events, _ in results),
        "differences": sum(differences for _, _, differences in results),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many stories to play")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    found = run(range(asked.first, asked.first + asked.seeds), asked.processes)
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 1 if found["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
