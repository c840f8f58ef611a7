"""Mutants of a module: the same source with one small fault in it.

The faults are those of mutmut's operators, and three of our own: a statement left out, a condition
turned round, and another text. mutmut itself puts them into the bodies of functions alone; here
constants and decorated functions have them too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import libcst as cst
from libcst import matchers
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_string

# Annotations and imports compute nothing; what decorators are given says that a class is frozen or
# a result kept.
_PASSED_OVER = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
# The first fail at once where they are given nothing; the next are for the type checker alone; the
# last is a row of the catalogue.
_SAFE_CALLS = ("len", "isinstance", "cast", "TypeVar", "entry")
# They guard against what types rule out, or say what is so on every machine that tests run on.
_SAFE_KEYWORDS = ("strict", "encoding", "maxsize")
# What is longer is a table: its rows are data, and have tests by published examples.
_LONGEST_LIST = 8
_OPERATORS: Sequence[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]] = mutation_operators
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: *before* becomes *after* in a line of a module, whose text is *code*."""

    module: str
    line: int
    code: str
    before: str
    after: str
    nth: int
    """Which of the same faults in its module it is."""
    make: Callable[[], str] = field(compare=False, repr=False)
    """The module's whole source with the fault in it."""

    @property
    def digest(self) -> str:
        """What samples are drawn by: the same wherever in its module the line stands."""
        told = "\0".join((self.module, self.before, self.after, str(self.nth)))
        return sha256(told.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {_short(self.before)}  →  {_short(self.after)}"


def mutants_of(source: str, module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    tree, positions = wrapper.module, wrapper.resolve(PositionProvider)
    lines = source.splitlines()
    seen: dict[tuple[str, str], int] = {}
    found = []
    for node in _mutable(tree):
        for changed in _changes(node):
            told = (_text(tree, node), _text(tree, changed))
            seen[told] = seen.get(told, 0) + 1
            line = positions[node].start.line
            code, make = lines[line - 1].strip(), _Replaced(tree, node, changed)
            found.append(Mutant(module, line, code, *told, seen[told], make))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Replaced:
    tree: cst.Module
    node: cst.CSTNode
    changed: cst.CSTNode

    def __call__(self) -> str:
        changed = self.tree.deep_replace(self.node, self.changed)
        return str(cst.ensure_type(changed, cst.Module).code)


def _mutable(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all below it, but for what is passed over."""
    if isinstance(node, _PASSED_OVER) or _is_safe(node):
        return
    yield node
    for child in node.children:
        yield from _mutable(child)


def _is_safe(node: cst.CSTNode) -> bool:
    match node:
        case cst.Call(func=cst.Name(value=name)):
            return name in _SAFE_CALLS
        case cst.Arg(keyword=cst.Name(value=name)):
            return name in _SAFE_KEYWORDS
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
        case cst.List() | cst.Set() | cst.Dict() | cst.Tuple():
            return len(node.elements) > _LONGEST_LIST
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            named_type = name.lstrip("_")[:1].isupper() and not name.isupper()
            return name == "__all__" or named_type or _is_table(node)
    return False


def _is_table(assignment: cst.Assign) -> bool:
    literals = matchers.findall(assignment.value, matchers.SimpleString() | matchers.Integer())
    return len(literals) > _LONGEST_LIST


def _changes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every fault that the node can have."""
    if isinstance(node, (cst.If, cst.CompIf)):
        test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
        yield cst.Pass()
    if isinstance(node, cst.SimpleString) and _is_code(node):
        yield node.with_changes(value=f"{node.prefix}{node.quote}XX{node.quote}")
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            chosen: Callable[..., bool] = _CHOSEN.get(operator, _any)
            yield from (changed for changed in operator(node) if chosen(node, changed))


def _drops(call: cst.Call, changed: cst.Call) -> bool:
    """Whether an argument is left out; one that is None would only fail, as mypy says too."""
    return len(changed.args) < len(call.args)


def _is_code(text: cst.SimpleString) -> bool:
    """Whether it is a key or a code; a text with a blank is for people, or a table."""
    return " " not in text.raw_value and len(text.quote) == 1


def _never(_: cst.CSTNode, __: cst.CSTNode) -> bool:
    return False


def _any(_: cst.CSTNode, __: cst.CSTNode) -> bool:
    return True


_CHOSEN: dict[object, Callable[..., bool]] = {
    operator_arg_removal: _drops,
    operator_string: _never,  # two letters more are the same to `in`
}


def _text(tree: cst.Module, node: cst.CSTNode) -> str:
    return " ".join(tree.code_for_node(node).split())


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
