"""Routes: the template's, the handlers' and the documentation's are the same ones."""

import re
from importlib import import_module

import pytest

from support.aws import PROJECT, functions
from vtr_local.template import Template, resources

WITHOUT_A_ROUTER = {
    "ingest_scans": {"POST /v1/webhooks/{source}", "POST /v1/webhooks/{source}/{secret}"}
}
"""Handlers that tell their routes apart themselves: a router costs them their cold start."""

SERVED = sorted(
    module
    for module, function in functions().items()
    if any(event["Type"] == "HttpApi" for event in function["Events"].values())
)


def routed_to(module: str) -> set[str]:
    """The routes that the template sends to a function."""
    events = functions()[module]["Events"].values()
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for event in events
        if event["Type"] == "HttpApi" and "Path" in event["Properties"]
    }


def handled_by(module: str) -> set[str]:
    """The routes of a handler: its operations, and ``@app.get("/v1/health")`` and its like."""
    app = getattr(import_module(f"{module}.handler"), "app", None)
    found = {written(route) for route in app.operations} if app else set()
    source = (PROJECT / "functions" / module / "handler.py").read_text("utf-8")
    opened = re.findall(r'^@app\.(get|put|post)\("([^"]+)"', source, re.MULTILINE)
    return found | {written(f"{method.upper()} {path}") for method, path in opened}


def written(route: str) -> str:
    """A route as the template writes it."""
    return route.replace("<", "{").replace(">", "}")


def documented() -> set[str]:
    """The routes of the table in the API's description."""
    text = (PROJECT / "docs" / "api.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z]+ /v1/[^`?]+)(?:\?[^`]*)?` \|", text, re.MULTILINE)
    return set(rows)


@pytest.mark.parametrize("module", SERVED)
def test_a_handler_answers_the_routes_that_the_template_sends_it_and_no_other(module: str) -> None:
    assert (handled_by(module) or WITHOUT_A_ROUTER[module]) == routed_to(module)


def test_no_route_goes_to_two_functions() -> None:
    routes = [route for module in SERVED for route in routed_to(module)]
    assert len(routes) == len(set(routes)) > 14


def test_every_route_is_described_and_every_description_is_of_a_route() -> None:
    assert documented() == {route for module in SERVED for route in routed_to(module)}


@pytest.mark.parametrize("module", SERVED)
def test_a_path_has_no_character_that_a_gateway_may_refuse(module: str) -> None:
    """AWS documents what REST APIs take; an HTTP API that refuses one path fails the whole stack.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    parts = [part for route in routed_to(module) for part in route.partition(" /")[2].split("/")]
    assert [part for part in parts if not re.fullmatch(r"[\w.-]+|\{\w+\}", part)] == []


def test_the_gateway_lets_no_caller_in_faster_than_the_stage_allows(template: Template) -> None:
    (stage,) = (s for _, s in resources(template, "AWS::ApiGatewayV2::Stage"))
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
