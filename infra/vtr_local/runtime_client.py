"""Strict mode: the functions under AWS's own runtime client, with only their own dependencies.

By default a function can import whatever the emulator's environment has, which hides a missing
dependency. Here it gets an environment made of ``functions/requirements.txt`` and nothing else.
"""

import hashlib
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from vtr_local.errors import LocalStackError
from vtr_local.home import PROJECT
from vtr_local.uv import find_uv

RUNTIME = "provided.al2023"

# The runtime client finds out everything but the interpreter's name.
_BOOTSTRAP = """\
#!/bin/sh
cd "$LAMBDA_TASK_ROOT"
export PYTHONPATH="$LAMBDA_TASK_ROOT" AWS_EXECUTION_ENV=AWS_Lambda_python{version} TZ=UTC
exec {python} -m awslambdaric "$_HANDLER"
"""


@dataclass(frozen=True, slots=True)
class RuntimeClient:
    """An interpreter that has the runtime client and the functions' dependencies."""

    python: Path

    def bootstrap(self) -> bytes:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        python = shlex.quote(str(self.python))
        return _BOOTSTRAP.format(version=version, python=python).encode()


def install_runtime_client(build: Path, project: Path = PROJECT) -> RuntimeClient:
    """Make the strict environment in *build*, or return the one made from the same locks."""
    requirements = project / "functions" / "requirements.txt"
    # The client is not a dependency of the functions; the tests' lock pins its release.
    versions = project / "tests" / "requirements.txt"
    digest = hashlib.sha256(
        requirements.read_bytes() + versions.read_bytes() + sys.version.encode()
    )
    environment = build / f"runtime-{digest.hexdigest()[:16]}"
    client = RuntimeClient(environment / "bin" / "python")
    if not environment.exists():
        # An environment cannot be moved into place, so an unfinished one is removed.
        try:
            _run("venv", "--quiet", "--python", sys.executable, str(environment))
            _run(
                *("pip", "install", "--quiet", "--python", str(client.python)),
                *("-r", str(requirements), "-c", str(versions), "awslambdaric"),
            )
        except LocalStackError:
            shutil.rmtree(environment, ignore_errors=True)
            raise
    return client


def _run(*arguments: str) -> None:
    uv = find_uv()
    if uv is None:
        raise LocalStackError("Strict mode needs uv, which `make test` installs.")
    finished = subprocess.run([uv, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if finished.returncode:
        raise LocalStackError(
            f"The environment of strict mode could not be made: {finished.stderr.strip()}"
        )
