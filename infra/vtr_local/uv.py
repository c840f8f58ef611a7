"""uv, which makes environments and unpacks locked wheels."""

import shutil
import sys
from pathlib import Path


def find_uv() -> str | None:
    """Return uv's path: the locked one beside this interpreter, or else one on the path."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")
