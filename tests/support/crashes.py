"""A local stack whose functions are killed at work, and clients that try again as real ones do."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import httpx

from support.events import scans_body, signed
from support.stack import LocalStack
from vtr_local.aws import OWNER, REGION
from vtr_local.emulator import Emulator

CALLERS = 4
TRIED_FOR_SECONDS, LONGEST_PAUSE_SECONDS = 300, 5
QUEUES = ("ScansQueueUrl", "RecountsQueueUrl")

Document = dict[str, Any]


def submit(stack: LocalStack, packages: Sequence[Document], *, batch: int = 10) -> None:
    """Confirm packages in batches, from several callers at once; every one must be accepted."""

    def confirm(packages: Sequence[Document]) -> int:
        asked = {"packages": packages}
        answer = until_answered(lambda: http.post("/v1/packages/batch", json=asked))
        return int(answer.json()["rejected"])

    batches = [packages[first : first + batch] for first in range(0, len(packages), batch)]
    with stack.http(stack.create_key()) as http, ThreadPoolExecutor(CALLERS) as callers:
        assert not any(callers.map(confirm, batches))


def deliver(stack: LocalStack, bodies: Iterable[Sequence[Document]]) -> None:
    """Push bodies of scans, from several callers at once; every one must be accepted."""

    def push(scans: Sequence[Document]) -> int:
        body = scans_body(*scans)
        headers = signed(stack.record.webhook_secret, body, datetime.now(UTC))
        answer = until_answered(
            lambda: http.post("/v1/webhooks/standard", content=body, headers=headers)
        )
        return answer.status_code

    with stack.http() as http, ThreadPoolExecutor(CALLERS) as callers:
        assert set(callers.map(push, bodies)) == {200}


def until_answered(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Call again what failed on the other side or got no answer, as sellers and sources do."""
    deadline = time.monotonic() + TRIED_FOR_SECONDS
    pause = 0.1
    while True:
        is_last = time.monotonic() > deadline
        try:
            answer = call()
        except httpx.TransportError:
            if is_last:
                raise
        else:
            if is_last or not answer.is_server_error:
                return answer
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def crash(stack: LocalStack, function: str = "Function") -> int:
    """Kill a function's workers, or all of them, in the middle of what they do; how many."""
    emulator = Emulator(stack.home).pid()
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            command = (process / "cmdline").read_text()
            if parent == emulator and function in command:
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
        except OSError:
            continue  # it has ended by itself
    return killed


def hand_out_again_soon(stack: LocalStack) -> None:
    """Make messages in flight at a crash reappear in seconds, where on AWS it takes minutes.

    A slow machine then receives many twice while it is still at work on them; that must be no
    reason to give them up.
    """
    sqs = _sqs(stack)
    for queue in QUEUES:
        url = stack.record.outputs[queue]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
        redrive = json.loads(found["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": 100}
        changed = {"VisibilityTimeout": "5", "RedrivePolicy": json.dumps(redrive)}
        sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)


def is_drained(stack: LocalStack, queue: str) -> bool:
    """Whether nothing waits in a queue, is delayed, or is out."""
    names = [f"ApproximateNumberOfMessages{each}" for each in ("", "NotVisible", "Delayed")]
    found = _sqs(stack).get_queue_attributes(
        QueueUrl=stack.record.outputs[queue], AttributeNames=names
    )
    return all(found["Attributes"][name] == "0" for name in names)


def reasons(stack: LocalStack) -> dict[str, str]:
    """The reason of every package, as its seller can list them."""
    found: dict[str, str] = {}
    cursor = None
    with stack.http(stack.create_key()) as http:
        while True:
            asked = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            ask = partial(http.get, "/v1/packages", params=asked)
            page = until_answered(ask).json()
            found |= {package["order_id"]: package["reason"] for package in page["packages"]}
            if (cursor := page["next_cursor"]) is None:
                return found


def _sqs(stack: LocalStack) -> Any:
    return boto3.client(
        "sqs",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=OWNER,
        aws_secret_access_key=OWNER,
    )
