"""The whole project in this process: each event goes to the handler that the template names.

Every function runs with the environment that the template gives it and no more, begun anew
whenever another one ran in between. Queues are emptied when a test says so.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest

from support.aws import REGION, Aws, aws_account, functions
from support.events import Context, http_event, scans_body, signed
from vtr.bootstrap import services
from vtr.domain.accounts import Scope
from vtr.use_cases.manage_keys import create_key, open_account

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBzdGFuZGFyZCBzb3VyY2U="
CONSUMERS = {
    "ScansQueue": "record_scans",
    "RecountsQueue": "recompute_rates",
    "ReportsQueue": "write_report",
}
HANDLERS = {name: import_module(f"{name}.handler").lambda_handler for name in functions()}


@dataclass(frozen=True)
class Answer:
    """What a caller gets over HTTP."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Deployment:
    aws: Aws
    environment: pytest.MonkeyPatch
    running: str = ""
    keys: dict[tuple[str, tuple[Scope, ...]], str] = field(default_factory=dict)

    def key(self, *scopes: Scope, account: str = "acme", policy: str = "amazon-us") -> str:
        """A live key, by default with every scope but `operate`."""
        scopes = scopes or (Scope.SUBMIT, Scope.READ, Scope.REPORT)
        if (account, scopes) not in self.keys:
            ports = self.aws.ports()
            opened = open_account(ports, account, policy)
            self.keys[account, scopes] = create_key(ports, opened, scopes, datetime.now(UTC))
            self.running = ""
        return self.keys[account, scopes]

    def invoke(self, function: str, event: Any, *, remaining_seconds: float = 900.0) -> Any:
        """Run one function on one event."""
        if function != self.running:
            for name in [name for name in os.environ if name.startswith("VTR_")]:
                self.environment.delenv(name)
            for name, value in self.aws.environment_of(function).items():
                self.environment.setenv(name, value)
            services.cache_clear()
            self.running = function
        return HANDLERS[function](event, Context(function, remaining_seconds))

    def send(self, event: dict[str, Any]) -> Answer:
        """Route an HTTP event as the gateway does."""
        http = event["requestContext"]["http"]
        function, route = _route_of(http["method"], http["path"])
        answered = self.invoke(function, {**event, "routeKey": route})
        headers = {name.lower(): value for name, value in answered.get("headers", {}).items()}
        for name, values in answered.get("multiValueHeaders", {}).items():
            headers[name.lower()] = ", ".join(values)
        return Answer(answered["statusCode"], headers, answered.get("body", ""))

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """Call as the seller `acme` does, unless another *key* is given."""
        key = more.pop("key", None)
        if key is None:
            key = self.key()
        return self.send(http_event(method, path, body=body, key=key, **more))

    def deliver(
        self, body: bytes, *, secret: str = SECRET, at: datetime | None = None, **more: Any
    ) -> Answer:
        """Push a signed webhook of the standard source."""
        headers = signed(secret, body, at or datetime.now(UTC))
        event = http_event("POST", "/v1/webhooks/standard", body=body, headers=headers, **more)
        return self.send(event)

    def scan(self, *scans: Mapping[str, Any]) -> None:
        """Have scans pushed, accepted, recorded and counted."""
        assert self.deliver(scans_body(*scans)).status == 200
        self.settle()

    def settle(self) -> None:
        """Empty the queues through their functions until nothing is left to do."""
        while any(self.work_off(queue) for queue in CONSUMERS):
            pass

    def work_off(self, queue: str, *, remaining_seconds: float = 900.0) -> int:
        """Deliver what waits in one queue, ten at a time; return the number of messages."""
        taken = self.aws.take(queue)
        for first in range(0, len(taken), 10):
            batch = taken[first : first + 10]
            records = [self.record(queue, message) for message in batch]
            answered = self.invoke(
                CONSUMERS[queue], {"Records": records}, remaining_seconds=remaining_seconds
            )
            assert answered == {"batchItemFailures": []}
        return len(taken)

    def hand_out(self, queue: str, *, remaining_seconds: float = 900.0) -> Any:
        """Receive what waits in one queue and call its function with it, as Lambda does.

        Whatever the function does not hide again stays hidden for ten minutes.
        """
        answer = self.aws.sqs.receive_message(
            QueueUrl=self.aws.queues[queue],
            MaxNumberOfMessages=10,
            VisibilityTimeout=600,
            AttributeNames=["All"],
        )
        records = [self.record(queue, message) for message in answer.get("Messages", [])]
        return self.invoke(
            CONSUMERS[queue], {"Records": records}, remaining_seconds=remaining_seconds
        )

    def record(self, queue: str, message: Any) -> dict[str, Any]:
        """The record of a message in an event."""
        name = self.aws.queues[queue].rpartition("/")[2]
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{name}",
            "awsRegion": REGION,
        }


@contextmanager
def deployment() -> Iterator[Deployment]:
    """Everything deployed, with the standard source set up."""
    with aws_account() as aws, pytest.MonkeyPatch.context() as environment:
        aws.set_secrets("standard", [SECRET])
        yield Deployment(aws, environment)
        services.cache_clear()


def _route_of(method: str, path: str) -> tuple[str, str]:
    """Return the function that a request goes to, and the key of its route."""
    for module, function in functions().items():
        for event in function["Events"].values():
            if event["Type"] == "HttpApi" and event["Properties"].get("Method") == method:
                pattern = re.sub(r"\{\w+\}", "[^/]+", event["Properties"]["Path"])
                if re.fullmatch(pattern, path):
                    return module, f"{method} {event['Properties']['Path']}"
    return "describe_api", "$default"
