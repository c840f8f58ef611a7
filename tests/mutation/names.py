"""Where the names of modules are used: a constant is reached by whoever runs a line that names it.

Constants, the fields of classes and what is called to make them run once, when their module is
imported; a cached function runs once too, for whichever test is first. Files of tests are among
the modules here: some test a value by its name, and run no line at all.
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
        """Whether the line is of no function, of a cached one, or of one that only these call."""
        inside = any(
            isinstance(node, ast.FunctionDef) and line in _lines(node)
            for statement in self._statements[module]
            for node in ast.walk(statement)
        )
        cached = (
            line in _lines(node)
            for statement in self._statements[module]
            for node in ast.walk(statement)
            if isinstance(node, ast.FunctionDef) and _is_cached(node)
        )
        called = (
            self._is_called_once(module, statement)
            for statement in self._statements[module]
            if isinstance(statement, ast.FunctionDef) and line in _lines(statement)
        )
        return not inside or any(cached) or any(called)

    def _makes(self, module: str, statement: ast.stmt) -> bool:
        """Whether what the statement names is made once of what it uses."""
        is_class = isinstance(statement, ast.ClassDef)
        return is_class or self._is_called_once(module, statement)

    def _is_called_once(
        self, module: str, statement: ast.stmt, seen: frozenset[ast.stmt] = frozenset()
    ) -> bool:
        if not isinstance(statement, ast.FunctionDef):
            return not isinstance(statement, ast.ClassDef)
        if _is_cached(statement):
            return True
        users = {user for user in self._users[module, statement.name] if user[1] not in seen}
        users.discard((module, statement))
        return bool(users) and all(
            self._is_called_once(*user, seen | {statement}) for user in users
        )

    def places_of(self, module: str, line: int) -> set[Place]:
        """Every line that uses what this line makes: directly, or by what is made of it."""
        found: set[Place] = set()
        own = {(module, one) for one in self._statements[module] if line in _lines(one)}
        seen, waiting = set(own), list(own)
        while waiting:
            place, statement = user = waiting.pop()
            found.update((place, at) for at in _lines(statement))
            if user not in own and not self._makes(place, statement):
                continue  # whoever calls it runs its lines
            # Under no name are those who import the module as a whole.
            made = [*_made(statement), ""]
            users = {one for name in made for one in self._users[place, name]}
            waiting += users - seen
            seen |= users
        return found


def _is_cached(function: ast.FunctionDef) -> bool:
    """Whether a function runs once for each question: cached, or filling a table of its module."""
    return any("cache" in ast.unparse(decorator) for decorator in function.decorator_list) or any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id.startswith("_")
        for node in ast.walk(function)
    )


def _lines(statement: ast.stmt) -> range:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    return range(first, (statement.end_lineno or first) + 1)


def _made(statement: ast.stmt) -> list[str]:
    """The names that a statement gives to its module."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return [statement.name]
    # A loop may fill what another statement made.
    fills = isinstance(statement, ast.For | ast.While)
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and (fills or isinstance(node.ctx, ast.Store))
    ]


def _imported(tree: ast.Module, known: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each name that a module has from another, with where it is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                origin = (whole, "") if whole in known else (str(node.module), alias.name)
                yield alias.asname or alias.name, origin
