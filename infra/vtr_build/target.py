"""What the artifact is built for, and the interpreter that can compile for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vtr_build.errors import BuildError
from vtr_local.template import Template

GLIBC = "2_34"
"""Of Amazon Linux 2023, which Python 3.12 and later run on.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""Lambda's names of architectures, as the makers of wheels write them."""


@dataclass(frozen=True, slots=True)
class Target:
    """The functions' Python (``3.13``) and architecture (``arm64``), as Lambda names them."""

    python: str
    architecture: str

    @property
    def platform(self) -> str:
        """The platform as uv writes it; wheels for an older glibc fit too."""
        return f"{MACHINES[self.architecture]}-manylinux_{GLIBC}"


def target_of(template: Template) -> Target:
    """Read the target of every function: ``template.yaml`` is the one place that says it."""
    function = template["Globals"]["Function"]
    (architecture,) = function["Architectures"]
    return Target(function["Runtime"].removeprefix("python"), architecture)


def find_python(version: str, *, named: str = "", environ: Mapping[str, str] = os.environ) -> Path:
    """Return a CPython of *version*, *named* or found; bytecode is good for one version alone.

    Where there is none the build stops. Without bytecode a cold start would take almost twice as
    long, and the same sources would make another artifact here than elsewhere.
    """
    for candidate in [Path(named)] if named else _candidates(version, environ):
        if _version_of(candidate) == version:
            return candidate
    looked = f"{named} is none" if named else "this machine has none"
    raise BuildError(
        f"The functions run on Python {version}, and {looked}. Install it with "
        f"`.venv/bin/uv python install {version}`, with pyenv, or with the system's packages; "
        f"one that is elsewhere is named with `make build TARGET_PYTHON=/path/to/python{version}`."
    )


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield this interpreter, one on the path, those of pyenv (also disabled ones), and uv's."""
    yield Path(sys.executable)
    name = f"python{version}"
    found = shutil.which(name, path=environ.get("PATH"))
    if found:
        yield Path(found)
    home = Path(environ.get("HOME", "/"))
    pyenv = Path(environ.get("PYENV_ROOT", home / ".pyenv"))
    managed = Path(environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "uv" / "python"
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)
    yield from sorted(managed.glob(f"cpython-{version}*/bin/{name}"), reverse=True)


def _version_of(python: Path) -> str | None:
    """Return the version of a CPython, or None for anything else, as a disabled pyenv's shim."""
    program = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
    try:
        asked = subprocess.run(  # noqa: S603  an interpreter
            [python, "-c", program], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    name, _, version = asked.stdout.strip().partition(" ")
    return version if asked.returncode == 0 and name == "cpython" else None
