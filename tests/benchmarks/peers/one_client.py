"""The least function that tells AWS anything: boto3, one client, one call."""

import os
from typing import Any

import boto3

sqs = boto3.client("sqs")


def lambda_handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    sqs.send_message(QueueUrl=os.environ["VTR_SCANS_QUEUE_URL"], MessageBody="{}")
    return event
