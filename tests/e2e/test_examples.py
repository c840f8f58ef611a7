"""README's first commands, run as they are printed there."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from support.command_line import CommandLine
from support.stack import LocalStack, eventually

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]
VERDICTS = {
    "114-0000001": "VALID",
    "114-0000002": "FORMAT_MISMATCH",
    "114-0000003": "CARRIER_UNKNOWN",
    "114-0000004": "NO_SCAN",
}


def printed_commands() -> str:
    readme = (PROJECT / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    return f"set -euo pipefail\n{block}"


def test_what_readme_prints_submits_scans_and_shows_the_rate(real_stack: LocalStack) -> None:
    key = real_stack.create_key(account="beginner")
    home = real_stack.home.root
    environment = {"VTR_HOME": str(home), "VTR_API_URL": real_stack.url, "VTR_API_KEY": key}
    ran = subprocess.run(  # noqa: S603  README's own words
        ["bash", "-c", printed_commands()],  # noqa: S607  the shell is the reader's own
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "1 scan accepted." in ran.stderr
    assert all(order in ran.stdout for order in VERDICTS)
    vtr = CommandLine(home, {"VTR_API_KEY": key})

    def rated() -> bool:
        overall = json.loads(vtr("rates", "--json").out)["overall"]
        return (overall["packages"], overall["valid"]) == (4, 1)

    assert eventually(rated)
    packages = json.loads(vtr("packages", "--json").out)["packages"]
    assert {each["order_id"]: each["reason"] for each in packages} == VERDICTS
