"""The templates as they are deployed: the project's own, but for where the code lies."""

from pathlib import Path

from vtr_build.artifact import ARCHIVE
from vtr_build.errors import BuildError

SOURCE, BUILT = "CodeUri: functions/\n", f"CodeUri: {ARCHIVE}\n"


def write_templates(project: Path, into: Path) -> None:
    """Copy every template into the artifact's folder, with the archive for the sources."""
    text = (project / "template.yaml").read_text(encoding="utf-8")
    if text.count(SOURCE) != 1:
        raise BuildError(
            f"template.yaml must say {SOURCE.strip()!r} exactly once: all functions share one "
            "archive. Leave CodeUri out of each function, and keep it in Globals."
        )
    (into / "template.yaml").write_text(text.replace(SOURCE, BUILT), encoding="utf-8")
    nested = into / "infra"
    nested.mkdir(parents=True, exist_ok=True)
    for template in (project / "infra").glob("*.yaml"):
        (nested / template.name).write_bytes(template.read_bytes())
