"""The workflows: no known way to take them over, and nothing run that is not the Makefile's."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[2]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def test_zizmor_finds_nothing() -> None:
    """Nothing fixed by a tag, no credentials left lying, no text of strangers in a command."""
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [str(zizmor), "--offline", "--no-progress", ".github"]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603 our own
    assert found.returncode == 0, found.stdout
    assert "No findings to report" in found.stdout + found.stderr


def test_every_command_is_one_that_anyone_can_run() -> None:
    ran = set()
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            targets = job.get("strategy", {}).get("matrix", {}).get("target", [])
            runs = [step["run"] for step in job["steps"] if "run" in step]
            ran |= {word for line in [*targets, *runs] for word in line.split()}
    made = {word for word in ran - {"make", "$TARGET", ".ci/run"} if "=" not in word}
    assert made
    assert made <= TARGETS
