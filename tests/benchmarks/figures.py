"""A figure, its floor or peer, the budget that it keeps or misses; and how time is taken.

Times are CPU time, so that whatever else the machine does counts little; what is compared takes
turns, round by round, and the best round of each counts.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

ROUNDS = 7
SHORTEST_ROUND = 0.02
"""Seconds; a shorter one would measure the clock."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a value may be, or the least."""

    at_most: float | None = None
    at_least: float | None = None

    def holds(self, value: float) -> bool:
        return (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )

    def __str__(self) -> str:
        return f"<= {self.at_most:g}" if self.at_most is not None else f">= {self.at_least:,g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``beside`` names the floor or the peer that ``reference`` was measured of, in the same unit.

    The budget is the value's or, ``of_ratio``, that of value to reference.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    reference: float | None = None
    budget: Budget | None = None
    of_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def within_budget(self) -> bool | None:
        if self.budget is None:
            return None
        judged = self.ratio if self.of_ratio else self.value
        return judged is not None and self.budget.holds(judged)

    @property
    def budget_text(self) -> str | None:
        return f"{self.budget}{' x' if self.of_ratio else ''}" if self.budget else None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "beside": self.beside or None,
            "reference": self.reference,
            "ratio": self.ratio,
            "budget": self.budget_text,
            "within_budget": self.within_budget,
        }


def cpu_seconds(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The least CPU time that one run of each took."""
    repeats = [_repeats(work) for work in works]
    best = [float("inf")] * len(works)
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for place, (work, times) in enumerate(zip(works, repeats, strict=True)):
                best[place] = min(best[place], _timed(work, times) / times)
            gc.collect()
    finally:
        if enabled:
            gc.enable()
    return best


def _repeats(work: Callable[[], object]) -> int:
    """How often one round runs it; the first run warms it up."""
    work()
    times = 1
    while _timed(work, times) < SHORTEST_ROUND:
        times *= 2
    return times


def _timed(work: Callable[[], object], times: int) -> float:
    begun = process_time()
    for _ in range(times):
        work()
    return process_time() - begun


def table(figures: Sequence[Figure]) -> str:
    """The figures as a text that is read without the source."""
    head = ("figure", "value", "unit", "beside it, in the same run", "ratio", "budget", "")
    rows = [head, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    right = {1, 4}
    lines = []
    for row in rows:
        cells = [
            f"{cell:>{width}}" if column in right else f"{cell:<{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    reference = "" if figure.reference is None else f": {_number(figure.reference)}"
    verdict = {None: "", True: "ok", False: "MISSED"}[figure.within_budget]
    return (
        figure.name,
        _number(figure.value),
        figure.unit,
        figure.beside + reference,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.budget_text or "",
        verdict,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
