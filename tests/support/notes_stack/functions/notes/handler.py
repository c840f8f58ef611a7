"""Queue a note over HTTP; keep it from the queue; read it back."""

import importlib.util
import json
import logging
import os
from typing import Any

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)
queue: Any = boto3.client("sqs")
tables: Any = boto3.client("dynamodb")


def queue_note(event: dict[str, Any], _: object) -> dict[str, Any]:
    logger.info(event["routeKey"])
    match event["routeKey"]:
        case "PUT /notes/{note}":
            return _put(event["pathParameters"]["note"])
        case "GET /notes/{note}":
            return _get(event["pathParameters"]["note"])
        case _:
            return _write_without_leave()


def keep_notes(event: dict[str, Any], _: object) -> None:
    logger.info(len(event["Records"]))
    for record in event["Records"]:
        tables.put_item(
            TableName=os.environ["NOTES_TABLE"], Item={"pk": {"S": json.loads(record["body"])}}
        )


def _put(note: str) -> dict[str, Any]:
    queue.send_message(
        QueueUrl=os.environ["NOTES_QUEUE_URL"],
        MessageBody=json.dumps(note),
        MessageGroupId="notes",
        MessageDeduplicationId=note,
    )
    return {"statusCode": 202}


def _get(note: str) -> dict[str, Any]:
    key = {"pk": {"S": note}}
    found = "Item" in tables.get_item(TableName=os.environ["NOTES_TABLE"], Key=key)
    emulator = importlib.util.find_spec("ministack") is not None
    body = {"note": note, "sees_the_emulators_packages": emulator}
    return {"statusCode": 200 if found else 404, "body": json.dumps(body)}


def _write_without_leave() -> dict[str, Any]:
    """Try what only the other function may do."""
    try:
        tables.put_item(TableName=os.environ["NOTES_TABLE"], Item={"pk": {"S": "forbidden"}})
    except ClientError as error:
        return {"statusCode": 403, "body": error.response["Error"]["Code"]}
    return {"statusCode": 200}
