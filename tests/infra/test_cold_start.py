"""What a function loads when it starts: imports are the cold start, and what is fixed then stays.

Modules are counted, not milliseconds: a count is the same on every machine. `make bench` has the
milliseconds.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.aws import CREDENTIALS, Aws, functions, main_template
from vtr_local.template import resources

FUNCTIONS = Path(__file__).parents[2] / "functions"
MODULES = sorted(functions())
WAITED_FOR = [
    name
    for name, function in functions().items()
    if any(event["Type"] == "HttpApi" for event in function["Events"].values())
]
MOST = {"ingest_scans": 450, "describe_api": 360}
MOST_OF_WAITED_FOR, MOST_OF_WORKERS = 600, 380

NEVER = {
    "aws_lambda_powertools.event_handler.openapi.models",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parser",
    "aws_xray_sdk",
    "boto3",
    "cryptography",
    "jsonschema",
    "pydantic",
    "requests",
    "s3transfer",
    "vtr.adapters.memory",
}
NEVER_WHILE_SOMEONE_WAITS = {"asyncio.base_events"}
NEVER_FOR_A_DELIVERY = {
    "aws_lambda_powertools.event_handler",
    "pynamodb",
    "vtr.domain.policies",
    "vtr.domain.verdict",
}

START = """
import json, os, sys
drawn, urandom = [], os.urandom
def watched(size):
    drawn.append(sys._getframe(1).f_code.co_filename)
    return urandom(size)
os.urandom = watched
__import__(sys.argv[1])
print(json.dumps({"modules": sorted(sys.modules), "drawn": drawn}))
"""


@cache
def started(module: str) -> dict[str, Any]:
    """Start a function as Lambda does: what it has loaded before the first event, and drawn."""
    queues = resources(main_template(), "AWS::SQS::Queue")
    aws = Aws({name: f"https://sqs.local/1/{name}" for name, _ in queues})
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", START, f"{module}.handler"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(FUNCTIONS),
            "AWS_LAMBDA_FUNCTION_NAME": module,
            **CREDENTIALS,
            **aws.environment_of(module),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_function_loads_nothing_that_it_may_not_need(module: str) -> None:
    assert not NEVER & set(started(module)["modules"])


@pytest.mark.parametrize("module", MODULES)
def test_a_function_loads_no_more_modules_than_its_budget(module: str) -> None:
    others = MOST_OF_WAITED_FOR if module in WAITED_FOR else MOST_OF_WORKERS
    assert len(started(module)["modules"]) <= MOST.get(module, others)


@pytest.mark.parametrize("module", WAITED_FOR)
def test_what_answers_http_does_not_load_asyncio(module: str) -> None:
    assert not NEVER_WHILE_SOMEONE_WAITS & set(started(module)["modules"])


def test_who_takes_deliveries_loads_neither_router_nor_tables_nor_rules() -> None:
    assert not NEVER_FOR_A_DELIVERY & set(started("ingest_scans")["modules"])


@pytest.mark.parametrize("module", sorted(set(WAITED_FOR) - {"describe_api"}))
def test_what_someone_waits_for_has_its_clients_before_the_first_call(module: str) -> None:
    assert "botocore.client" in started(module)["modules"]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_random_is_drawn_when_a_function_starts(module: str) -> None:
    """A snapshot of a started function would have every copy of it draw the same."""
    assert started(module)["drawn"] == []


def test_a_stand_in_for_asyncio_is_asyncio_for_whoever_uses_it() -> None:
    program = "import vtr.api.powertools, asyncio\nprint(asyncio.run(asyncio.sleep(0, 'slept')))"
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "slept\n"
