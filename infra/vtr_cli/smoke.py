"""``vtr smoke``: try a deployed stack from end to end, with one package."""

import typer

from vtr_cli.smoke_steps import Outcome, Result, Run, run_steps
from vtr_cli.target import JsonOption, StackOption, UrlOption, api_url, operator, ports_of
from vtr_client.console import messages, output, print_json, table

STYLES = {Outcome.OK: "green", Outcome.FAIL: "bold red", Outcome.SKIPPED: "dim"}


def smoke(*, json: JsonOption = False, url: UrlOption = None, stack: StackOption = None) -> None:
    """Try the stack: a key, an order, a signed scan, the rate, a report; then close all again.

    It takes a new account, and at most five minutes. The exit code is 1 when a step FAILs.
    """
    with ports_of(stack) as ports:
        run = Run(ports, url or api_url(stack), operator(stack))
        results = list(run_steps(run))
    failed = [result for result in results if result.outcome is Outcome.FAIL]
    if json:
        print_json({"passed": not failed, "steps": [result.document for result in results]})
    else:
        _print(results)
    raise typer.Exit(1 if failed else 0)


def _print(results: list[Result]) -> None:
    out = output()
    rows = table(out, ("", "Step", "Seconds", "Found", "To do"), numbers=("Seconds",))
    for result in results:
        style = STYLES[result.outcome]
        cells = (result.step, f"{result.seconds:.1f}", result.found, result.to_do)
        rows.add_row(result.outcome, *cells, style=style)
    out.print(rows)
    passed = all(result.outcome is Outcome.OK for result in results)
    messages().print("The stack works." if passed else "The stack does not work: see To do.")
