"""No module needs itself in the end: imports make no circle, not even inside a function."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from support.modules import modules

PROJECT = Path(__file__).parents[2]
Graph = Mapping[str, set[str]]


def imported(source: str, known: set[str]) -> Iterator[str]:
    """Each known module that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in whole]
        else:
            continue
        yield from (name for name in names if name in known)


def graph_of(root: Path) -> Graph:
    known = modules(root)
    return {
        module: set(imported(path.read_text("utf-8"), set(known))) - {module}
        for module, path in known.items()
    }


def between_packages(graph: Graph) -> Graph:
    """The same graph, of top-level packages."""
    packages: dict[str, set[str]] = {}
    for module, needs in graph.items():
        package = module.partition(".")[0]
        others = {need.partition(".")[0] for need in needs} - {package}
        packages.setdefault(package, set()).update(others)
    return packages


def circle_in(graph: Graph) -> list[str]:
    """One circle of imports, its first module again at the end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


@pytest.mark.parametrize("root", ["functions", "infra"])
def test_no_module_imports_itself_by_way_of_others(root: str) -> None:
    assert circle_in(graph_of(PROJECT / root)) == []


@pytest.mark.parametrize("root", ["functions", "infra"])
def test_no_package_imports_itself_by_way_of_others(root: str) -> None:
    assert circle_in(between_packages(graph_of(PROJECT / root))) == []


def written(root: Path, sources: Mapping[str, str]) -> Graph:
    for name, source in sources.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return graph_of(root)


@pytest.mark.parametrize(
    "source",
    [
        "import rooms.b",
        "from rooms import b",
        "from rooms.b import x",
        "def late():\n    from rooms.b import x",
    ],
)
def test_a_circle_is_found_however_it_is_imported(tmp_path: Path, source: str) -> None:
    graph = written(tmp_path, {"rooms/a.py": source, "rooms/b.py": "from rooms.a import y"})
    assert set(circle_in(graph)) == {"rooms.a", "rooms.b"}


def test_packages_can_make_a_circle_that_their_modules_do_not(tmp_path: Path) -> None:
    graph = written(
        tmp_path,
        {
            "cli/demo.py": "import play.day",
            "play/day.py": "import cli.api",
            "cli/api.py": "",
        },
    )
    assert circle_in(graph) == []
    assert set(circle_in(between_packages(graph))) == {"cli", "play"}
