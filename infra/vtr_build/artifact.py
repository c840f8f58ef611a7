"""Build the artifact: locked wheels of the target, the functions' sources, and bytecode of both.

The same sources, lock and compiler always make the same bytes. So Lambda's ``CodeSha256`` says
whether what runs is what was built, and an unchanged artifact is not uploaded again.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vtr.adapters.aws_clients import SERVICES
from vtr_build.errors import BuildError
from vtr_build.target import Target
from vtr_local.packaging import add_file, files_of
from vtr_local.uv import find_uv

SOURCES = "functions"
ARCHIVE = "functions.zip"
LOCK = "requirements.txt"
TASK_ROOT = "/var/task"
"""Where Lambda unpacks the artifact; tracebacks name files below it."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A built archive, its size in bytes as it is and unpacked, and Lambda's name for its bytes."""

    archive: Path
    zipped: int
    unpacked: int
    code_sha256: str


def build_artifact(project: Path, target: Target, compiler: Path, into: Path) -> Artifact:
    """Build the functions of *project* for *target*; *compiler* is a Python of its version."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        folder = Path(scratch) / SOURCES
        _install(project / SOURCES / LOCK, target, folder)
        _strip(folder, SERVICES)
        for name, path in _by_name(project / SOURCES):
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        _compile(folder, compiler)
        unfinished = Path(scratch) / ARCHIVE
        unpacked = _zip(folder, unfinished)
        archive = unfinished.replace(into / ARCHIVE)
    content = archive.read_bytes()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Artifact(archive, len(content), unpacked, digest)


def _install(lock: Path, target: Target, folder: Path) -> None:
    """Unpack the wheels for the target, each checked against its hash; nothing is built here."""
    command = [
        *(_uv(), "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"),
        *("--python", sys.executable, "--python-version", target.python),
        *("--python-platform", target.platform, "--no-installer-metadata"),
        *("--link-mode", "copy", "--target", str(folder), "-r", str(lock)),
    ]
    _run(command, f"The dependencies of {lock} could not be installed for {target.platform}.")


def _strip(folder: Path, services: Iterable[str]) -> None:
    """Delete what no function loads: other services' descriptions, programs, lists of files.

    A client of another service cannot be made anyway: the loader of ``aws_clients`` has none.
    """
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for description in folder.glob("botocore/data/*"):
        if description.is_dir() and description.name not in services:
            shutil.rmtree(description)
    for record in folder.glob("*.dist-info/RECORD"):
        record.unlink()


def _compile(folder: Path, compiler: Path) -> None:
    """Compile every module: Lambda keeps no bytecode, and would compile at every cold start."""
    command = [
        *(str(compiler), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(folder), "-p", TASK_ROOT, str(folder)),
    ]
    _run(command, "A module is no valid Python, so nothing was built.")


def _zip(folder: Path, archive: Path) -> int:
    """Zip a folder in order of names, with one time and mode for all; return its unpacked size."""
    unpacked = 0
    with zipfile.ZipFile(archive, "w") as bundle:
        for name, path in _by_name(folder, compiled=True):
            content = path.read_bytes()
            unpacked += len(content)
            add_file(bundle, name, content, level=9)
    return unpacked


def _by_name(folder: Path, *, compiled: bool = False) -> list[tuple[str, Path]]:
    return sorted(
        (path.relative_to(folder).as_posix(), path) for path in files_of(folder, compiled=compiled)
    )


def _uv() -> str:
    uv = find_uv()
    if uv is None:
        raise BuildError("The build needs uv. Run it with `make build`, which installs uv first.")
    return uv


def _run(command: list[str], failure: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "0"}  # it may order what is compiled
    done = subprocess.run(  # noqa: S603  our own words
        command, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise BuildError(f"{failure} {(done.stderr + done.stdout).strip()}")
