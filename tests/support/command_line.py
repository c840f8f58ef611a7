"""Run `vtr` in this process, as a shell would with its output in a pipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from support.stub_api import StubApi
from vtr_cli.app import app

KEY = "vtr_k1_secret"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed where."""

    exit_code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """`vtr` with a state folder of its own."""

    home: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Ran:
        # A terminal's width or colours, where the tests run in one, are none of the command's.
        cleared = dict.fromkeys(("VTR_API_URL", "VTR_API_KEY", "COLUMNS", "FORCE_COLOR"))
        result = CliRunner().invoke(
            app,
            [str(argument) for argument in arguments],
            input=stdin,
            env={**cleared, "VTR_HOME": str(self.home), **self.environment},
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def speaking_to(self, api: StubApi) -> "CommandLine":
        return CommandLine(self.home, {"VTR_API_URL": api.url, "VTR_API_KEY": KEY})
