"""What every source has beside its decoder: bodies, expectations, and its place in the pages."""

import re
import tomllib
from pathlib import Path

import pytest

from vtr.sources import SOURCES
from vtr.use_cases.manage_sources import SETUPS

PROJECT = Path(__file__).parents[3]
FIXTURES = PROJECT / "tests" / "fixtures" / "sources"
EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))

each_source = pytest.mark.parametrize("name", SOURCES)
each_that_calls = pytest.mark.parametrize("name", SETUPS)


@each_source
def test_it_has_bodies_and_the_scans_that_are_expected_of_one(name: str) -> None:
    assert list((FIXTURES / name).glob("*.json")), f"record a body in tests/fixtures/sources/{name}"
    assert any(body.startswith(f"{name}/") for body in EXPECTED), "add one to expected.toml"


@each_that_calls
def test_it_is_on_the_page_of_sources(name: str) -> None:
    page = (PROJECT / "docs" / "sources.md").read_text("utf-8")
    assert f"\n| `{name}` |" in page, "say in docs/sources.md what to enter where"


@each_that_calls
def test_the_runbook_says_what_is_lost_and_how_it_is_sent_again(name: str) -> None:
    runbook = (PROJECT / "docs" / "runbooks" / "silence.md").read_text("utf-8")
    table = runbook.partition("## What is lost")[2].partition("\n\n")[2].partition("\n\n")[0]
    named = re.findall(r"\w+", " ".join(row.split("|")[1] for row in table.splitlines()))
    assert name in {each.lower() for each in named}, "add a row to docs/runbooks/silence.md"
