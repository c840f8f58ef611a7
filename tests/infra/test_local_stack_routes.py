"""The routes that are made from what SAM makes of an HTTP API."""

from typing import Any

import boto3
import pytest
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from support.stack import NOTES_STACK
from vtr_local.http_routes import Route, routes
from vtr_local.template import load_template, resources


@pytest.fixture
def body(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Transform the small template and take its API's document."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    template = load_template(NOTES_STACK / "template.yaml")
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    template["Resources"]["Letters"]["Properties"]["Location"] = (
        "https://s3.amazonaws.com/bucket/key"
    )
    processed = transform(template, {}, ManagedPolicyLoader(boto3.client("iam")))
    ((_, properties),) = resources(processed, "AWS::ApiGatewayV2::Api")
    found: dict[str, Any] = properties["Body"]
    return found


def test_every_event_of_a_function_is_a_route(body: dict[str, Any]) -> None:
    assert set(routes(body)) == {
        Route("PUT /notes/{note}", "QueueNoteFunction"),
        Route("GET /notes/{note}", "QueueNoteFunction"),
        Route("ANY /notes:forbidden", "QueueNoteFunction"),
    }


def test_the_default_route_has_no_method() -> None:
    uri = {"Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/f/${AllFunction.Arn}/invocations"}
    operation = {"x-amazon-apigateway-integration": {"uri": uri}}
    document = {"paths": {"$default": {"x-amazon-apigateway-any-method": operation}}}
    assert list(routes(document)) == [Route("$default", "AllFunction")]


def test_what_calls_no_function_is_no_route() -> None:
    elsewhere = {"x-amazon-apigateway-integration": {"uri": "https://example.com"}}
    paths = {"/a": {"parameters": [], "get": {"responses": {}}}, "/b": {"get": elsewhere}}
    assert list(routes({"paths": paths})) == []
    assert list(routes({})) == []
