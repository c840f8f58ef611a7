"""Create the routes of SAM's HTTP API, which the emulator drops.

SAM writes an ``HttpApi`` as an OpenAPI document in the ``Body`` of an ``AWS::ApiGatewayV2::Api``.
The emulator creates the API and ignores the body, so that every call would get a 404. Here the
routes in that body become API calls. Repeating it changes nothing, and routes that left the
template are deleted.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from vtr_local.aws import LocalAws
from vtr_local.errors import LocalStackError
from vtr_local.template import Template, read_template, resources

_INTEGRATION = "x-amazon-apigateway-integration"
_ANY_METHOD = "x-amazon-apigateway-any-method"
_CORS = "x-amazon-apigateway-cors"
_FUNCTION_ARN = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.Arn)?\}/invocations")
_PAGE = "500"


class Route(NamedTuple):
    """A route key, such as ``GET /v1/rates``, and the logical id of the function behind it."""

    key: str
    function: str


def routes(body: dict[str, Any]) -> Iterator[Route]:
    """Yield every route of an API's OpenAPI document that calls a function."""
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and _INTEGRATION in operation:
                uri = json.dumps(operation[_INTEGRATION]["uri"])
                if function := _FUNCTION_ARN.search(uri):
                    yield Route(_key(path, method), function[1])


def create_routes(aws: LocalAws, stack: str) -> str:
    """Create the routes of *stack*'s HTTP API from its body; return the API's id."""
    described = aws.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    physical = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in described}
    apis = list(resources(_processed_template(aws, stack), "AWS::ApiGatewayV2::Api"))
    if len(apis) != 1:
        raise LocalStackError(f"The template has {len(apis)} HTTP APIs; the stack serves just one.")
    logical_id, properties = apis[0]
    api, body = physical[logical_id], properties.get("Body", {})
    wanted = {route.key: _arn(aws, physical[route.function]) for route in routes(body)}
    _match_routes(aws, api, wanted)
    if cors := body.get(_CORS):
        settings = {name[0].upper() + name[1:]: value for name, value in cors.items()}
        aws.http_apis.update_api(ApiId=api, CorsConfiguration=settings)
    return api


def _match_routes(aws: LocalAws, api: str, wanted: dict[str, str]) -> None:
    """Make *wanted* (route keys with the functions' ARNs) the only routes of *api*."""
    present = {
        route["RouteKey"]: route
        for route in aws.http_apis.get_routes(ApiId=api, MaxResults=_PAGE)["Items"]
    }
    integrations = {
        integration["IntegrationUri"]: integration["IntegrationId"]
        for integration in aws.http_apis.get_integrations(ApiId=api, MaxResults=_PAGE)["Items"]
    }
    for key, arn in wanted.items():
        if arn not in integrations:
            integrations[arn] = aws.http_apis.create_integration(
                ApiId=api,
                IntegrationType="AWS_PROXY",
                IntegrationUri=arn,
                PayloadFormatVersion="2.0",
            )["IntegrationId"]
        target = f"integrations/{integrations[arn]}"
        if key not in present:
            aws.http_apis.create_route(ApiId=api, RouteKey=key, Target=target)
        elif present[key].get("Target") != target:
            aws.http_apis.update_route(ApiId=api, RouteId=present[key]["RouteId"], Target=target)
    for key in present.keys() - wanted.keys():
        aws.http_apis.delete_route(ApiId=api, RouteId=present[key]["RouteId"])


def _processed_template(aws: LocalAws, stack: str) -> Template:
    found = aws.cloudformation.get_template(StackName=stack, TemplateStage="Processed")
    # boto3 parses a JSON template by itself, whatever its types say.
    body: str | Template = found["TemplateBody"]
    return read_template(body) if isinstance(body, str) else body


def _key(path: str, method: str) -> str:
    if path == "$default":
        return "$default"
    return f"{'ANY' if method == _ANY_METHOD else method.upper()} {path}"


def _arn(aws: LocalAws, function: str) -> str:
    arn: str = aws.functions.get_function_configuration(FunctionName=function)["FunctionArn"]
    return arn
