"""The template as it is deployed: what SAM makes of it, worked out without a network."""

import copy
from collections.abc import Callable

import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from support.aws import CREDENTIALS, main_template
from vtr_local.template import Template, publish_what_changed, resources

Transform = Callable[..., Template]


def _transform(*more: bytes, **given: str) -> Template:
    packaged = copy.deepcopy(main_template())
    packaged["Globals"]["Function"]["CodeUri"] = "s3://bucket/functions.zip"
    for name, application in resources(packaged, "AWS::Serverless::Application"):
        application["Location"] = f"https://s3.amazonaws.com/bucket/{name}.yaml"
    publish_what_changed(packaged, *more)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        parameters = {
            name: parameter.get("Default", name)
            for name, parameter in packaged["Parameters"].items()
        }
        transformed: Template = Translator({}, Parser()).translate(packaged, parameters | given)
    return transformed


@pytest.fixture(scope="session")
def transform() -> Transform:
    """What SAM makes of the template with some parameters, and of what *more* is deployed with it.

    Only the uploads are made up, which `sam package` or the local stack would do.
    """
    return _transform


@pytest.fixture(scope="session")
def template() -> Template:
    """What SAM makes of the template with the parameters that it has by itself."""
    return _transform()
