"""A function that imports all that any function has, as one package for all of them would."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(import_module("vtr").__file__ or "").parents[1]

for module in pkgutil.walk_packages([str(ROOT)]):
    import_module(module.name)

clients = [boto3.client(name) for name in ("dynamodb", "s3", "secretsmanager", "sqs")]


def lambda_handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    clients[-1].list_queues()
    return event
