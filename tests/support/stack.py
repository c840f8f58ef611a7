"""The local stack for tests: a state folder of its own, on a free port, taken down at the end."""

import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import httpx
import pytest

from vtr.domain.accounts import Scope
from vtr_local.aws import OWNER, REGION
from vtr_local.home import Home
from vtr_local.keys import ACCOUNT, POLICY, create_local_key
from vtr_local.record import StackRecord
from vtr_local.stack import LOCAL_PARAMETERS, TEMPLATE, down, up

T = TypeVar("T")
NOTES_STACK = Path(__file__).parent / "notes_stack"


def free_port() -> int:
    """Find a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class LocalStack:
    """A stack that is up."""

    home: Home
    record: StackRecord

    @property
    def url(self) -> str:
        """The URL of the HTTP API."""
        return self.record.api_url

    @property
    def endpoint(self) -> str:
        """Where AWS's own APIs are emulated."""
        return self.record.endpoint

    def http(self, key: str = "") -> httpx.Client:
        """Open a client of the HTTP API, speaking with *key*."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def create_key(self, *scopes: Scope, account: str = ACCOUNT, policy: str = POLICY) -> str:
        """Make a key with *scopes*, by default with all."""
        return create_local_key(
            self.record, account=account, policy=policy, scopes=scopes or tuple(Scope)
        )

    def function_errors(self) -> list[str]:
        """Read what the functions logged as an error, and the tracebacks of those that ended."""
        logs: Any = boto3.client(
            "logs",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=OWNER,
            aws_secret_access_key=OWNER,
        )
        return [
            event["message"]
            for group in logs.describe_log_groups()["logGroups"]
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
            if '"level":"ERROR"' in event["message"] or "Traceback" in event["message"]
        ]


@contextmanager
def local_stack(
    folder: Path,
    *,
    template: Path = TEMPLATE,
    parameters: Mapping[str, str] = LOCAL_PARAMETERS,
    strict: bool = False,
) -> Iterator[LocalStack]:
    """Bring *template* up with its state in *folder*, and take it down with its data."""
    home = Home(folder)
    try:
        record = up(home, port=free_port(), template=template, parameters=parameters, strict=strict)
        yield LocalStack(home, record)
    finally:
        if home.log.exists():
            # pytest shows this when a test failed.
            sys.stderr.write(home.log.read_text(encoding="utf-8", errors="replace")[-4000:])
        down(home, wipe=True)


@pytest.fixture(scope="session")
def real_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The project's own template, up once for all tests that a conftest gives this to."""
    with local_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def eventually(check: Callable[[], T], *, seconds: float = 10.0) -> T:
    """Wait until *check* gives something true; its last answer."""
    deadline = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def copy_notes_stack(folder: Path) -> Path:
    """Copy the small template to *folder*, to change it there."""
    shutil.copytree(NOTES_STACK, folder / "notes", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "notes" / "template.yaml"
