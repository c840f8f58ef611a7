"""One function under AWS's own runtime client, against the Lambda Runtime API served here.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

from benchmarks.cloud import Cloud

DEADLINE_SECONDS = 60.0
INVOCATIONS = "/2018-06-01/runtime/invocation/"


class ColdStart(NamedTuple):
    """CPU seconds until the first event is asked for, and from it to the answer; memory in MB."""

    init: float
    first_call: float
    memory: float
    init_wall: float

    @property
    def total(self) -> float:
        return self.init + self.first_call


class FunctionError(Exception):
    """The function did not start, or did not answer; the message is its own."""


class Server(ThreadingHTTPServer):
    """The Runtime API, and AWS itself, for one function at a time."""

    daemon_threads = True

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.cloud = cloud
        self.asked: Queue[None] = Queue()
        self.events: Queue[bytes | None] = Queue()
        self.answers: Queue[tuple[bool, bytes]] = Queue()
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A function that is ended leaves its last request open."""


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        if not self.path.startswith(INVOCATIONS):
            self._send(200, b"")
            return
        self.server.asked.put(None)
        event = self.server.events.get()
        if event is not None:
            self._send(200, event)

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path.startswith("/2018-06-01/"):
            self.server.answers.put((self.path.endswith("/response"), body))
            self._send(202, b"")
        else:
            self._send(200, self.server.cloud.answer(self.headers.get("x-amz-target", ""), body))

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "ETag": '"tag"',
            "Lambda-Runtime-Aws-Request-Id": "3f0e6bd5-5c7d-4a5e-9a50-2b6c0a4f6a3e",
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 900) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:1:function:f",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@dataclass(frozen=True)
class Function:
    """A handler, the code that it lies in, the environment that it gets, and one event for it."""

    handler: str
    root: Path
    environment: Mapping[str, str]
    event: Mapping[str, Any]

    def start(self, server: Server) -> ColdStart:
        """Start it, hand it the event, and end it."""
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter, our own words
            [sys.executable, "-m", "awslambdaric", self.handler],
            cwd=self.root,
            env={**_lambda_environment(self.root, server), **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _await_start(server, process)
            wall, init = time.perf_counter() - begun, _cpu_seconds(process.pid)
            server.events.put(json.dumps(self.event).encode())
            done, answer = server.answers.get(timeout=DEADLINE_SECONDS)
            if not done or b'"statusCode": 5' in answer:
                raise FunctionError(f"{self.handler}: {answer.decode()[:800]}")
            server.asked.get(timeout=DEADLINE_SECONDS)
            total, memory = _cpu_seconds(process.pid), peak_megabytes(process.pid)
        finally:
            process.kill()
            process.communicate()
            server.events.put(None)
        return ColdStart(init, total - init, memory, wall)


def _await_start(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while server.asked.empty():
        if not server.answers.empty():
            raise FunctionError(server.answers.get()[1].decode()[:800])
        if process.poll() is not None or time.monotonic() > deadline:
            raise FunctionError(process.communicate()[1].decode()[-800:])
        time.sleep(0.002)
    server.asked.get()


def _lambda_environment(root: Path, server: Server) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(root),
        "LAMBDA_TASK_ROOT": str(root),
        "AWS_LAMBDA_RUNTIME_API": server.address,
        "AWS_ENDPOINT_URL": f"http://{server.address}",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": "logs",
        "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "measured",
        "AWS_SECRET_ACCESS_KEY": "measured",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TZ": "UTC",
    }


def _cpu_seconds(pid: int) -> float:
    """What its threads have run, to the nanosecond: the first number of ``schedstat``.

    https://docs.kernel.org/scheduler/sched-stats.html
    """
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def peak_megabytes(pid: int) -> float:
    """The most memory that a process took, since it became the program that it is."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise FunctionError("the kernel does not say how much memory it took")
