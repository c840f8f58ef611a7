"""The two published packages that identification is compared with, each in a process of its own.

They are installed into ``build/bench-peers``, never into the project's environment.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PEERS = Path(__file__).parents[2] / "build" / "bench-peers"
PYPI_PEER = "tracking-numbers==0.1.8"
NPM_PEER = "ts-tracking-number@1.0.17"


class PeerError(Exception):
    """A package cannot be had or does not run; the message says why."""


class PeerAnswers(NamedTuple):
    """The carrier's name for each number, empty where none was recognised, and the speed."""

    names: list[str]
    per_second: float


_PYTHON = """
import json, sys, time
from tracking_numbers import get_tracking_number
numbers, mixture, rounds = json.load(sys.stdin)
found = [get_tracking_number(number) for number in numbers]
best = float("inf")
for _ in range(rounds):
    begun = time.perf_counter()
    for number in mixture:
        get_tracking_number(number)
    best = min(best, time.perf_counter() - begun)
print(json.dumps([[one.courier.name if one else "" for one in found], len(mixture) / best]))
"""

_NODE = """
const { getTracking } = require('ts-tracking-number');
const [numbers, mixture, rounds] = JSON.parse(require('fs').readFileSync(0));
const found = numbers.map((number) => getTracking(number));
let best = Infinity;
for (let round = 0; round < rounds; round += 1) {
  const begun = process.hrtime.bigint();
  for (const number of mixture) getTracking(number);
  best = Math.min(best, Number(process.hrtime.bigint() - begun) / 1e9);
}
const names = found.map((one) => (one ? one.courier.name : ''));
console.log(JSON.stringify([names, mixture.length / best]));
"""


def ask_pypi_peer(numbers: Sequence[str], mixture: Sequence[str], rounds: int) -> PeerAnswers:
    target = PEERS / "python"
    if not target.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
        _run([*pip, PYPI_PEER])
    question = json.dumps([list(numbers), list(mixture), rounds])
    answer = _run([sys.executable, "-c", _PYTHON], question, {"PYTHONPATH": str(target)})
    return PeerAnswers(*json.loads(answer))


def ask_npm_peer(numbers: Sequence[str], mixture: Sequence[str], rounds: int) -> PeerAnswers:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        raise PeerError("node and npm are not installed")
    modules = PEERS / "node" / "node_modules"
    if not modules.exists():
        _run([npm, "install", "--silent", "--prefix", str(modules.parent), NPM_PEER])
    question = json.dumps([list(numbers), list(mixture), rounds])
    answer = _run([node, "-e", _NODE], question, {"NODE_PATH": str(modules)})
    return PeerAnswers(*json.loads(answer))


def _run(command: list[str], question: str = "", environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 -- commands of this file
        command,
        input=question,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PeerError((done.stderr.strip().splitlines() or ["it failed without a word"])[-1])
    return done.stdout
