"""Functions: each can be imported, is told what it needs and is heard of."""

import json
import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from support.aws import data_template, functions, main_template, role_of, statements_of
from vtr.adapters.dynamodb.tables import TransientItem
from vtr.settings import Settings
from vtr_local.template import Properties, Template, resources

FUNCTIONS = Path(__file__).parents[2] / "functions"
MODULES = sorted(functions())

AUDITED = {"submit_tracking", "export_report"}
"""The functions that log what their callers did."""


def deployed(template: Template, module: str) -> Properties:
    (found,) = (
        function
        for _, function in resources(template, "AWS::Lambda::Function")
        if function["Handler"].startswith(f"{module}.")
    )
    return found


def granted(module: str) -> str:
    """The text of all that a function may do."""
    return json.dumps(list(statements_of(role_of(module))))


def sends_to(module: str) -> set[str]:
    """The queues, by their names in the template, that a function may send to."""
    return {
        queue["Ref"]
        for _, statement in statements_of(role_of(module))
        if "sqs:SendMessage" in listed(statement["Action"])
        for queue in listed(statement["Resource"])
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_handler_is_deployed_and_every_function_has_one() -> None:
    assert sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py")) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_handler_is_where_the_template_says(module: str) -> None:
    name, _, attribute = functions()[module]["Handler"].rpartition(".")
    assert callable(getattr(import_module(name), attribute))


@pytest.mark.parametrize("module", MODULES)
def test_a_function_runs_on_what_the_one_artifact_is_built_for(
    template: Template, module: str
) -> None:
    function = deployed(template, module)
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]


@pytest.mark.parametrize("module", MODULES)
def test_a_function_logs_json_and_of_lambdas_own_lines_only_warnings(
    template: Template, module: str
) -> None:
    group = {"Ref": "AuditLogs" if module in AUDITED else "Logs"}
    told = {"LogFormat": "JSON", "SystemLogLevel": "WARN", "LogGroup": group}
    assert deployed(template, module)["LoggingConfig"] == told


def test_whose_callers_are_audited_logs_to_the_group_that_is_kept(template: Template) -> None:
    calling = {
        path.relative_to(FUNCTIONS).parts[0]
        for path in FUNCTIONS.rglob("*.py")
        if re.search(r"^\s+(?:return )?audit\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert calling == AUDITED
    group = template["Resources"]["AuditLogs"]
    assert group["DeletionPolicy"] == "RetainExceptOnCreate"
    assert group["UpdateReplacePolicy"] == "Retain"
    assert group["Properties"]["RetentionInDays"] == {"Ref": "AuditDays"}
    days = main_template()["Parameters"]
    assert days["AuditDays"]["Default"] > days["LogDays"]["Default"]


def test_every_log_ends_some_day(template: Template) -> None:
    for _, group in resources(template, "AWS::Logs::LogGroup"):
        assert group["RetentionInDays"]["Ref"] in {"LogDays", "AuditDays"}


@pytest.mark.parametrize("module", MODULES)
def test_a_function_is_traced_only_if_asked_to(template: Template, module: str) -> None:
    assert main_template()["Globals"]["Function"]["Tracing"] == {"Ref": "Tracing"}
    assert "TracingConfig" not in deployed(template, module)


def test_the_gateway_logs_every_request_by_its_route_and_nothing_that_was_sent(
    template: Template,
) -> None:
    """A path may hold a secret, and an address is a person's."""
    (stage,) = (stage for _, stage in resources(template, "AWS::ApiGatewayV2::Stage"))
    settings = stage["AccessLogSettings"]
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["AccessLogs", "Arn"]}
    assert set(re.findall(r"\$context\.([\w.]+)", settings["Format"])) == {
        *("requestId", "routeKey", "status", "responseLatency"),
        *("integration.integrationStatus", "error.responseType"),
    }
    assert "\n" not in settings["Format"]
    json.loads(settings["Format"])


@pytest.mark.parametrize("module", MODULES)
def test_a_function_that_answers_http_ends_before_the_gateway_gives_up(
    template: Template, module: str
) -> None:
    kinds = {event["Type"] for event in functions()[module]["Events"].values()}
    if "HttpApi" in kinds:
        assert deployed(template, module)["Timeout"] < 30


@pytest.mark.parametrize("module", MODULES)
def test_every_setting_that_a_function_is_told_is_one_that_is_read(
    template: Template, module: str
) -> None:
    told = deployed(template, module)["Environment"]["Variables"]
    read = {f"VTR_{field.name.upper()}" for field in fields(Settings)}
    assert {name for name in told if name.startswith("VTR_")} <= read


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    "kind", ["Orders", "Parcels", "Packages", "Rates", "Accounts", "Transient"]
)
def test_a_function_knows_a_table_if_it_may_use_it(
    template: Template, module: str, kind: str
) -> None:
    told = deployed(template, module)["Environment"]["Variables"]
    # The accounts table is told to all, by Globals; to use it is granted one by one.
    if kind != "Accounts":
        knows = f"VTR_{kind.upper()}_TABLE" in told
        assert knows == (f"-{kind}TableArn" in granted(module))


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("queue", ["Scans", "Recounts", "Reports"])
def test_a_function_knows_a_queue_if_it_may_send_to_it(
    template: Template, module: str, queue: str
) -> None:
    told = deployed(template, module)["Environment"]["Variables"]
    knows = f"VTR_{queue.upper()}_QUEUE_URL" in told
    assert knows == (f"{queue}Queue" in sends_to(module))


@pytest.mark.parametrize("module", MODULES)
def test_a_function_knows_the_bucket_if_it_may_use_it(template: Template, module: str) -> None:
    told = deployed(template, module)["Environment"]["Variables"]
    assert ("VTR_BUCKET" in told) == ("-BucketArn" in granted(module))


def test_what_is_transient_is_forgotten_by_itself() -> None:
    table = dict(resources(data_template(), "AWS::DynamoDB::Table"))["TransientTable"]
    forgotten = {"AttributeName": TransientItem.expiration.attr_name, "Enabled": True}
    assert table["TimeToLiveSpecification"] == forgotten


def test_a_flood_from_nobody_is_throttled_at_the_gateway(template: Template) -> None:
    (stage,) = (stage for _, stage in resources(template, "AWS::ApiGatewayV2::Stage"))
    throttle = stage["DefaultRouteSettings"]
    assert 0 < throttle["ThrottlingRateLimit"] <= throttle["ThrottlingBurstLimit"] <= 5_000
    # A route has its own throttle; who asks for what is open to anyone needs little.
    lower = stage["RouteSettings"]
    describing = functions()["describe_api"]["Events"].values()
    open_routes = {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for event in describing
        if "Path" in event["Properties"]
    }
    assert set(lower) == {"$default", *open_routes}
    for route in lower.values():
        assert route["ThrottlingRateLimit"] * 10 <= throttle["ThrottlingRateLimit"]


def test_only_the_denial_in_the_buckets_policy_speaks_of_all_actions() -> None:
    (policy,) = (p for _, p in resources(data_template(), "AWS::S3::BucketPolicy"))
    effects = {statement["Effect"] for statement in policy["PolicyDocument"]["Statement"]}
    assert effects == {"Deny"}
