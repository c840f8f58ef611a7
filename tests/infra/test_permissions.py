"""Permissions: every role names its actions and its resources; none has a policy of AWS's."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from support.aws import (
    PROJECT,
    data_template,
    functions,
    main_template,
    permissions_template,
    role_of,
    statements_of,
)
from vtr_local.template import Properties, Template, load_template, resources

Transform = Callable[..., Template]

ROLES = dict(resources(permissions_template(), "AWS::IAM::Role"))
STATEMENTS = [(role, statement) for role in ROLES for _, statement in statements_of(role)]
MODULES = sorted(functions())

NAMES_NO_RESOURCE = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricStatistics",
    "lambda:GetAccountSettings",
    "secretsmanager:ListSecrets",
}
"""Actions that IAM can allow on everything or not at all.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

NARROWED = {"AccountsTable", "TransientTable"}
"""Tables in which several kinds of items are told apart by what their keys begin with."""


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def keys_of(statement: Properties) -> list[str]:
    """What the keys must begin with that a statement allows something on."""
    conditions = statement.get("Condition", {})
    keys: list[str] = conditions.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
    return keys


def test_every_function_has_a_role_of_its_own_that_only_lambda_assumes(template: Template) -> None:
    assert len({role_of(module) for module in MODULES}) == len(MODULES)
    for module in MODULES:
        (trust,) = ROLES[role_of(module)]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert list(resources(template, "AWS::IAM::Role")) == []  # SAM has made none


def test_no_role_has_a_policy_of_awss() -> None:
    shared = [each for role in ROLES.values() for each in role.get("ManagedPolicyArns", [])]
    policies = dict(resources(permissions_template(), "AWS::IAM::ManagedPolicy"))
    attached = {name for name, policy in policies.items() if "Roles" in policy}
    assert attached == {"Trace"}
    assert {each["Ref"] for each in shared} == policies.keys() - attached


def test_a_function_writes_to_its_own_log_group_alone() -> None:
    for module in MODULES:
        (group,) = {
            statement["Resource"]["Ref"]
            for _, statement in statements_of(role_of(module))
            if "logs:PutLogEvents" in listed(statement["Action"])
        }
        own = functions()[module].get("LoggingConfig", {}).get("LogGroup", {"Ref": "Logs"})
        assert {"Ref": group} == own


def test_functions_may_send_traces_only_where_tracing_is_on() -> None:
    policy = permissions_template()["Resources"]["Trace"]
    assert policy["Condition"] == "IsTraced"
    traced = {role["Ref"] for role in policy["Properties"]["Roles"]}
    assert traced == {role_of(module) for module in MODULES}


def test_every_statement_names_its_actions_one_by_one() -> None:
    actions = [action for _, each in STATEMENTS for action in listed(each["Action"])]
    assert len(actions) > 50
    assert [action for action in actions if "*" in action or "Scan" in action] == []


@pytest.mark.parametrize("role", ROLES)
def test_everything_is_allowed_only_where_iam_knows_no_resource(role: str) -> None:
    for _, statement in statements_of(role):
        everything = "*" in listed(statement["Resource"])
        nameless = set(listed(statement["Action"])) & NAMES_NO_RESOURCE
        assert everything == bool(nameless), statement
        assert nameless in (set(), set(listed(statement["Action"]))), statement


def test_a_wildcard_ends_a_path_within_one_bucket_one_stack_or_one_family_of_secrets() -> None:
    named = [json.dumps(each) for _, it in STATEMENTS for each in listed(it["Resource"])]
    within = r'(\$\{Bucket\}|secret:\$\{Stack\}/sources|stack/\$\{(Data)?Stack\}(-\*)?|-)[/\w-]*\*"'
    wide = {text for text in named if "*" in text.strip('"')}
    assert {text for text in wide if text != '"*"' and not re.search(within, text)} == set()


def test_whoever_uses_a_table_of_many_kinds_is_told_which_kinds() -> None:
    for role, statement in STATEMENTS:
        tables = {name for name in NARROWED if f"-{name}Arn" in json.dumps(statement["Resource"])}
        described = {"dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"}
        items = set(listed(statement["Action"])) - described
        if tables and items and role != "OperatorRole":
            assert keys_of(statement), (role, statement)


def test_no_function_can_make_or_change_an_api_key_or_read_who_did() -> None:
    for module in MODULES:
        for _, statement in statements_of(role_of(module)):
            keys = keys_of(statement)
            assert not any("KEYS#" in key for key in keys)
            if "KEY#*" in keys:
                assert statement["Action"] == "dynamodb:GetItem"


def test_only_who_keeps_responses_may_delete_an_item() -> None:
    deleting = {
        module
        for module in MODULES
        for _, statement in statements_of(role_of(module))
        if "dynamodb:DeleteItem" in listed(statement["Action"])
    }
    assert deleting == {"export_report", "submit_tracking"}


def test_a_worker_takes_messages_from_its_own_queue_alone(template: Template) -> None:
    mappings = dict(resources(template, "AWS::Lambda::EventSourceMapping"))
    for name, mapping in mappings.items():
        queue, _ = mapping["EventSourceArn"]["Fn::GetAtt"]
        (module,) = (each for each in MODULES if name.startswith(_logical_id(each)))
        taking = [
            each["Ref"]
            for _, statement in statements_of(role_of(module))
            if "sqs:ReceiveMessage" in listed(statement["Action"])
            for each in listed(statement["Resource"])
        ]
        assert taking == [queue]
    assert len(mappings) == 3


def _logical_id(module: str) -> str:
    (found,) = (
        name
        for name, function in resources(main_template(), "AWS::Serverless::Function")
        if function["Handler"].startswith(f"{module}.")
    )
    return found


def test_a_policy_fits_into_what_iam_stores() -> None:
    """6,144 characters for a managed policy, 10,240 for those written into a role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    Names are resolved only when deployed: the text of the templates is longer than they are.
    """
    for _, policy in resources(permissions_template(), "AWS::IAM::ManagedPolicy"):
        assert len(json.dumps(policy["PolicyDocument"])) <= 6144
    for name, role in ROLES.items():
        assert len(json.dumps(role.get("Policies", []))) <= 10_240, name


DEPLOYER = load_template(PROJECT / "infra" / "deployer.yaml")


def test_only_the_workflow_of_one_environment_of_one_repository_may_deploy() -> None:
    (trust,) = DEPLOYER["Resources"]["DeployerRole"]["Properties"]["AssumeRolePolicyDocument"][
        "Statement"
    ]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {
                "Fn::Sub": "repo:${Repository}:environment:${Environment}"
            },
        }
    }


def test_a_deployer_may_make_every_kind_of_resource_that_the_templates_have(
    transform: Transform,
) -> None:
    deployed = [
        *(load_template(path) for path in PROJECT.glob("infra/*.yaml")),
        transform(Canary="true"),
    ]
    services = {
        SERVICES.get(service, service.lower())
        for template in deployed
        for resource in template["Resources"].values()
        for service in [resource["Type"].split("::")[1]]
    }
    statements = DEPLOYER["Resources"]["Deploy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {action.split(":")[0] for each in statements for action in listed(each["Action"])}
    assert services - allowed == set()
    assert allowed - services == {"sts"}  # to try what was deployed, as an operator


SERVICES = {"ApiGatewayV2": "apigateway"}
"""Where IAM names a service otherwise than CloudFormation does."""


def test_nobody_may_scan_a_table(template: Template) -> None:
    everything = json.dumps([template, data_template(), permissions_template()])
    assert "dynamodb:Scan" not in everything
    assert "dynamodb:*" not in everything
