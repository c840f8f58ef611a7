"""The glossary names every class and module of the domain, and no path that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOMAIN = PROJECT / "functions" / "vtr" / "domain"
GLOSSARY = PROJECT / "docs" / "glossary.md"


def classes_of(source: str) -> Iterator[str]:
    """The public classes of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def modules_of(domain: Path) -> dict[str, Path]:
    """Each module by the path that a document names it by, below the folder of the domain.

    A package is its folder: ``carriers/``.
    """
    found = {}
    for path in sorted(domain.rglob("*.py")):
        name = path.relative_to(domain).as_posix().removesuffix("__init__.py")
        if name:
            found[name] = path
    return found


def named_in(text: str) -> set[str]:
    """All that stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def missing_from(text: str, domain: Path) -> list[str]:
    """Each module and class of a domain that a glossary does not name."""
    named = named_in(text)
    wanted = [
        name
        for module, path in modules_of(domain).items()
        for name in (f"domain/{module}", *classes_of(path.read_text("utf-8")))
    ]
    return [name for name in wanted if name not in named]


def absent_paths(text: str) -> list[str]:
    """Each path of a glossary, below ``functions/vtr/`` or the project, where there is no file."""
    paths = {name for name in named_in(text) if re.fullmatch(r"[\w./-]+/[\w.-]*", name)}
    roots = (PROJECT / "functions" / "vtr", PROJECT)
    return sorted(path for path in paths if not any((root / path).exists() for root in roots))


def test_every_class_and_module_of_the_domain_is_in_the_glossary() -> None:
    assert missing_from(GLOSSARY.read_text("utf-8"), DOMAIN) == []


def test_every_path_of_the_glossary_is_there() -> None:
    assert absent_paths(GLOSSARY.read_text("utf-8")) == []


def test_terms_stand_in_the_order_of_the_alphabet() -> None:
    """So that a reader finds one: each table by itself."""
    for table in GLOSSARY.read_text("utf-8").split("\n## ")[1:]:
        terms = re.findall(r"^\| \*\*(.+?)\*\*", table, re.MULTILINE)
        assert terms == sorted(terms, key=str.lower), table.partition("\n")[0]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("`domain/rates.py` `domain/carriers/` `Rate`", []),
        ("`domain/rates.py` `domain/carriers/`", ["Rate"]),
        ("`domain/carriers/` `Rate`", ["domain/rates.py"]),
        ("`domain/rates.py` `Rate`, a bare domain/carriers/", ["domain/carriers/"]),
    ],
)
def test_what_is_missing_is_found(tmp_path: Path, text: str, missing: list[str]) -> None:
    (tmp_path / "carriers").mkdir()
    (tmp_path / "carriers" / "__init__.py").write_text("")
    (tmp_path / "rates.py").write_text("class Rate: ...\n\nclass _Sum: ...\n")
    assert missing_from(text, tmp_path) == missing


def test_a_path_that_is_not_there_is_found() -> None:
    text = "`domain/rates.py` `domain/lives.py` `docs/errors.md` `docs/none.md` `a/b of c`"
    assert absent_paths(text) == ["docs/none.md", "domain/lives.py"]
