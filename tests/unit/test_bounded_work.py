"""What strangers send keeps nobody busy: a megabyte of anything is read or refused."""

import os
import subprocess
import sys
from pathlib import Path

from support.hostile import patterns, structs, texts

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 600
"""Some thousand readings take a quarter of a minute; one that backtracks takes years."""


def test_no_text_of_a_megabyte_keeps_a_reader_busy() -> None:
    paths = os.pathsep.join(str(ROOT / name) for name in ("functions", "infra", "tests"))
    done = subprocess.run(
        [sys.executable, "-m", "support.hostile"],
        env={**os.environ, "PYTHONPATH": paths},
        timeout=PATIENCE_SECONDS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 1_000


def test_the_readers_are_those_of_the_functions() -> None:
    assert len(patterns()) > 8
    assert len(structs()) > 10
    assert len(list(texts(1_000))) > 40
