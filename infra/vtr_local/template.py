"""Templates as data: CloudFormation's YAML with its short intrinsic functions."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]
Properties = dict[str, Any]

_PLAIN = ("Ref", "Condition")


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: ``!Sub`` and the like, and dates that stay text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the base class declares it so
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _intrinsic(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    key = name if name in _PLAIN else f"Fn::{name}"
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
            if name == "GetAtt":
                value = value.split(".", 1)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
    return {key: value}


_Loader.add_multi_constructor("!", _intrinsic)


def read_template(text: str) -> Template:
    """Parse a template's text, YAML or JSON, into its long form."""
    template = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    return dict(template)


def load_template(path: Path) -> Template:
    return read_template(path.read_text(encoding="utf-8"))


def resources(template: Template, kind: str) -> Iterator[tuple[str, Properties]]:
    """Yield every resource of type *kind*: its logical id and its properties, to be changed."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield logical_id, resource.setdefault("Properties", {})


def release_of(template: Template, *more: bytes) -> str:
    """Return a digest of all that is deployed: *template*, and *more* that it does not say itself.

    As ``AutoPublishCodeSha256`` of a function it makes SAM publish a new version whenever anything
    has changed. By itself SAM publishes one only if a function's own code or variables have changed
    in the text, not if a parameter has: an alias would go on with what was published before.
    https://github.com/aws/serverless-application-model/issues/3820
    """
    digest = hashlib.sha256(json.dumps(template, sort_keys=True).encode())
    for each in more:
        digest.update(each)
    return digest.hexdigest()


def publish_what_changed(template: Template, *more: bytes) -> None:
    """Give every function of *template* its release, if it is called by an alias."""
    if "AutoPublishAlias" in template.get("Globals", {}).get("Function", {}):
        release = release_of(template, *more)
        for _, function in resources(template, "AWS::Serverless::Function"):
            function["AutoPublishCodeSha256"] = release
