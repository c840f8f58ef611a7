"""The templates as they are deployed: the project's own, but for the code and its release."""

from pathlib import Path

from vtr_build.artifact import ARCHIVE
from vtr_build.errors import BuildError
from vtr_local.template import read_template, release_of

SOURCE, BUILT = "CodeUri: functions/\n", f"CodeUri: {ARCHIVE}\n"
FUNCTION = "    Type: AWS::Serverless::Function\n    Properties:\n"


def write_templates(project: Path, into: Path, code_sha256: str) -> None:
    """Copy every template into the artifact's folder, with the archive for the sources.

    Every function is published anew if anything has changed that ``make deploy`` deploys: the
    archive, by its *code_sha256*, a template, or a parameter in ``samconfig.toml``.
    """
    text = (project / "template.yaml").read_text(encoding="utf-8")
    if text.count(SOURCE) != 1:
        raise BuildError(
            f"template.yaml must say {SOURCE.strip()!r} exactly once: all functions share one "
            "archive. Leave CodeUri out of each function, and keep it in Globals."
        )
    nested = {path.name: path.read_bytes() for path in sorted((project / "infra").glob("*.yaml"))}
    given = (project / "samconfig.toml").read_bytes()
    release = release_of(read_template(text), code_sha256.encode(), given, *nested.values())
    named = f"{FUNCTION}      AutoPublishCodeSha256: {release}\n"
    built = text.replace(SOURCE, BUILT).replace(FUNCTION, named)
    (into / "template.yaml").write_text(built, encoding="utf-8")
    (into / "infra").mkdir(parents=True, exist_ok=True)
    for name, content in nested.items():
        (into / "infra" / name).write_bytes(content)
