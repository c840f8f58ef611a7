"""What the documents name is there: commands, options, variables, files, functions, decisions."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from vtr.settings import Settings
from vtr_cli.app import app

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
TEMPLATES = [PROJECT / "template.yaml", *sorted((PROJECT / "infra").glob("*.yaml"))]
PAGES = [*PROJECT.glob("*.md"), *sorted(DOCS.rglob("*.md"))]
CODE = ("functions", "infra", "tests")

FENCE = re.compile(r"^[ ]*```.*?^[ ]*```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
FILE = re.compile(
    r"[\w./-]*[\w-]+\.(?:py|md|toml|ya?ml|tsv|csv|txt)|(?:functions|infra|tests|docs)/[\w./-]*"
)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
VARIABLE = re.compile(r"\bVTR_[A-Z_]+\b")
TARGET = re.compile(r"^make ([a-z]+)\b", re.MULTILINE)
PART = re.compile(r"^[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+$")
"""A parameter, a metric, an alarm or a resource, by itself."""
OF_AWS = {"BatchWriteItem", "NumberOfMessagesDeleted", "NumberOfMessagesSent"} | {
    *("SuccessfulRequestLatency", "AmazonDeadLetters"),  # the last: in its template, DeadLetters
}
OPTION = re.compile(r"--[a-z][a-z-]*")


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def spans_of(text: str) -> list[str]:
    """What stands in backticks within a sentence, in one line each."""
    return [" ".join(span.split()) for span in SPAN.findall(FENCE.sub("", text))]


def commands_of(text: str) -> list[str]:
    """Each call of ``vtr`` in a text, without what is said of it beside."""
    fenced = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
    called = [line for line in (*spans_of(text), *fenced) if line.startswith("vtr ")]
    return [re.split(r"\s{2,}|\s#", line)[0] for line in called]


@cache
def commands() -> dict[str, set[str]]:
    """Each command of the command line, groups too, with the options that it takes."""

    def walk(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:
        below = getattr(command, "commands", {})
        for word, each in below.items():
            yield from walk(each, f"{name} {word}")
        taken = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        yield name, taken | {"--help"} if below else taken

    return dict(walk(typer.main.get_command(app), "vtr"))


def command_in(call: str) -> str:
    """The longest command that a call begins with."""
    words = call.split()
    names = (" ".join(words[:length]) for length in (4, 3, 2, 1))
    return next(name for name in names if name in commands())


def unknown_in(call: str) -> list[str]:
    """What of a call is neither a command nor an option of it."""
    command = command_in(call)
    word = call.removeprefix(command).strip().partition(" ")[0]
    groups = {name.rpartition(" ")[0] for name in commands()}
    unknown = [word] if command in groups and re.fullmatch(r"[a-z-]+", word) else []
    if unknown and OPTION.fullmatch(word):
        unknown = []
    return unknown + [
        option for option in OPTION.findall(call) if option not in commands()[command]
    ]


@cache
def files() -> frozenset[str]:
    """Every file and folder by its path, with a slash before it, and after it for a folder."""
    roots = [PROJECT / name for name in (*CODE, "docs", "examples", ".github")]
    paths = [*PROJECT.iterdir(), *(path for root in roots for path in (root, *root.rglob("*")))]
    return frozenset(
        f"/{path.relative_to(PROJECT).as_posix()}{'/' if path.is_dir() else ''}" for path in paths
    )


def is_there(name: str) -> bool:
    """Whether a path is one of the project, said from the project's folder or from one below it."""
    ends = (f"/{name}", f"/{name}/") if not name.endswith("/") else (f"/{name}",)
    return any(path.endswith(ends) for path in files())


@cache
def sources() -> str:
    return "\n".join(
        path.read_text("utf-8") for root in CODE for path in (PROJECT / root).rglob("*.py")
    )


@cache
def settings() -> set[str]:
    return {f"VTR_{name.upper()}" for name in Settings.__slots__}


def anchors_of(page: Path) -> set[str]:
    """What can be linked to in a page: its headings, as GitHub names them, and its own anchors."""
    text = text_of(page)
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
    return named | set(re.findall(r'<a id="([^"]+)"', text))


each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
each_page_of_operations = pytest.mark.parametrize(
    "page",
    [
        *(DOCS / f"{name}.md" for name in ("operations", "cost", "scale", "aws", "local-stack")),
        *sorted((DOCS / "runbooks").glob("*.md")),
    ],
    ids=lambda page: str(page.relative_to(PROJECT)),
)
each_decision = pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)


@each_page
def test_a_command_that_a_page_names_is_there_and_takes_its_options(page: Path) -> None:
    found = {call: unknown_in(call) for call in commands_of(text_of(page))}
    assert {call: unknown for call, unknown in found.items() if unknown} == {}


@each_page
def test_an_option_that_a_page_names_by_itself_is_one_of_some_command(page: Path) -> None:
    known = {option for taken in commands().values() for option in taken}
    named = {OPTION.match(span) for span in spans_of(text_of(page))}
    assert {found.group() for found in named if found} - known == set()


def test_every_command_is_on_a_page() -> None:
    groups = {name.rpartition(" ")[0] for name in commands()}
    named = {command_in(call) for page in PAGES for call in commands_of(text_of(page))}
    assert set(commands()) - groups - named == set()


@each_page
def test_a_target_that_a_page_names_is_one_of_the_makefile(page: Path) -> None:
    made = set(re.findall(r"^([a-z]+):", text_of(PROJECT / "Makefile"), re.MULTILINE))
    text = text_of(page)
    called = "\n".join((*spans_of(text), *FENCE.findall(text)))
    assert set(TARGET.findall(called)) <= made


@each_page
def test_a_variable_that_a_page_names_is_read_somewhere(page: Path) -> None:
    assert set(VARIABLE.findall(text_of(page))) <= settings() | set(VARIABLE.findall(sources()))


@each_page_of_operations
def test_a_parameter_metric_or_alarm_that_operations_name_is_in_a_template_or_the_code(
    page: Path,
) -> None:
    named = {name for span in spans_of(text_of(page)) for name in PART.findall(span)}
    known = "\n".join([sources(), *(path.read_text("utf-8") for path in TEMPLATES)])
    assert {name for name in named - OF_AWS if not re.search(rf"\b{name}", known)} == set()


def test_every_variable_of_the_functions_and_the_command_line_is_on_a_page() -> None:
    documented = {name for page in PAGES for name in VARIABLE.findall(text_of(page))}
    template = set(VARIABLE.findall((PROJECT / "template.yaml").read_text("utf-8")))
    ours = "\n".join(path.read_text("utf-8") for path in (PROJECT / "infra").rglob("*.py"))
    assert settings() | template | set(VARIABLE.findall(ours)) <= documented


@each_page
def test_a_path_that_a_page_names_is_there(page: Path) -> None:
    if page.name == "CHANGELOG.md" or page in DECISIONS[:-1]:
        return  # what was so when it was written
    paths = {span for span in spans_of(text_of(page)) if FILE.fullmatch(span)}
    named = {path for path in paths if not path.startswith(("http", ".venv", "build/"))}
    if page.name == "glossary.md":
        named = set()  # test_glossary.py: from another folder
    assert sorted(path for path in named if not is_there(path)) == []


@each_page
def test_a_link_leads_to_a_page_and_a_heading_of_it(page: Path) -> None:
    broken = []
    for target, anchor in LINK.findall(FENCE.sub("", text_of(page))):
        if target.startswith(("http:", "https:")):
            continue
        linked = (page.parent / target).resolve() if target else page
        if not linked.exists() or (anchor and anchor not in anchors_of(linked)):
            broken.append(f"{target}#{anchor}")
    assert broken == []


def test_a_function_that_the_architecture_names_is_defined() -> None:
    named = {
        called.group(1)
        for span in spans_of(text_of(DOCS / "architecture.md"))
        if (called := re.fullmatch(r"(?:[\w.]+\.)?(\w+)\(\)", span))
    }
    defined = set(re.findall(r"\bdef (\w+)\(", sources()))
    assert named
    assert named <= defined


def test_a_test_that_the_architecture_names_is_there() -> None:
    named = set(re.findall(r"\btest_\w+", text_of(DOCS / "architecture.md")))
    files_of_tests = {path.stem for path in (PROJECT / "tests").rglob("test_*.py")}
    defined = set(re.findall(r"\bdef (test_\w+)\(", sources()))
    assert named - files_of_tests <= defined


@each_decision
def test_a_decision_is_dated_and_has_its_three_parts(page: Path) -> None:
    """The date is that of every figure in it which has none of its own."""
    title, _, status, *rest = text_of(page).splitlines()
    assert re.fullmatch(rf"# {int(page.name[:4])}\. .+", title)
    said = re.fullmatch(
        r"\*(Accepted|Superseded by \d+) on (\d{4}-\d\d-\d\d)\. (One|Two)-way.*\*", status
    )
    assert said, f"{status!r} is no status: *Accepted on YYYY-MM-DD. Two-way.*"
    assert date.fromisoformat(said.group(2)) >= date(2026, 11, 23)
    parts = re.findall(r"^\*\*(\w+)\.\*\*", "\n".join(rest), re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences"]


def test_the_list_of_decisions_has_each_of_them_with_its_title() -> None:
    listed = re.findall(
        r"^\| \[(\d+)\]\((\S+)\) \| (.+) \| (\S+) \| (\S+) \|$",
        text_of(DOCS / "decisions" / "README.md"),
        re.MULTILINE,
    )
    found = []
    for page in DECISIONS:
        title, _, status, *_ = text_of(page).splitlines()
        number, _, name = title.removeprefix("# ").partition(". ")
        _, day, way = re.findall(r"(Accepted|Superseded)\D* on (\S+)\. (One-way|Two-way)", status)[
            0
        ]
        found.append((number, page.name, name, way.lower(), day))
    assert listed == found


def test_each_hook_before_a_commit_is_a_tool_that_the_project_locks() -> None:
    """Local, and out of ``.venv``: a commit needs no network."""
    config = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [each["repo"] for each in config["repos"]] == ["local"]
    lock = (PROJECT / "tests" / "requirements.txt").read_text("utf-8")
    for hook in config["repos"][0]["hooks"]:
        tool = hook["entry"].partition(" ")[0].removeprefix(".venv/bin/")
        assert hook["language"] == "system"
        assert re.search(rf"^{tool}==", lock, re.MULTILINE), tool


@pytest.mark.parametrize(
    ("call", "unknown"),
    [
        ("vtr rates --json", []),
        ("vtr keys rotate KEY --overlap 24", []),
        ("vtr keys", []),
        ("vtr --help", []),
        ("vtr cost --packages-per-day 1e6 [--accounts N]", []),
        ("vtr keys swap KEY", ["swap"]),
        ("vtr fly", ["fly"]),
        ("vtr rates --csv", ["--csv"]),
        ("vtr keys list ACCOUNT --overlap 24", ["--overlap"]),
    ],
)
def test_what_is_not_in_the_command_line_is_found(call: str, unknown: list[str]) -> None:
    assert unknown_in(call) == unknown


def test_calls_are_found_in_sentences_and_in_blocks() -> None:
    text = "Use `vtr rates\n--json`, or:\n\n```sh\nvtr keys list acme   # all\nls vtr\n```\n"
    assert commands_of(text) == ["vtr rates --json", "vtr keys list acme"]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("functions/vtr/domain/rates.py", True),
        ("domain/rates.py", True),
        ("functions/vtr/domain", True),
        ("functions/vtr/domain/", True),
        ("ates.py", False),
        ("functions/vtr/domain/lives.py", False),
    ],
)
def test_a_path_is_there_from_the_project_or_from_a_folder_of_it(name: str, there: bool) -> None:  # noqa: FBT001
    assert is_there(name) is there


def test_headings_are_linked_to_as_github_names_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# What's `new`, then?\n\n```\n# no heading\n```\n", encoding="utf-8")
    assert anchors_of(page) == {"whats-new-then"}
