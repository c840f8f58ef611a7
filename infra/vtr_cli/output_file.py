"""A file that a command writes: whole, or left as it was."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from vtr_client.errors import InputError

NEW_FILE_MODE = 0o666
"""Before the user's umask, as for any file that a shell makes."""


@contextmanager
def written_file(file: str) -> Iterator[IO[bytes]]:
    """Open *file* for writing; raise an ``InputError`` at once if it cannot be written.

    A regular file is replaced once everything is written, and keeps its mode; a link is followed.
    Anything else, such as a FIFO or a device, is written through and never replaced.
    """
    path = Path(file)
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            with _replacing(path.resolve(), mode) as stream:
                yield stream
        else:
            with path.open("wb") as stream:
                yield stream
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from None


@contextmanager
def _replacing(target: Path, mode: int | None) -> Iterator[IO[bytes]]:
    if mode is not None:
        # Renaming asks only the folder, so it would replace a file that is write-protected.
        target.open("ab").close()
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    permissions = NEW_FILE_MODE if mode is None else stat.S_IMODE(mode)
    # Never readable by more people than the file that it replaces.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions & 0o777)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            if mode is not None:
                os.fchmod(descriptor, permissions)
            yield stream
        unfinished.replace(target)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _mode(path: Path) -> int | None:
    """Return the mode of what *path* leads to; None if there is nothing."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
