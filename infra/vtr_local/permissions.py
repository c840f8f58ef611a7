"""Permissions as the emulator reads them."""

from typing import Any

# AWS checks each message of a batch against the action for a single one; the emulator requires an
# action named after the batch call, which AWS does not have.
_BATCHED = {"sqs:SendMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"}


def allow_batches(node: Any) -> None:
    """Make every statement that allows an action on a message also allow the emulator's batches."""
    if isinstance(node, list):
        for each in node:
            allow_batches(each)
    elif isinstance(node, dict):
        if actions := node.get("Action"):
            named = [actions] if isinstance(actions, str) else actions
            batches = [f"{action}Batch" for action in named if action in _BATCHED]
            node["Action"] = [*named, *batches] if batches else actions
        for each in node.values():
            allow_batches(each)


def name_as_emulator(node: Any) -> None:
    """Name rules, log groups and what is done to an alias as the emulator does.

    AWS leaves the default event bus out of a rule's ARN, and ends a log group's with ``:*``. The
    emulator takes every call on an alias for a list of them.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    if isinstance(node, list):
        for each in node:
            name_as_emulator(each)
    elif isinstance(node, dict):
        if node.get("Action") == "events:DescribeRule":
            node["Resource"]["Fn::Sub"] = node["Resource"]["Fn::Sub"].replace("rule/", "rule/*/")
        if node.get("Action") == "logs:FilterLogEvents":
            parts = [{"Fn::Split": [":*", arn]} for arn in node["Resource"]]
            node["Resource"] = [{"Fn::Select": ["0", each]} for each in parts]
        if "lambda:UpdateAlias" in node.get("Action", ()):
            node["Action"].append("lambda:ListAliases")
        for each in node.values():
            name_as_emulator(each)
