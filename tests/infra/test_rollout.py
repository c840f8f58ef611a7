"""Rollout: what everything calls is a published version, and a bad one is sent back."""

import json
import re
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from typing import Any

import pytest

from support.aws import PROJECT, functions, main_template
from vtr_local.template import Properties, Template, load_template, resources

Transform = Callable[..., Template]

ROLLOUT = load_template(PROJECT / "infra" / "rollout.yaml")
API = {
    name
    for name, function in resources(main_template(), "AWS::Serverless::Function")
    if "HttpApi" in {event["Type"] for event in function["Events"].values()}
}
"""The functions that callers wait for."""


@pytest.fixture(scope="module")
def with_canary(transform: Transform) -> Template:
    return transform(Canary="true")


def kinds(template: Template, kind: str) -> dict[str, Properties]:
    return dict(resources(template, kind))


def test_everything_calls_the_alias_and_nothing_the_latest_code(template: Template) -> None:
    everything = json.dumps(template["Resources"])
    called = set(re.findall(r"\$\{(\w+)\}/invocations", everything))
    for _, mapping in resources(template, "AWS::Lambda::EventSourceMapping"):
        called.add(mapping["FunctionName"]["Ref"])
    for _, rule in resources(template, "AWS::Events::Rule"):
        called |= {target["Arn"]["Ref"] for target in rule["Targets"]}
    (amazon,) = (
        stack["Parameters"]["Function"]["Ref"]
        for name, stack in resources(template, "AWS::CloudFormation::Stack")
        if name == "AmazonNotifications"
    )
    called.add(amazon)
    aliases = kinds(template, "AWS::Lambda::Alias")
    assert called == aliases.keys()
    assert len(aliases) == len(functions())
    assert {alias["Name"] for alias in aliases.values()} == {"live"}


def test_without_a_canary_codedeploy_is_not_needed(template: Template) -> None:
    assert "AWS::CodeDeploy" not in json.dumps(template)


def test_code_that_callers_wait_for_answers_a_tenth_of_them_first(with_canary: Template) -> None:
    groups = kinds(with_canary, "AWS::CodeDeploy::DeploymentGroup")
    assert {name.removesuffix("DeploymentGroup") for name in groups} == API
    for group in groups.values():
        assert "Canary10Percent5Minutes" in json.dumps(group["DeploymentConfigName"])
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert "Rollout" in json.dumps(group["AlarmConfiguration"])
        assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["Permissions", "Outputs.RolloutRole"]}


def test_the_alarm_watches_every_function_that_callers_wait_for() -> None:
    (alarm,) = kinds(ROLLOUT, "AWS::CloudWatch::Alarm").values()
    watched = {
        dimension["Value"]["Ref"]
        for metric in alarm["Metrics"]
        if metric.get("MetricStat", {}).get("Metric", {}).get("Namespace") == "AWS/Lambda"
        for dimension in metric["MetricStat"]["Metric"]["Dimensions"]
    }
    given = main_template()["Resources"]["Rollout"]["Properties"]["Parameters"]
    assert {given[name]["Ref"] for name in watched} == API
    # CloudWatch takes at most ten metrics into one alarm.
    assert len(alarm["Metrics"]) - 1 <= 10
    periods = {metric["MetricStat"]["Period"] for metric in alarm["Metrics"][1:]}
    assert periods == {60}  # five times within the five minutes


def test_the_alarm_sees_what_a_handler_answers_with_500_too() -> None:
    (alarm,) = kinds(ROLLOUT, "AWS::CloudWatch::Alarm").values()
    names = {m["MetricStat"]["Metric"]["MetricName"] for m in alarm["Metrics"][1:]}
    assert names == {"Errors", "RequestFailed"}


def test_nothing_waits_for_itself(with_canary: Template) -> None:
    """The API needs the aliases, they wait for the alarm: it must not need the API."""
    known = with_canary["Resources"]
    needs = {name: set(_named(resource)) & known.keys() for name, resource in known.items()}
    assert "Rollout" in needs["SubmitTrackingFunctionDeploymentGroup"]
    assert len(list(TopologicalSorter(needs).static_order())) == len(known)


def _named(node: Any) -> Iterator[str]:
    """Yield the resources that a part of a template refers to."""
    match node:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from re.findall(r"\$\{(\w+)", text)
        case dict():
            for each in node.values():
                yield from _named(each)
        case list():
            for each in node:
                yield from _named(each)


@pytest.mark.parametrize("more", [(), (b"RecountSlotSeconds=30",)])
def test_a_deployment_that_changes_anything_publishes_every_function(
    template: Template, transform: Transform, more: tuple[bytes, ...]
) -> None:
    """By SAM's own rule a parameter alone publishes none: the alias would go on as before."""
    before, after = (
        kinds(each, "AWS::Lambda::Version").keys() for each in (template, transform(*more))
    )
    assert len(before) == len(functions())
    assert before.isdisjoint(after) == bool(more)


def test_the_api_has_one_address(template: Template) -> None:
    (api,) = kinds(template, "AWS::ApiGatewayV2::Api").values()
    # In OpenAPI 3 this extension is one of the server object.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
    (server,) = api["Body"]["servers"]
    endpoint = server["x-amazon-apigateway-endpoint-configuration"]
    assert endpoint == {"disableExecuteApiEndpoint": {"Fn::If": ["HasDomain", True, False]}}
    assert template["Outputs"]["ApiUrl"]["Value"] == {
        "Fn::If": [
            "HasDomain",
            {"Fn::Sub": "https://${DomainName}"},
            {"Fn::GetAtt": ["Api", "ApiEndpoint"]},
        ]
    }
    assert template["Resources"]["Domain"]["Condition"] == "HasDomain"
