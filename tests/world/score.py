"""Print how many cases of the world come out right, by kind: ``make world``."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest


class Score:
    """Counts each case by its kind, right where every test of it passes."""

    def __init__(self) -> None:
        self._right: dict[tuple[str, str], bool] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:
        report = yield
        case = getattr(getattr(item, "callspec", None), "params", {}).get("case")
        if case and call.when == "call":
            key = case["kind"], case["id"]
            self._right[key] = self._right.get(key, True) and report.passed
        return report

    def lines(self) -> list[str]:
        cases = Counter(kind for kind, _ in self._right)
        right = Counter(kind for (kind, _), passed in self._right.items() if passed)
        rows = [f"{kind:20} {right[kind]:4} of {cases[kind]:4}" for kind in sorted(cases)]
        total = f"{'all':20} {right.total():4} of {cases.total():4}"
        return [*rows, f"{total}  ({100 * right.total() / max(cases.total(), 1):.1f} %)"]


def main() -> int:
    score = Score()
    code = pytest.main(["-q", "--no-header", "--tb=no", str(Path(__file__).parent)], [score])
    print("\n".join(score.lines()))  # noqa: T201 - it is what this is for
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
