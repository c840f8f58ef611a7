"""Which tests reach which lines: what each mutant has to stand against.

Seen by running the tests once, with coverage. A line of a function is reached by the tests that run
it. A line that runs while its module is imported is reached by the tests that run what uses its
name (``names.py``).
"""

from collections import defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest
from coverage import Coverage

PROJECT = Path(__file__).parents[2]
FUNCTIONS = PROJECT / "functions"
PLUGINS = (
    *("_hypothesis_pytestplugin", "pytest_socket", "no:cacheprovider"),
    *("no:unraisableexception", "no:threadexception"),
)
"""What the tests need; others, such as one that collects garbage, take time with every mutant."""


@dataclass(slots=True)
class Reach:
    """The tests that run each line of each module, and the seconds that each test takes.

    A test is its node id; what runs in a fixture of a whole file has the file's name.
    """

    tests: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def of(self, module: str, line: int) -> set[str]:
        return self.tests.get(module, {}).get(line, set())

    @property
    def files(self) -> set[str]:
        return {test.partition("::")[0] for test in self.seconds}

    def files_of(self, tests: set[str]) -> dict[str, set[str]]:
        """These tests by their file, all of a file's where it is named as a whole."""
        files: dict[str, set[str]] = defaultdict(set)
        for test in self.seconds:
            file = test.partition("::")[0]
            if test in tests or file in tests:
                files[file].add(test)
        return files


class _Watch:
    """Tells coverage which test runs, and notes how long it takes."""

    def __init__(self, coverage: Coverage, seconds: dict[str, float]) -> None:
        self._coverage = coverage
        self._seconds = seconds
        self._test = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._test = item.nodeid
        self._coverage.switch_context(self._test)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        of_its_own = request.scope == "function"
        self._coverage.switch_context(self._test if of_its_own else request.node.nodeid)
        found = yield
        self._coverage.switch_context(self._test)
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration


def reach_of(folders: Sequence[str], modules: dict[str, Path]) -> Reach:
    """Run the tests of these folders and see which lines of the modules each of them runs.

    Raises ``RuntimeError`` where a test fails: it would kill every mutant.
    """
    reach = Reach()
    files = [str(path) for path in modules.values()]
    coverage = Coverage(data_file=None, config_file=False, include=files)
    coverage.start()
    for module in modules:
        import_module(module)  # or the first test to import it would have all of its lines
    watch = _Watch(coverage, reach.seconds)
    code = pytest.main([*options(), *folders], plugins=[watch])
    coverage.stop()
    if code is not pytest.ExitCode.OK:
        message = f"The tests fail without any mutant: {code!r}. Mend them first, with make test."
        raise RuntimeError(message)
    data = coverage.get_data()
    for module, path in modules.items():
        lines = data.contexts_by_lineno(str(path))
        reach.tests[module] = {line: set(tests) - {""} for line, tests in lines.items()}
    return reach


def options() -> list[str]:
    """What pytest is called with, here as for every mutant."""
    loaded = "ignore::pytest.PytestAssertRewriteWarning"  # hypothesis is, before pytest begins
    plugins = [word for name in PLUGINS for word in ("-p", name)]
    return [f"--rootdir={PROJECT}", "-W", loaded, "-q", "-x", *plugins]
