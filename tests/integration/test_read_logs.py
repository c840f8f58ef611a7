"""`vtr logs`: all groups of a stack as one log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from vtr_cli.logs import read_logs

NOW = datetime.now(UTC).replace(microsecond=250_000)
GROUPS = ("functions", "gateway")


@pytest.fixture
def client() -> Any:
    with mock_aws():
        client = boto3.client("logs", region_name="us-east-1")
        for group in GROUPS:
            client.create_log_group(logGroupName=group)
            client.create_log_stream(logGroupName=group, logStreamName=f"{group}-1")
        yield client


def put(client: Any, group: str, message: str, at: datetime) -> None:
    event = {"timestamp": int(at.timestamp() * 1000), "message": message}
    client.put_log_events(logGroupName=group, logStreamName=f"{group}-1", logEvents=[event])


def test_the_groups_are_one_log_in_the_order_of_time(client: Any) -> None:
    put(client, "functions", "old", NOW - timedelta(hours=1))
    put(client, "functions", "third\n", NOW)
    put(client, "gateway", "first", NOW - timedelta(seconds=2))
    put(client, "functions", "second", NOW - timedelta(seconds=1))
    found = read_logs(client, GROUPS, NOW - timedelta(minutes=1))
    assert [event["message"] for event in found] == ["first", "second", "third"]
    assert [event["stream"] for event in found] == ["gateway-1", "functions-1", "functions-1"]
    assert found[-1]["at"] == f"{NOW:%Y-%m-%dT%H:%M:%S}.250Z"


def test_a_requests_lines_are_those_that_hold_its_id(client: Any) -> None:
    put(client, "functions", '{"request_id": "Kx-1="}', NOW)
    put(client, "functions", '{"request_id": "Kx-2="}', NOW)
    put(client, "gateway", '{"requestId": "Kx-1="}', NOW)
    found = read_logs(client, GROUPS, NOW - timedelta(minutes=1), "Kx-1=")
    assert {event["stream"] for event in found} == {"functions-1", "gateway-1"}
    assert all("Kx-1=" in event["message"] for event in found)
