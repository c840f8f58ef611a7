"""Fuzz the HTTP API by its own description, with every check of schemathesis on.

``python tests/security/run_schemathesis.py`` brings a local stack up, sends it thousands of
requests, valid and invalid, and takes it down. The last line is JSON: how many cases were run, and
how many failures were found. schemathesis is no dependency of this project: install it anywhere,
and name it with ``--schemathesis``. What it has to be told lies beside this file.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT / folder) for folder in ("functions", "infra", "tests")]

from support.stack import LocalStack, local_stack  # noqa: E402  the path is set just above
from vtr.domain.limits import Limits  # noqa: E402
from vtr.use_cases.meter_requests import set_limits  # noqa: E402
from vtr_local.keys import ACCOUNT  # noqa: E402
from vtr_local.ports import local_ports  # noqa: E402

DESCRIPTION = PROJECT / "functions" / "describe_api" / "openapi.json"
SKIPPED = 77
"""The exit code by which many runners know a test that was skipped."""


def main(arguments: Sequence[str]) -> int:
    options = _options().parse_args(arguments)
    program = shutil.which(options.schemathesis)
    if program is None:
        sys.stderr.write(
            f"Skipped: there is no {options.schemathesis}. Install it, for example with "
            "`uv tool install schemathesis`, or name it with --schemathesis.\n"
        )
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder) / "home") as stack:
        _open_the_limits(stack)
        figures = _fuzz(program, stack, Path(folder), options)
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if figures["failures"] else 0


def _open_the_limits(stack: LocalStack) -> None:
    """Let the account ask for more than the cases do: what is looked for lies behind its limits."""
    stack.create_key()
    with local_ports(stack.record) as ports:
        set_limits(ports, ACCOUNT, Limits(requests=10**6, lines=10**7, reports=10**5))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=330, help="random cases an operation")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--schemathesis", default="schemathesis", help="the program")
    parser.add_argument("--seed", type=int, help="run the same cases again")
    return parser


def _fuzz(
    program: str, stack: LocalStack, folder: Path, options: argparse.Namespace
) -> dict[str, int]:
    report = folder / "report.json"
    command = [
        *(program, "--config-file", str(HERE / "schemathesis.toml"), "run", str(DESCRIPTION)),
        *("--url", stack.url, "--header", f"Authorization: Bearer {stack.create_key()}"),
        *("--checks", "all", "--max-examples", str(options.examples)),
        *("--workers", str(options.workers), "--max-redirects", "0", "--no-color"),
        *("--report-json-path", str(report)),
        *(("--seed", str(options.seed)) if options.seed is not None else ()),
    ]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
        "PYTHONPATH": str(HERE),
        "VTR_FUZZ_SECRET": stack.record.webhook_secret,
    }
    ended = subprocess.run(command, check=False, cwd=folder, env=environment)  # noqa: S603  named by the caller
    if not report.exists() or not report.stat().st_size:
        sys.exit(f"schemathesis ended early, with code {ended.returncode}; see above.")
    return _figures(json.loads(report.read_text("utf-8")))


def _figures(report: Any) -> dict[str, int]:
    """The cases that were run, and the failures and errors that schemathesis found."""
    found = report["test_cases"]["unique_failures"] + len(report["errors"])
    return {"cases": report["test_cases"]["generated"], "failures": found}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
