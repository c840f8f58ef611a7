"""Permissions as the emulator reads them."""

from typing import Any

# AWS checks each message of a batch against `sqs:SendMessage`; the emulator requires an action
# named after the batch call, which AWS does not have.
_SEND, _SEND_BATCH = "sqs:SendMessage", "sqs:SendMessageBatch"


def allow_batches(node: Any) -> None:
    """Make every statement that allows sending a message also allow the emulator's batches."""
    if isinstance(node, list):
        for each in node:
            allow_batches(each)
    elif isinstance(node, dict):
        if node.get("Action") == _SEND:
            node["Action"] = [_SEND, _SEND_BATCH]
        for each in node.values():
            allow_batches(each)
