"""The command ``vtr``."""

import errno
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from vtr_cli import (
    carriers,
    cost,
    demo,
    doctor,
    erase,
    hold,
    keys,
    limits,
    logs,
    numbers,
    package,
    packages,
    protect,
    quarantine,
    rates,
    redrive,
    report,
    restore,
    rollback,
    scan,
    scans,
    smoke,
    source_trial,
    sources,
    stack,
    submit,
    waivers,
)
from vtr_client.console import messages
from vtr_client.errors import CommandError
from vtr_local.errors import LocalStackError
from vtr_local.home import Home

STACK = "The stack on this machine"
TRACKING = "Tracking"


class SentenceGroup(TyperGroup):
    """A command group that turns failures into a sentence on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            returned = super().invoke(ctx)
            sys.stdout.flush()
        except CommandError as error:
            fail(str(error), error.exit_code)
        except LocalStackError as error:
            fail(str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # The reader has seen enough; click ends the command silently.
            fail(_sentence(error))
        else:
            return returned


app = typer.Typer(
    cls=SentenceGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""VTR: the valid tracking rate of every seller, proven scan by scan.

    Begin with vtr demo, or with vtr up and the commands under Tracking. These speak to the local
    stack, or to the one that VTR_API_URL and VTR_API_KEY name.""",
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  typer passes the value alone
    if asked:
        typer.echo(f"vtr {version('vtr')}")
        raise typer.Exit


@app.callback()
def vtr(
    *,
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Hold the options of ``vtr`` itself."""


app.command(rich_help_panel=STACK)(stack.up)
app.command(rich_help_panel=STACK)(stack.down)
app.command(rich_help_panel=STACK)(stack.status)
app.command(rich_help_panel=STACK)(demo.demo)
app.command(rich_help_panel=STACK)(doctor.doctor)
app.command(rich_help_panel=STACK)(smoke.smoke)
app.command(rich_help_panel=STACK)(rollback.rollback)
app.command(rich_help_panel=STACK)(logs.logs)
app.command(rich_help_panel=STACK)(redrive.redrive)
app.add_typer(erase.app, name="erase", rich_help_panel=STACK)
app.command(rich_help_panel=STACK)(protect.protect)
app.add_typer(restore.app, name="restore", rich_help_panel=STACK)
app.command(rich_help_panel=STACK)(cost.cost)
app.add_typer(keys.app, name="keys", rich_help_panel=STACK)
app.command(rich_help_panel=STACK)(limits.limits)
app.add_typer(hold.app, name="hold", rich_help_panel=STACK)
app.add_typer(waivers.app, name="waivers", rich_help_panel=STACK)
sources.app.command("test")(source_trial.try_request)
app.add_typer(sources.app, name="sources", rich_help_panel=STACK)
app.command(rich_help_panel=TRACKING)(carriers.carriers)
app.add_typer(numbers.app, name="numbers", rich_help_panel=TRACKING)
app.command(rich_help_panel=TRACKING)(submit.submit)
app.command(rich_help_panel=TRACKING)(scan.scan)
scans.app.add_typer(quarantine.app, name="quarantine")
app.add_typer(scans.app, name="scans", rich_help_panel=TRACKING)
app.command(rich_help_panel=TRACKING)(rates.rates)
app.command(rich_help_panel=TRACKING)(packages.packages)
app.command(rich_help_panel=TRACKING)(package.package)
app.command(rich_help_panel=TRACKING)(report.report)


def _sentence(error: OSError) -> str:
    """Say what the system refused, and of which file."""
    if error.filename is None:
        # What is left of the output would be refused once more at the end, without a sentence.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  until the end
        return f"It could not be written: {error.strerror}."
    path, root = Path(os.fsdecode(error.filename)), Home.from_env().root
    sentence = f"{path} cannot be used: {error.strerror}."
    if path.is_relative_to(root) or root.is_relative_to(path):
        return f"{sentence} Name another folder for the local stack with VTR_HOME."
    return sentence


def fail(sentence: str, exit_code: int = 1) -> NoReturn:
    messages().print(sentence, style="red")
    raise typer.Exit(exit_code)


def main() -> None:
    app(prog_name="vtr")
