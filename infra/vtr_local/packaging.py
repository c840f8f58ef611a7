"""Zip the functions: the same sources always give the same bytes, and are zipped only once."""

import hashlib
import importlib.util
import py_compile
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from vtr_local.errors import LocalStackError
from vtr_local.runtime_client import RuntimeClient

# A zip cannot say "no time"; this is the earliest one it can.
EPOCH = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644
PROGRAM_MODE = 0o100755


def package(source: Path, build: Path, runtime_client: RuntimeClient | None = None) -> Path:
    """Zip *source* into *build*, or return the existing zip of the same content.

    The functions run on the emulator's own interpreter, which has their dependencies, so the zip
    holds only their sources. With a *runtime_client* it also holds the ``bootstrap`` that runs them
    under that client instead.

    Compiled modules are included: the emulator unpacks the zip anew for each worker, and that
    worker's cold start would otherwise compile them all.
    """
    files = {path.relative_to(source).as_posix(): path for path in files_of(source)}
    programs = {"bootstrap": runtime_client.bootstrap()} if runtime_client else {}
    archive = build / f"{source.name}-{_digest(files, programs)}.zip"
    if archive.exists():
        return archive
    build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as folder:
        unfinished = Path(folder) / archive.name
        with zipfile.ZipFile(unfinished, "w") as bundle:
            for name, path in (files | _compiled(files, Path(folder))).items():
                add_file(bundle, name, path.read_bytes())
            for name, content in programs.items():
                add_file(bundle, name, content, mode=PROGRAM_MODE)
        return unfinished.rename(archive)


def files_of(folder: Path, *, compiled: bool = False) -> Iterator[Path]:
    """Yield every file below a folder in order of paths; bytecode only if asked for."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (compiled or "__pycache__" not in path.parts):
            yield path


def _digest(files: dict[str, Path], programs: dict[str, bytes]) -> str:
    digest = hashlib.sha256(str(sys.implementation.cache_tag).encode())
    for name, content in [(n, p.read_bytes()) for n, p in files.items()] + [*programs.items()]:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _compiled(files: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Compile every module into *folder*, as bytecode that never checks its source again."""
    compiled = {}
    for name, path in files.items():
        if path.suffix == ".py":
            cached = importlib.util.cache_from_source(name)
            compiled[cached] = folder / cached
            try:
                py_compile.compile(
                    str(path),
                    cfile=str(folder / cached),
                    dfile=name,
                    doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
            except py_compile.PyCompileError as error:
                raise LocalStackError(
                    f"{path} is no valid Python, so nothing was deployed. {error.exc_value}"
                ) from None
    return compiled


def add_file(
    bundle: zipfile.ZipFile, name: str, content: bytes, *, mode: int = FILE_MODE, level: int = 1
) -> None:
    """Add a file without the time and the permissions that it happens to have here."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    bundle.writestr(entry, content, compresslevel=level)
