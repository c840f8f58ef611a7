"""The build: what it is for, what it needs, and that nothing else says the target."""

import re
import sys
from pathlib import Path

import pytest

from support.aws import PROJECT, main_template
from vtr.adapters.aws_clients import BUDGETS, SERVICES
from vtr_build.errors import BuildError
from vtr_build.target import MACHINES, Target, find_python, target_of
from vtr_build.templates import write_templates
from vtr_local.template import load_template, resources

MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")


def a_python(path: Path, says: str) -> Path:
    """A program that answers what any interpreter is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_template_says_what_the_artifact_is_built_for() -> None:
    assert target_of(main_template()) == Target("3.13", "arm64")
    assert Target("3.13", "arm64").platform == "aarch64-manylinux_2_34"


def test_the_target_runs_on_the_system_whose_glibc_its_wheels_need() -> None:
    """Python 3.11 and older run on Amazon Linux 2, with glibc 2.26."""
    _, minor = target_of(main_template()).python.split(".")
    assert int(minor) >= 12


def test_nothing_else_says_the_functions_python_or_processor() -> None:
    """Two places would differ one day: then what is built does not start."""
    target = target_of(main_template())
    config = (PROJECT / "samconfig.toml").read_text("utf-8")
    for text in (config, MAKEFILE[MAKEFILE.index("\nbuild:") :]):
        assert target.python not in text
        assert not re.search("|".join((*MACHINES, *MACHINES.values())), text)
    assert not {"Runtime", "Architecture"} & main_template()["Parameters"].keys()


def test_this_interpreter_is_taken_if_it_is_of_the_version(tmp_path: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    environ = {"PATH": "", "HOME": str(tmp_path)}
    assert find_python(version, environ=environ) == Path(sys.executable)


def test_a_python_on_the_path_is_found(tmp_path: Path) -> None:
    other = a_python(tmp_path / "python2.7", "echo cpython 2.7")
    assert find_python("2.7", environ={"PATH": str(tmp_path)}) == other


def test_a_python_that_pyenv_has_and_does_not_show_is_found(tmp_path: Path) -> None:
    a_python(tmp_path / "shims" / "python2.7", "echo 'command not found' >&2; exit 127")
    hidden = a_python(tmp_path / ".pyenv/versions/2.7.18/bin/python2.7", "echo cpython 2.7")
    environ = {"PATH": str(tmp_path / "shims"), "HOME": str(tmp_path)}
    assert find_python("2.7", environ=environ) == hidden


def test_a_python_that_uv_installed_is_found(tmp_path: Path) -> None:
    folder = ".local/share/uv/python/cpython-2.7.18-linux-x86_64-gnu/bin"
    managed = a_python(tmp_path / folder / "python2.7", "echo cpython 2.7")
    assert find_python("2.7", environ={"PATH": "", "HOME": str(tmp_path)}) == managed


@pytest.mark.parametrize("says", ["echo pypy 2.7", "echo cpython 2.6", "exit 1"])
def test_where_there_is_none_the_build_says_how_to_get_one(tmp_path: Path, says: str) -> None:
    a_python(tmp_path / "python2.7", says)
    with pytest.raises(BuildError, match=r"Python 2\.7, and this machine has none\. Install it"):
        find_python("2.7", environ={"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_a_named_python_is_the_only_one_looked_at(tmp_path: Path) -> None:
    a_python(tmp_path / "python2.7", "echo cpython 2.7")
    environ = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    for named in (str(a_python(tmp_path / "other", "echo cpython 2.6")), "/not/there"):
        with pytest.raises(BuildError, match=f"{named} is none"):
            find_python("2.7", named=named, environ=environ)


def test_every_client_is_of_a_service_whose_description_is_kept() -> None:
    sources = (PROJECT / "functions").rglob("*.py")
    text = "\n".join(path.read_text("utf-8") for path in sources)
    made = set(re.findall(r'\b(?:_client|create_client|clients)\("([a-z0-9-]+)"', text))
    assert made == set(SERVICES) == BUDGETS.keys()


def test_the_built_templates_are_the_projects_but_for_where_the_code_lies(tmp_path: Path) -> None:
    write_templates(PROJECT, tmp_path, "sha")
    built, ours = (
        load_template(tmp_path / "template.yaml"),
        load_template(PROJECT / "template.yaml"),
    )
    assert built["Globals"]["Function"].pop("CodeUri") == "functions.zip"
    assert ours["Globals"]["Function"].pop("CodeUri") == "functions/"
    releases = {
        function.pop("AutoPublishCodeSha256")
        for _, function in resources(built, "AWS::Serverless::Function")
    }
    assert len(releases) == 1
    assert built == ours
    for template in (PROJECT / "infra").glob("*.yaml"):
        assert (tmp_path / "infra" / template.name).read_bytes() == template.read_bytes()


def test_a_parameter_that_changes_makes_a_new_release_of_every_function(tmp_path: Path) -> None:
    """SAM alone would leave the functions with what was published before."""
    project = tmp_path / "project"
    (project / "infra").mkdir(parents=True)
    (project / "template.yaml").write_bytes((PROJECT / "template.yaml").read_bytes())
    releases = []
    for given in ("RecountSlotSeconds=20", "RecountSlotSeconds=30"):
        (project / "samconfig.toml").write_text(given, encoding="utf-8")
        into = tmp_path / given
        into.mkdir()
        write_templates(project, into, "sha")
        built = load_template(into / "template.yaml")
        releases.append(
            [
                function["AutoPublishCodeSha256"]
                for _, function in resources(built, "AWS::Serverless::Function")
            ]
        )
    first, second = releases
    assert len(first) > 10
    assert set(first).isdisjoint(second)


@pytest.mark.parametrize("named", ["", "    CodeUri: functions/\n" * 2])
def test_a_function_with_code_of_its_own_is_refused(tmp_path: Path, named: str) -> None:
    (tmp_path / "template.yaml").write_text(f"Globals:\n{named}", encoding="utf-8")
    with pytest.raises(BuildError, match="exactly once"):
        write_templates(tmp_path, tmp_path / "built", "sha")
