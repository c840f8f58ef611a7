"""``python -m vtr_build``: build what ``sam deploy`` uploads, into ``build/aws``."""

import argparse
import shutil
import sys
from pathlib import Path

from vtr_build.artifact import build_artifact
from vtr_build.errors import BuildError
from vtr_build.target import find_python, target_of
from vtr_build.templates import write_templates
from vtr_local.home import PROJECT
from vtr_local.template import load_template


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m vtr_build", description=__doc__)
    options.add_argument("--into", type=Path, default=PROJECT / "build" / "aws")
    options.add_argument("--python", default="", help="a Python of the functions' version")
    given = options.parse_args()
    try:
        build(given.into, given.python)
    except BuildError as error:
        sys.exit(f"{error}")


def build(into: Path, python: str) -> None:
    """Build anew from nothing, so that a failed build leaves nothing to deploy."""
    target = target_of(load_template(PROJECT / "template.yaml"))
    shutil.rmtree(into, ignore_errors=True)
    artifact = build_artifact(PROJECT, target, find_python(target.python, named=python), into)
    write_templates(PROJECT, into, artifact.code_sha256)
    print(  # noqa: T201  a command's answer
        f"{artifact.archive}: {artifact.zipped / 1e6:.1f} MB, {artifact.unpacked / 1e6:.1f} MB "
        f"unpacked, for Python {target.python} on {target.architecture}\n"
        f"CodeSha256 {artifact.code_sha256}"
    )


if __name__ == "__main__":
    main()
