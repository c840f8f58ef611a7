"""Every figure of how fast and how frugal this is, each with its floor or peer and its budget.

    make bench

prints one table, writes ``build/bench.json``, and fails where a budget is missed. With names of
subjects (``python -m benchmarks.bench rules units``) only those are measured.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Figure, table

SUBJECTS = ("units", "identify", "sources", "rules", "requests", "export", "cold_start")
REPORT = Path(__file__).parents[2] / "build" / "bench.json"

# Nobody's profile or credentials are for measuring, nor are those of the machine that this runs on.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def main(subjects: list[str]) -> int:
    figures: list[Figure] = []
    for subject in subjects or SUBJECTS:
        begun = perf_counter()
        # In a process of its own: what one subject leaves behind slows the next one down.
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            figures.extend(process.submit(_figures_of, subject).result())
        print(f"{subject}: {perf_counter() - begun:.0f} s", file=sys.stderr)  # noqa: T201
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n")
    print(table(figures))  # noqa: T201
    missed = [figure.name for figure in figures if figure.within_budget is False]
    print(f"\n{len(missed)} of the budgets missed" if missed else "\nevery budget kept")  # noqa: T201
    return 1 if missed else 0


def _figures_of(subject: str) -> list[Figure]:
    return list(import_module(f"benchmarks.{subject}").figures())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
