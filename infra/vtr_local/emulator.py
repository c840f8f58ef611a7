"""Start, find and stop the emulator, as a background process of its own."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

import httpx

from vtr_local.errors import LocalStackError
from vtr_local.home import Home
from vtr_local.record import HOST

DEFAULT_PORT = 4566
PORTS_TRIED = 100
START_SECONDS = 20.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
# The only variables that the emulator, and so every function, inherits from the caller's
# environment: no AWS profile, proxy or Python path leaks into a function.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Emulator:
    """The emulator of one state folder, running or not."""

    home: Home

    def pid(self) -> int | None:
        """Return the running emulator's process id; None if it does not run."""
        try:
            with self.home.lock.open(encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            text = self.home.lock.read_text(encoding="ascii").strip()
            return int(text) if text else None
        return None

    def start(self, port: int) -> None:
        """Start on *port*, which is free, and wait until it answers."""
        shutil.rmtree(self.home.scratch, ignore_errors=True)
        for folder in (self.home.services, self.home.objects, self.home.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        with self.home.log.open("ab") as log:
            launched = subprocess.run(  # noqa: S603  our own interpreter and module
                [sys.executable, "-m", "vtr_local.emulator_process", str(self.home.lock)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.home.root,
                env=self._environment(port),
                check=False,
            )
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if launched.returncode or self.pid() is None:
                raise LocalStackError(f"The emulator ended while it started. {self._log_tail()}")
            if time.monotonic() > deadline:
                self.stop()
                raise LocalStackError(
                    f"The emulator did not answer within {START_SECONDS:.0f} seconds. "
                    f"{self._log_tail()}"
                )
            time.sleep(POLL_SECONDS)

    def stop(self) -> bool:
        """End the emulator, letting it write its data first; return False if it did not run."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.pid() is not None:
            if time.monotonic() > deadline:
                raise LocalStackError(
                    f"The emulator (process {pid}) still runs {STOP_SECONDS:.0f} seconds after it "
                    f"was asked to end. What it does is in {self.home.log}; to end it and lose "
                    f"the writes since its start: kill -9 {pid}"
                )
            time.sleep(POLL_SECONDS)
        shutil.rmtree(self.home.scratch, ignore_errors=True)
        return True

    def _environment(self, port: int) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return inherited | {
            "AUTH": "true",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home.services),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home.objects),
            "TMPDIR": str(self.home.scratch),
            "TZ": "UTC",
            "LOG_LEVEL": "WARNING",
        }

    def _log_tail(self) -> str:
        lines = self.home.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = next((line for line in reversed(lines) if line.strip()), "nothing")
        return f"Its log {self.home.log} ends with: {last.strip()}"


def answers(port: int) -> bool:
    """Return whether an emulator is ready on *port*."""
    try:
        # trust_env: use no proxy from the environment for our own machine.
        response = httpx.get(f"http://{HOST}:{port}/_ministack/ready", timeout=2.0, trust_env=False)
    except httpx.TransportError:
        return False
    return response.is_success


def free_port() -> int:
    """Return ``DEFAULT_PORT`` if it is free, else the next one that is."""
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if is_free(port):
            return port
    raise LocalStackError(
        f"The ports {DEFAULT_PORT} to {port} are taken. Choose another one with --port."
    )


def require_free(port: int) -> None:
    """Refuse a port that another program uses."""
    try:
        free = is_free(port)
    except PermissionError:
        raise LocalStackError(
            f"Port {port} needs special rights. Choose one above 1023 with --port."
        ) from None
    if not free:
        raise LocalStackError(
            f"Port {port} is taken by another program. Leave out --port, and a free one is chosen."
        )


def is_free(port: int) -> bool:
    """Return whether no program listens on *port*; raise ``PermissionError`` if it is reserved."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port counts as taken for a minute after its last connection closed.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True
