"""Where the names of modules are used: a constant is reached by whoever runs a line that names it.

Constants, the fields of classes and what is called to make them run once, when their module is
imported; a cached function runs once too, for whichever test is first.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

Place = tuple[str, int]
"""A line of a module."""


class Names:
    """The top-level statements of modules, and which of them use which name of which module."""

    def __init__(self, modules: Mapping[str, Path]) -> None:
        self._statements: dict[str, list[ast.stmt]] = {}
        self._users: dict[tuple[str, str], set[tuple[str, ast.stmt]]] = defaultdict(set)
        for module, path in modules.items():
            tree = ast.parse(path.read_text("utf-8"))
            self._statements[module] = tree.body
            imported = dict(_imported(tree, set(modules)))
            for statement in tree.body:
                for name in {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}:
                    origin = imported.get(name, (module, name))
                    self._users[origin].add((module, statement))

    def runs_once(self, module: str, line: int) -> bool:
        """Whether the line is one of a cached function."""
        return any(
            line in _lines(node) and _is_cached(node)
            for statement in self._statements[module]
            for node in ast.walk(statement)
            if isinstance(node, ast.FunctionDef)
        )

    def places_of(self, module: str, line: int) -> set[Place]:
        """Every line that uses what this line makes: directly, or by what is made of it."""
        found: set[Place] = set()
        own = {(module, one) for one in self._statements[module] if line in _lines(one)}
        seen, waiting = set(own), list(own)
        while waiting:
            place, statement = user = waiting.pop()
            found.update((place, at) for at in _lines(statement))
            if (
                isinstance(statement, ast.FunctionDef)
                and user not in own
                and not _is_cached(statement)
            ):
                continue  # whoever calls it runs its lines
            users = {one for name in _made(statement) for one in self._users[place, name]}
            waiting += users - seen
            seen |= users
        return found


def _is_cached(function: ast.FunctionDef) -> bool:
    return any("cache" in ast.unparse(decorator) for decorator in function.decorator_list)


def _lines(statement: ast.stmt) -> range:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return range(first, (statement.end_lineno or first) + 1)


def _made(statement: ast.stmt) -> list[str]:
    """The names that a statement gives to its module."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return [statement.name]
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def _imported(tree: ast.Module, known: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each name that a module has from another, with where it is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                origin = (whole, "") if whole in known else (str(node.module), alias.name)
                yield alias.asname or alias.name, origin
