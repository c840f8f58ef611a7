"""Locks: in step with the project file, hashed, and silent about where packages come from."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCKS = ["functions/requirements.txt", "infra/requirements.txt", "tests/requirements.txt"]
EVERY_LOCK = [
    *(*LOCKS, *(f"tests/{tools}/requirements.txt" for tools in ("fuzz", "load", "mutation"))),
    *(f"infra/{tools}.txt" for tools in ("bootstrap", "audit", "sam", "checkov")),
]

project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = project["optional-dependencies"]
WANTED = {
    "functions/requirements.txt": project["dependencies"],
    "infra/requirements.txt": project["dependencies"] + EXTRAS["local"],
    "tests/requirements.txt": project["dependencies"] + EXTRAS["local"] + EXTRAS["dev"],
}


def text_of(lock: str) -> str:
    return (PROJECT / lock).read_text("utf-8")


def locked(lock: str) -> dict[str, Requirement]:
    """Every package of a lock, with the one version that it pins and the marker it stands under."""
    lines = text_of(lock).replace("\\\n", " ").splitlines()
    found = [Requirement(line.split("--hash")[0].strip()) for line in lines if line.strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def pinned_version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", requirement
    return specifier.version


def needed(wanted: Iterable[Requirement]) -> Iterator[str]:
    """All that the wanted packages need here, directly or not, by what is installed."""
    waiting, seen = list(wanted), set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        yield name
        for line in distribution(name).requires or []:
            below = Requirement(line)
            extras = requirement.extras or {""}
            if below.marker is None or any(below.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(below)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_of_the_project_is_locked_at_a_version_it_allows(lock: str) -> None:
    pinned = locked(lock)
    for wanted in map(Requirement, WANTED[lock]):
        found = pinned[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(pinned_version(found)), wanted


def test_the_functions_lock_has_all_that_they_need_and_nothing_that_nobody_asked_for() -> None:
    pinned = locked("functions/requirements.txt")
    needs = set(needed(map(Requirement, project["dependencies"])))
    assert needs <= pinned.keys()
    elsewhere = {name for name, requirement in pinned.items() if requirement.marker}
    assert pinned.keys() - elsewhere <= needs


def test_what_is_installed_is_what_is_locked() -> None:
    for name, requirement in locked("functions/requirements.txt").items():
        if requirement.marker is None or requirement.marker.evaluate():
            assert distribution(name).version == pinned_version(requirement), name


@pytest.mark.parametrize(("smaller", "larger"), [(0, 1), (1, 2)])
def test_the_locks_agree_with_each_other(smaller: int, larger: int) -> None:
    wider = locked(LOCKS[larger])
    for name, requirement in locked(LOCKS[smaller]).items():
        assert pinned_version(wider[name]) == pinned_version(requirement), name


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    for line in filter(None, text_of(lock).replace("\\\n", " ").splitlines()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line[:80]


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_no_lock_names_a_host(lock: str) -> None:
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links| @ ", text_of(lock))


def test_the_functions_carry_nothing_of_the_local_stack_or_of_the_tests() -> None:
    ours = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    only_here = {
        canonicalize_name(Requirement(line).name) for lines in EXTRAS.values() for line in lines
    }
    assert not (only_here - ours) & locked("functions/requirements.txt").keys()
