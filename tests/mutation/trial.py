"""One mutant against the tests that reach it, in a process of its own.

The process is a fork of one that has loaded pytest, moto and the like, and nothing of the project:
so the mutant is what the tests import, its constants as well as its functions, and its cost is
that of importing the project and running a file or two of tests.
"""

import os
import resource
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from time import process_time
from types import ModuleType
from typing import Any

import pytest

from mutation.mutants import Mutant
from mutation.reach import FUNCTIONS, Reach, options

# A mutant that loops forever is killed by the limit: five times what a file of tests takes is no
# loop, and neither are a few seconds of starting.
_TIMES_AS_LONG = 5
_LEAST_SECONDS = 10
_MOST_MEMORY = 4 * 1024**3


class Trials:
    """Tries mutants, each with the tests most likely to kill it first."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._kills: dict[tuple[str, str], int] = defaultdict(int)

    def start(self, mutant: Mutant, tests: set[str]) -> tuple[int, list[str]]:
        """The process that tries the mutant, and the files of tests in the order it takes."""
        chosen = self._reach.files_of(tests)
        files = sorted(chosen, key=lambda file: self._place_of(mutant.module, file, chosen[file]))
        child = os.fork()
        if not child:
            os._exit(self._first_to_kill(mutant, {file: chosen[file] for file in files}))
        return child, files

    def end(self, mutant: Mutant, files: list[str], status: int) -> bool:
        """Whether a process that ended with *status* has killed its mutant."""
        if os.WIFSIGNALED(status):
            return True
        number = os.WEXITSTATUS(status)
        if number:
            self._kills[mutant.module, files[number - 1]] += 1
        return number > 0

    def _first_to_kill(self, mutant: Mutant, files: Mapping[str, set[str]]) -> int:
        """The place of the first file with a test that fails, from 1; 0 where none does."""
        sys.meta_path.insert(0, _Finder(mutant.module, mutant.make()))
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):  # noqa: PTH123
            for number, (file, tests) in enumerate(files.items(), 1):
                _limit(sum(self._reach.seconds[test] for test in tests))
                code = pytest.main([*options(), "--tb=no", file], plugins=[_Only(tests)])
                if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                    return number
        return 0

    def _place_of(self, module: str, file: str, tests: set[str]) -> tuple[int, float]:
        return -self._kills[module, file], sum(self._reach.seconds[test] for test in tests)


def _limit(seconds: float) -> None:
    """Give this process as much time as tests of so many *seconds* may take, and some memory."""
    ends = round(process_time() + _LEAST_SECONDS + _TIMES_AS_LONG * seconds)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ends, most))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Only:
    """Leaves of a file the tests that are asked for."""

    def __init__(self, tests: set[str]) -> None:
        self._tests = tests

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._tests]


class _Finder(MetaPathFinder, Loader):
    """Imports one module from the mutant's source."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != self._module:
            return None
        path = FUNCTIONS.joinpath(*name.split("."))
        package = path.is_dir()
        path = path / "__init__.py" if package else path.with_suffix(".py")
        return spec_from_file_location(
            name,
            path,
            loader=self,
            submodule_search_locations=[str(path.parent)] if package else None,
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, str(module.__file__), "exec"), module.__dict__)  # noqa: S102
