"""The template as it is deployed: what SAM makes of it, worked out without a network."""

import copy

import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from support.aws import CREDENTIALS, main_template
from vtr_local.template import Template, resources


@pytest.fixture(scope="session")
def template() -> Template:
    """Only the uploads are made up, which `sam package` or the local stack would do."""
    packaged = copy.deepcopy(main_template())
    packaged["Globals"]["Function"]["CodeUri"] = "s3://bucket/functions.zip"
    for name, application in resources(packaged, "AWS::Serverless::Application"):
        application["Location"] = f"https://s3.amazonaws.com/bucket/{name}.yaml"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        parameters = {
            name: parameter.get("Default", name)
            for name, parameter in packaged["Parameters"].items()
        }
        transformed: Template = Translator({}, Parser()).translate(packaged, parameters)
    return transformed
