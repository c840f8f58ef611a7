"""How environments are deployed: without a question, from what was built, as templates allow."""

import re
import tomllib
from typing import Any

import pytest

from support.aws import PROJECT
from vtr_local.template import Template, load_template, resources

MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")
ENVIRONMENTS = ("staging", "prod")


def samconfig() -> dict[str, dict[str, Any]]:
    """How each stack is deployed."""
    read = tomllib.loads((PROJECT / "samconfig.toml").read_text("utf-8"))
    return {name: each["deploy"]["parameters"] for name, each in read.items() if name != "version"}


def template_of(stack: str) -> Template:
    """The template that a stack is made of; the build writes it with the same name."""
    built = samconfig()[stack]["template_file"]
    assert built.startswith("build/aws/")
    return load_template(PROJECT / built.removeprefix("build/aws/"))


def test_an_environment_has_every_stack_that_the_makefile_deploys() -> None:
    stacks = re.search(r"^STACKS = (.+)$", MAKEFILE, re.MULTILINE)
    assert stacks
    wanted = {
        each.replace("$(ENV)", name) for each in stacks.group(1).split() for name in ENVIRONMENTS
    }
    assert samconfig().keys() == wanted


@pytest.mark.parametrize("stack", samconfig())
def test_a_stack_is_deployed_without_a_question(stack: str) -> None:
    """SAM asks about what is left out; without the second capability nested templates fail."""
    given = samconfig()[stack]
    capabilities = {"CAPABILITY_IAM"}
    if list(resources(template_of(stack), "AWS::Serverless::Application")):
        capabilities.add("CAPABILITY_AUTO_EXPAND")
    assert capabilities <= set(given["capabilities"].split())
    assert given["resolve_s3"]
    assert given["confirm_changeset"] is given["fail_on_empty_changeset"] is False
    assert given["stack_name"] == f"vtr-{stack}"
    assert {"project=vtr", f"environment={stack.partition('-')[0]}"} == set(given["tags"].split())


@pytest.mark.parametrize("stack", samconfig())
def test_a_stack_is_made_of_a_built_template_and_parameters_that_it_has(stack: str) -> None:
    known = template_of(stack).get("Parameters", {})
    given = samconfig()[stack].get("parameter_overrides", "").split()
    named = {each.partition("=")[0] for each in given}
    needed = {name for name, parameter in known.items() if "Default" not in parameter}
    assert needed <= named <= known.keys()


def test_production_keeps_its_data() -> None:
    given = [each for name, each in samconfig().items() if name.startswith("prod")]
    assert given
    assert not any("Protect=false" in each.get("parameter_overrides", "") for each in given)
    assert re.search(r"^PROTECTED = .*\bprod\b", MAKEFILE, re.MULTILINE)


def test_functions_work_on_the_data_of_their_own_environment() -> None:
    for name in ENVIRONMENTS:
        given = samconfig()[name]["parameter_overrides"].split()
        assert f"DataStack={samconfig()[f'{name}-data']['stack_name']}" in given
